"""How fast dumps are scored: ``python -m bench.batch``; the last line is one JSON object.

Rates are comments a CPU second on one core, so that other work on the machine does not count.
A figure is null where what it needs is not there; the table says what.
"""

import argparse
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from bench import batch_measures as measure
from bench.served import ROOT
from data.embedded import embedded_comments
from model.scorer import Scorer

OUT = ROOT / "bench" / "out" / "batch.json"
NAMES = (
    "full_per_s",
    "xlmr_ratio",
    "fast_per_s",
    "fasttext_ratio",
    "fast_auc_loss",
    "fast_actions_equal",
    "speedup_2",
    "million_minutes",
    "million_peak_mb",
    "single_ms_median",
    "single_ms_p99",
    "gemm_share",
)


def main() -> int:
    """Measure, print a table and the figures."""
    args = _arguments()
    figures: dict[str, Any] = dict.fromkeys(NAMES)
    found, corpus = measure.texts(args.comments)
    scorer = Scorer.load(args.bundle)
    cut = measure.pieces(found)
    _row("comments", f"{len(found):,} of {corpus}, {np.mean(cut):.1f} pieces each")
    figures["full_per_s"] = round(measure.full_rate(scorer, found), 1)
    _row("full tier, one core", f"{figures['full_per_s']:,.0f} comments/s")
    reached, peak, share = measure.encoder_share(found, cut)
    figures["gemm_share"] = round(100 * share, 1)
    _row("encoder", f"{reached:.1f} of {peak:.1f} GFLOP/s, {figures['gemm_share']} %")
    median, late = measure.single_ms(scorer, found[: args.singles + 50])
    figures["single_ms_median"], figures["single_ms_p99"] = round(median, 2), round(late, 2)
    _row("one comment, warm", f"median {median:.2f} ms, 99 % within {late:.2f} ms")
    _peers(args, figures, found, cut)
    _fast(args, figures, scorer, found)
    _dumps(args, figures)
    _workers(figures)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(figures)
    OUT.write_text(line + "\n", encoding="utf-8")
    print(line)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.batch", description=__doc__)
    parser.add_argument("--comments", type=int, default=4_000, help="for the rates on one core (4000)")
    parser.add_argument("--singles", type=int, default=400, help="comments scored one by one (400)")
    parser.add_argument("--peer-comments", type=int, default=128, help="for XLM-R (128)")
    parser.add_argument("--rows", type=int, default=10_000, help="of the dump for one against two (10000)")
    parser.add_argument("--million", action="store_true", help="score 10^4, 10^5 and 10^6 rows too")
    parser.add_argument("--bundle", type=Path, help="model bundle (default: the one in use)")
    parser.add_argument("--peers", metavar="PYTHON", help="Python of bench/requirements.txt")
    return parser.parse_args()


def _peers(
    args: argparse.Namespace, figures: dict[str, Any], found: Sequence[str], cut: Sequence[int]
) -> None:
    some = cut[:: max(1, len(cut) // args.peer_comments)][: args.peer_comments]
    xlmr = _peer(args.peers, "peer_xlmr.py", "\n".join(map(str, some)))
    if xlmr:
        figures["xlmr_ratio"] = round(figures["full_per_s"] / xlmr["per_s"], 1)
        size = f"{xlmr['parameters'] / 1e6:.0f} M parameters"
        _row(
            f"XLM-R, {size}", f"{xlmr['per_s']:.1f} comments/s: we are {figures['xlmr_ratio']} times as fast"
        )
    train, test = _held_out()
    fasttext = _peer(
        args.peers,
        "peer_fasttext.py",
        json.dumps(
            {
                "train": [text for text, _ in train],
                "labels": [label for _, label in train],
                "texts": list(found),
                "test": [text for text, _ in test],
            }
        ),
    )
    if fasttext:
        figures["fasttext_per_s"] = round(fasttext["per_s"])
        figures["fasttext_auc"] = round(
            float(roc_auc_score([label for _, label in test], fasttext["chances"])), 4
        )
        _row("fastText with subwords", f"{fasttext['per_s']:,.0f} comments/s, AUC {figures['fasttext_auc']}")


def _held_out() -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Embedded comments by thread: every fifth thread is the test."""
    threads: dict[str, int] = {}
    sides: tuple[list[tuple[str, int]], list[tuple[str, int]]] = ([], [])
    for comment in embedded_comments():
        if comment.labels.uncivil is not None:
            place = threads.setdefault(comment.thread_id or comment.id, len(threads))
            sides[place % 5 == 0].append((comment.text, comment.labels.uncivil))
    return sides


def _peer(python: str | None, script: str, given: str) -> dict[str, Any] | None:
    if not python:
        _row(script, "null: no --peers PYTHON; see bench/requirements.txt")
        return None
    command = [python, str(ROOT / "bench" / script)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["it failed"]
        _row(script, f"null: {reason[0][:90]}")
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _fast(args: argparse.Namespace, figures: dict[str, Any], scorer: Scorer, found: Sequence[str]) -> None:
    """Measure the fast tier; what it costs is the bundle's own figure, of comments that fitted no part."""
    if scorer.bundle.fast is None:
        _row("fast tier", "null: this bundle has none")
        return
    fast = Scorer(scorer.bundle, tier="fast")
    figures["fast_per_s"] = round(measure.full_rate(fast, found), 1)
    _row("fast tier, one core", f"{figures['fast_per_s']:,.0f} comments/s")
    share, equal = measure.tiers_compared(scorer, fast, found)
    _row("fast tier on these comments", f"{share:.1%} to the encoder, {equal:.1%} of actions equal")
    heldout = scorer.bundle.manifest.tiers["fast"]["heldout"]
    figures["fast_auc_loss"] = heldout["auc_loss"]
    figures["fast_actions_equal"] = round(1 - heldout["actions_differ"], 4)
    _row(
        f"fast tier held out, {heldout['n']:,} comments",
        f"{heldout['encoded']:.1%} to the encoder, {figures['fast_actions_equal']:.1%} of actions equal,"
        f" AUC lower by {heldout['auc_loss']}",
    )
    if "fasttext_per_s" in figures:
        figures["fasttext_ratio"] = round(figures["fast_per_s"] / figures["fasttext_per_s"], 3)
        _row("fast tier against fastText", f"{figures['fasttext_ratio']} times its speed")


def _dumps(args: argparse.Namespace, figures: dict[str, Any]) -> None:
    # What a start costs is measured with few rows and taken off both sides; the best of several runs, since
    # what else the machine does only ever adds.
    def best(rows: int, jobs: int, times: int) -> measure.Run:
        runs = [measure.score_dump(rows, jobs) for _ in range(times)]
        seconds, cpu, megabytes = zip(*runs, strict=True)
        return measure.Run(min(seconds), min(cpu), max(megabytes))

    start = {jobs: best(300 * jobs, jobs, 3) for jobs in (1, 2)}
    one, two = (best(args.rows, jobs, 3).seconds - start[jobs].seconds for jobs in (1, 2))
    figures["speedup_2"] = round(one / two, 2)
    _row(
        f"{args.rows:,} rows, one and two processes", f"{one:.1f} s and {two:.1f} s, {figures['speedup_2']} x"
    )
    if not args.million:
        _row("1,000,000 rows", "null: no --million")
        return
    growth = []
    for rows, times in ((10_000, 3), (100_000, 2), (1_000_000, 1)):
        run = best(rows, 2, times)
        growth.append(1e6 * (run.cpu - start[2].cpu) / rows)
        _row(f"{rows:,} rows, two processes", f"{run.seconds / 60:.2f} min, peak {run.megabytes:.0f} MB")
        figures["million_minutes"] = round(run.seconds / 60, 2)
        figures["million_peak_mb"] = round(run.megabytes)
    _row("CPU microseconds a row as the dump grows", ", ".join(f"{each:.0f}" for each in growth))
    _row("1,000,000 rows against 10,000", f"{growth[-1] / growth[0] - 1:+.1%} a row")


def _workers(figures: dict[str, Any]) -> None:
    """How many cores score a billion comments, for docs/scale.md."""
    rate = figures["full_per_s"] * min(1.0, (figures["speedup_2"] or 2) / 2)
    for name, hours in (("a day", 24), ("a week", 168)):
        _row(f"cores for a billion comments in {name}", f"{np.ceil(1e9 / rate / 3600 / hours):.0f}")


def _row(name: str, value: str) -> None:
    print(f"{name:<48} {value}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
