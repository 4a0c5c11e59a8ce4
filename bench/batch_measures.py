"""What `bench.batch` measures of courtois itself."""

import csv
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
from threadpoolctl import threadpool_limits

from bench.served import ROOT
from data.embedded import embedded_comments
from data.record import Comment
from model.encoder import sentence_encoder
from model.scorer import Scorer
from model.tier import FAST_MARK

CORPUS = ROOT.parent / "shared" / "corpora" / "unlabelled" / "youtube_comments.csv"
MFLOP_A_PIECE = 3.41
MFLOP_A_TEXT = 3.35
"""Multiplications and additions of the encoder's matrices in millions: projection and convolutions
for a piece (2 x 512 x 768 + 4 x 256 x (512 + 768 + 1280)), pooling and dense layers for a text
(2 x (1280 x 512 + 2 x 512 x 320 + 320 x 320 + 2 x 320 x 512 + 512 x 512))."""


def texts(count: int) -> tuple[list[str], str]:
    """Give real comments where the corpus is at hand, else embedded ones, and their name."""
    if CORPUS.exists():
        with CORPUS.open(newline="", encoding="utf-8") as file:
            found = [row["text"] for row in csv.DictReader(file) if row["text"].strip()]
        return found[:count], CORPUS.name
    return [comment.text for comment in embedded_comments()][:count], "embedded"


@contextmanager
def one_core() -> Iterator[None]:
    """Pin this process to its last core, and BLAS to one thread."""
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(usable)})
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        os.sched_setaffinity(0, usable)


def full_rate(scorer: Scorer, found: Sequence[str]) -> float:
    """Comments a CPU second through `Scorer.score_many`, in chunks as `courtois score` sends them."""
    comments = [Comment(text=text, id=str(i)) for i, text in enumerate(found)]
    with one_core():
        scorer.score_many(comments[:200])
        gc.collect()
        gc.freeze()  # as the processes of `courtois score` do
        begin = time.process_time()
        for start in range(0, len(comments), 250):
            scorer.score_many(comments[start : start + 250])
        return len(comments) / (time.process_time() - begin)


def tiers_compared(full: Scorer, fast: Scorer, found: Sequence[str]) -> tuple[float, float]:
    """Share of the comments that the fast tier hands to the encoder, and share of equal actions."""
    comments = [Comment(text=text, id=str(i)) for i, text in enumerate(found)]
    pairs = list(zip(full.score_many(comments), fast.score_many(comments), strict=True))
    asked = [not other.bundle.endswith(FAST_MARK) for _, other in pairs]
    return float(np.mean(asked)), float(np.mean([one.action == other.action for one, other in pairs]))


def pieces(found: Sequence[str]) -> list[int]:
    """Pieces that the encoder cuts each comment into."""
    encoder = sentence_encoder()
    cut = getattr(encoder, "_pieces").encode(list(found))  # noqa: B009 - the bench looks inside
    return [len(each) for each in cut]


def encoder_share(found: Sequence[str], cut: Sequence[int], turns: int = 9) -> tuple[float, float, float]:
    """GFLOP/s of the encoder, of a float32 matrix product of 2048³, and the share the first is of the second.

    All on one core, cutting into pieces included, medians of turns: each turn encodes a part of the
    comments and multiplies right after, since a machine that others use too is not as fast at all times.
    """
    encoder = sentence_encoder()
    matrix = np.random.default_rng(0).random((2048, 2048), np.float32)
    rates = []
    with one_core():
        encoder.encode(list(found[:200]))
        for turn in range(turns):
            part, operations = found[turn::turns], _gigaflop(cut[turn::turns])
            begin = time.process_time()
            for start in range(0, len(part), 250):
                encoder.encode(list(part[start : start + 250]))
            reached = operations / (time.process_time() - begin)
            peak = 2 * 2048**3 / 1e9 / min(_timed(matrix) for _ in range(3))
            rates.append((reached, peak, reached / peak))
    reached, peak, share = np.median(rates, axis=0).tolist()
    return reached, peak, share


def _gigaflop(cut: Sequence[int]) -> float:
    return (sum(cut) * MFLOP_A_PIECE + len(cut) * MFLOP_A_TEXT) / 1e3


def _timed(matrix: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> float:
    begin = time.process_time()
    matrix @ matrix
    return time.process_time() - begin


def single_ms(scorer: Scorer, found: Sequence[str]) -> tuple[float, float]:
    """Median and 99th percentile of `Scorer.score`, in milliseconds, warm."""
    comments = [Comment(text=text, id="1") for text in found]
    times = []
    with one_core():
        for number, comment in enumerate(comments):
            begin = time.perf_counter()
            scorer.score(comment)
            if number >= 50:
                times.append((time.perf_counter() - begin) * 1e3)
    return float(np.median(times)), float(np.percentile(times, 99))


def write_dump(path: Path, rows: int) -> None:
    """Write that many different comments, drawn alike wherever the dump ends.

    The corpus is shuffled, so that its first thousands are like the whole, and gone through again
    and again, each time with another number of three digits after each comment.
    """
    found, _ = texts(10**9)
    random.Random(0).shuffle(found)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "text"])
        for number in range(rows):
            turn = 100 + number // len(found) % 900
            out.writerow([number, f"{found[number % len(found)]} {turn}"])


class Run(NamedTuple):
    """A run of `courtois score`: elapsed and CPU seconds, peak megabytes (shared pages counted once)."""

    seconds: float
    cpu: float
    megabytes: float


def score_dump(rows: int, jobs: int) -> Run:
    """Run `courtois score`, CSV to Parquet."""
    with tempfile.TemporaryDirectory(prefix="courtois-bench-") as folder:
        dump = Path(folder) / "dump.csv"
        write_dump(dump, rows)
        out = Path(folder) / "out.parquet"
        arguments = ["score", str(dump), "-o", str(out), "--jobs", str(jobs), "--quiet"]
        begin, used = time.perf_counter(), _cpu_of_children()
        run = subprocess.Popen([sys.executable, str(ROOT / "app.py"), *arguments], cwd=ROOT)
        peak: list[float] = [0.0]
        watcher = threading.Thread(target=_watch, args=(run, peak))
        watcher.start()
        code = run.wait()
        seconds, cpu = time.perf_counter() - begin, _cpu_of_children() - used
        watcher.join()
        if code != 0:
            raise SystemExit(f"courtois score ended with {code}")
        counts = json.loads(Path(f"{out}.manifest.json").read_text("utf-8"))["counts"]
        if counts["scored"] != rows:
            raise SystemExit(f"{counts['scored']} of {rows} rows were scored")
    return Run(seconds, cpu, peak[0])


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(run: "subprocess.Popen[bytes]", peak: list[float]) -> None:
    while run.poll() is None:
        total = 0
        try:
            parent = psutil.Process(run.pid)
            for process in (parent, *parent.children(recursive=True)):
                total += process.memory_full_info().pss
        except psutil.Error:
            pass
        peak[0] = max(peak[0], total / 2**20)
        time.sleep(0.5)
