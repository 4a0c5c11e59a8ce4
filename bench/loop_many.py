"""Time and memory of one retraining on as many labels as a large newsroom gives in a year."""

import contextlib
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import psutil

from data.corpora import load_corpus
from data.errors import InputError
from data.exchange import export_labels
from data.record import Comment, Labels

MANY: Final = 100_000
ROOT: Final = Path(__file__).resolve().parent.parent
_SEED: Final = 0


def many_rows(count: int) -> list[Comment]:
    """``count`` labelled comments, resampled word by word from the corpora on this machine."""
    pool: list[Comment] = []
    for name in ("embedded", "mlma_fr", "ftr", "jigsaw_fr", "toxifrench", "cyberagression"):
        with contextlib.suppress(InputError):
            pool += [c for c in load_corpus(name) if c.labels.uncivil is not None]
    draw = random.Random(_SEED)
    rows = []
    for number in range(count):
        one, other = draw.sample(pool, 2)
        same = [c for c in (one, other) if c.labels.uncivil == one.labels.uncivil]
        words = " ".join(c.text for c in same).split()
        kept = [word for word in words if draw.random() > 0.15] or words
        rows.append(
            Comment(
                id=f"r{number}",
                text=" ".join(kept)[:600],
                thread_id=f"fil {number // 20}",
                labels=Labels(incivility=one.labels.uncivil),
            )
        )
    return rows


def retrain_many(count: int, work: Path) -> tuple[float, float]:
    """Minutes and peak memory, in MB and summed over processes, of a retraining on ``count`` rows."""
    rows = many_rows(count)
    export = work / "many.jsonl"
    export_labels(lambda: iter(rows), export)
    rows.clear()
    start = time.perf_counter()
    command = ["retrain", str(export), "--base", "shipped", "-o", str(work / "many")]
    peak = _watched([sys.executable, "-m", "app", *command])
    return (time.perf_counter() - start) / 60, peak


def _watched(command: list[str]) -> float:
    process = subprocess.Popen(command, cwd=ROOT, stdout=sys.stderr)
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            peak = max(peak, sum(_private(one) for one in family))
        time.sleep(0.5)
    if process.returncode not in (0, 1):
        raise InputError(f"the retraining ended with {process.returncode}")
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return max(peak, own) / 2**20


def _private(process: Any) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_full_info().pss)
    return 0
