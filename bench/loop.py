"""``make bench-loop``: the whole loop on real data, from a moderator's decisions to the next bundle.

The first 50, 100, 200 and 499 labels of ``toxifrench``, shuffled, arrive as decisions through a
scratch store; they are exported, retrained on, gated and promoted in a scratch registry, and each
candidate is measured on ``toxifrench_benchmark``. The last line is one JSON object, also in
``bench/out/loop.json``:
``curve`` (``k``, ``accuracy``, ``auc``, ...), ``noise`` (the same with 30 % of the labels turned round),
``peers`` (published systems, each with ``labels_to_pass``), ``active_vs_random``,
``retrain_100k_minutes``, ``retrain_100k_peak_mb``, and with ``--all-labels`` ``all_labels``: a
cross-validated figure that is no benchmark's, see `bench.loop_all`.
"""

import argparse
import contextlib
import io
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from app import main as courtois
from bench.loop_all import all_labels
from bench.loop_many import MANY, retrain_many
from bench.loop_pages import labels_to_pass, write_pages
from data.corpora import load_corpus, peer_predictions
from data.errors import CourtoisError, InputError
from data.record import Comment, Labels
from data.store import Store
from model.bundle import load_bundle
from model.installed import SHIPPED, current, resolve
from model.manifest import read_manifest
from model.promotions import ENVIRONMENT
from model.scorer import Scorer
from training.cli.progress import say
from training.metrics import binary_figures
from training.report_peers import compare
from training.simulate import simulate

ROOT: Final = Path(__file__).resolve().parent.parent
STEPS: Final = (50, 100, 200, 499)
NOISE: Final = 0.3
SIMULATED: Final = ("mlma_fr", "ftr", "embedded")
SIMULATIONS: Final = 12
"""Seeds of the replay: with three the labels needed are luck, give or take two hundred."""

_SEED: Final = 0


def measured(scorer: Scorer, rows: Sequence[Comment]) -> dict[str, float]:
    """Accuracy at the bundle's own threshold, AUC and calibration of incivility, with intervals."""
    gold = [int(c.labels.uncivil or 0) for c in rows]
    chances = [j.incivility for j in scorer.score_many(rows)]
    figures = binary_figures(gold, chances, scorer.thresholds["p_uncivil"])
    kept = ("accuracy", "auc", "ece")
    return {n: figures[n] for n in kept} | {f"{n}_ci95": figures["ci95"][n] for n in kept[:2]}


def loop(
    labels: Sequence[Comment], benchmark: Sequence[Comment], steps: Sequence[int], work: Path
) -> list[dict[str, Any]]:
    """Run the loop at each step and measure what it leads to; a candidate that is refused stays out."""
    os.environ[ENVIRONMENT] = str(work / "bundles")
    url, export = str(work / "store.sqlite3"), str(work / "labels.jsonl")
    shipped = Scorer.load(None)
    curve = [{"k": 0, **measured(shipped, benchmark), "bundle": shipped.bundle_name, "promoted": True}]
    with Store.open(url) as store:
        unlabelled = [replace(c, labels=Labels()) for c in labels[: max(steps)]]
        judgements = shipped.score_many(unlabelled)
        store.add_scored((c, j.columns()) for c, j in zip(unlabelled, judgements, strict=True))
    done = 0
    for k in steps:
        with Store.open(url) as store:
            for comment in labels[done:k]:
                store.decide(
                    comment.id,
                    "reject" if comment.labels.uncivil else "approve",
                    moderator="banc",
                    version=store.item(comment.id).version,
                )
        done = k
        start = time.perf_counter()
        ran("labels", "export", "--store", url, "-o", export)
        candidate = work / f"candidate-{k}"
        ran("retrain", export, "-o", str(candidate))
        code, shown = ran("model", "promote", str(candidate))
        seconds = time.perf_counter() - start
        print(shown, file=sys.stderr)
        scorer = Scorer.load(candidate)
        used = read_manifest(current()).full_name
        lost = [line.split()[0] for line in shown.splitlines() if " LOST " in line]
        row = {"k": k, **measured(scorer, benchmark), "bundle": scorer.bundle_name}
        curve.append(
            row | {"promoted": code == 0, "lost": lost, "in_use": used, "seconds": round(seconds, 1)}
        )
    return curve


def ran(*arguments: str) -> tuple[int, str]:
    """Run ``courtois`` as a user would; 2 is an error of this bench."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        code = courtois(arguments)
    if code == 2:
        raise InputError(f"courtois {' '.join(arguments[:2])} failed")
    return code, shown.getvalue()


def with_noise(labels: Sequence[Comment], share: float) -> list[Comment]:
    """Turn ``share`` of the incivility labels round, drawn with a fixed seed."""
    wrong = set(random.Random(_SEED).sample(range(len(labels)), round(share * len(labels))))
    return [
        replace(c, labels=Labels(incivility=1 - int(c.labels.uncivil or 0))) if i in wrong else c
        for i, c in enumerate(labels)
    ]


def arriving(labels: Sequence[Comment]) -> list[Comment]:
    """Put the labels in a shuffled order: the file has all of one verdict, then all of the other."""
    order = list(labels)
    random.Random(_SEED).shuffle(order)
    return order


def active_vs_random() -> dict[str, Any] | None:
    """Labels that choosing needs for the accuracy of 1,000 random ones, by corpus that is large enough."""
    base, found = load_bundle(SHIPPED), {}
    for name in SIMULATED:
        with contextlib.suppress(InputError):
            found[name] = simulate(load_corpus(name), base, seeds=SIMULATIONS, progress=say).as_dict()
    return found or None


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, write; 2 with one line where the corpora are not on this machine."""
    parser = argparse.ArgumentParser(prog="python -m bench.loop", description="Measure the learning loop.")
    parser.add_argument("--many", type=int, default=0, metavar="N", help=f"also time N rows, such as {MANY}")
    parser.add_argument(
        "--all-labels",
        action="store_true",
        help="also cross-validate over annotated and benchmark rows together; for information",
    )
    parser.add_argument("--no-docs", action="store_true", help="leave docs/learning-curve.* as they are")
    args = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="courtois-loop-") as folder:
            result = _measure_all(Path(folder), args.many, every=args.all_labels)
    except CourtoisError as error:
        print(f"bench-loop: {error}", file=sys.stderr)
        return 2
    out = ROOT / "bench" / "out" / "loop.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(result, ensure_ascii=False, allow_nan=False)
    out.write_text(line + "\n", encoding="utf-8")
    if not args.no_docs:
        write_pages(result, ROOT / "docs")
    for row in result["curve"]:
        print(f"k {row['k']:>4}  accuracy {row['accuracy']:.3f}  auc {row['auc']:.3f}  {row['bundle']}")
    print(line)
    return 0


def _measure_all(work: Path, many: int, *, every: bool = False) -> dict[str, Any]:
    labels, benchmark = arriving(load_corpus("toxifrench")), load_corpus("toxifrench_benchmark")
    steps = [k for k in STEPS if k <= len(labels)]
    for name in ("clean", "noisy", "many", "all"):
        (work / name).mkdir()
    curve = loop(labels, benchmark, steps, work / "clean")
    noisy = loop(with_noise(labels, NOISE), benchmark, steps[-1:], work / "noisy")[-1]
    scorer = Scorer.load(resolve(work / "clean" / f"candidate-{steps[-1]}"))
    judged = scorer.score_many(benchmark)
    table = compare(
        benchmark,
        np.array([c.labels.uncivil for c in benchmark], np.float64),
        np.array([j.incivility for j in judged]),
        scorer.thresholds["p_uncivil"],
        peer_predictions(),
    )
    minutes, peak = retrain_many(many, work / "many") if many else (None, None)
    return {
        "curve": curve,
        "noise": {
            "share": NOISE,
            **noisy,
            "accuracy_lost": round(curve[-1]["accuracy"] - noisy["accuracy"], 4),
            "auc_lost": round(curve[-1]["auc"] - noisy["auc"], 4),
        },
        "peers": [
            peer | {"labels_to_pass": labels_to_pass(curve, peer["accuracy"])}
            for peer in (table["peers"] if table else ())
        ],
        "all_labels": all_labels(labels, benchmark, work / "all", ran) if every else None,
        "active_vs_random": active_vs_random(),
        "retrain_100k_minutes": round(minutes, 2) if minutes and many >= MANY else None,
        "retrain_100k_peak_mb": round(peak) if peak and many >= MANY else None,
    }


if __name__ == "__main__":
    sys.exit(main())
