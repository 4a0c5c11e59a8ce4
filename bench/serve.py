"""How the HTTP service bears load: ``python -m bench.serve``; the last line is one JSON object."""

import argparse
import asyncio
import json
import os
import tempfile
import time
from pathlib import Path

from bench.hostile import attack
from bench.load import at_rate, highest, one_at_a_time, request
from bench.served import ROOT, Served, serving
from data.embedded import embedded_comments

OUT = ROOT / "bench" / "out" / "serve.json"
LATE = 800.0
"""Milliseconds after which Coral gives up."""


def main() -> int:
    """Measure, print a table and the figures; 1 when a request was lost or answered wrongly."""
    args = _arguments()
    requests = [request(c.text[:1_000]) for c in embedded_comments()[:2_000]]
    workers = ["--workers", str(args.workers)] if args.workers else []
    bundle = ["--bundle", args.bundle] if args.bundle else []
    figures: dict[str, float | int] = {}
    with (
        tempfile.TemporaryDirectory(prefix="courtois-bench-") as folder,
        serving(Path(folder), *workers, *bundle) as served,
    ):
        asyncio.run(at_rate(served.port, 20, 3, requests))  # the first requests of each process
        _steady(served, args, requests, figures)
        _most(served, args, requests, figures)
        _soak(served, args, requests, figures)
        _hostile(served, args, figures)
        _row("memory of all processes", f"{served.megabytes():.0f} MB")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(figures)
    OUT.write_text(line + "\n", encoding="utf-8")
    print(line)
    return int(figures["errors"] > 0 or figures["hostile_unexpected"] > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.serve", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="at 50 requests/s (60)")
    parser.add_argument(
        "--step", type=float, default=6, help="seconds of each trial for the highest rate (6)"
    )
    parser.add_argument("--soak", type=float, default=120, help="seconds at the highest rate (120)")
    parser.add_argument("--hostile", type=int, default=10_000, help="hostile requests (10000)")
    parser.add_argument("--workers", type=int, help="processes (default: number of CPUs)")
    parser.add_argument("--bundle", help="model bundle (default: the one in use)")
    return parser.parse_args()


def _steady(
    served: Served, args: argparse.Namespace, requests: list[bytes], figures: dict[str, float | int]
) -> None:
    outcome = asyncio.run(at_rate(served.port, 50, args.seconds, requests))
    p50, p95, p99 = (outcome.quantile(q) for q in (0.5, 0.95, 0.99))
    _row(f"50 requests/s, {args.seconds:g} s", f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms")
    _row("errors", json.dumps(outcome.errors) if outcome.errors else "0")
    figures |= {"p99_ms_50rps": round(p99, 1), "errors": outcome.failed}


def _most(
    served: Served, args: argparse.Namespace, requests: list[bytes], figures: dict[str, float | int]
) -> None:
    single = asyncio.run(one_at_a_time(served.port, args.step, requests))
    _row("one comment at a time", f"{single:.0f} requests/s")

    def works(rate: float) -> bool:
        return trial(rate) or trial(rate)  # a neighbour's burst must not decide

    def trial(rate: float) -> bool:
        outcome = asyncio.run(at_rate(served.port, rate, args.step, requests))
        p99 = outcome.quantile(0.99)
        fine = not outcome.failed and p99 < LATE and outcome.seconds < args.step + 1
        _row(
            f"  {rate:.0f} requests/s",
            f"p99 {p99:.0f} ms, errors {outcome.failed}{'' if fine else ', too much'}",
        )
        time.sleep(1)
        return fine

    rate = highest(works, single)
    _row("highest rate with p99 < 800 ms", f"{rate:.0f} requests/s, {rate / single:.2f} times one at a time")
    figures |= {"max_rps_p99_800": round(rate, 1), "ratio_to_one_at_a_time": round(rate / single, 2)}


def _soak(
    served: Served, args: argparse.Namespace, requests: list[bytes], figures: dict[str, float | int]
) -> None:
    rate = max(1.0, 0.9 * figures["max_rps_p99_800"])
    before = served.megabytes()
    outcome = asyncio.run(at_rate(served.port, rate, args.soak, requests))
    grown = served.megabytes() - before
    _row(f"soak at {rate:.0f} requests/s, {args.soak:g} s", f"p99 {outcome.quantile(0.99):.0f} ms")
    _row("  memory", f"{before:.0f} MB, {grown:+.1f} MB")
    _row("  lost or refused", json.dumps(outcome.errors) if outcome.errors else "0")
    figures |= {"soak_mb_growth": round(grown, 1), "soak_errors": outcome.failed}


def _hostile(served: Served, args: argparse.Namespace, figures: dict[str, float | int]) -> None:
    before, logged = served.workers(), served.tracebacks()
    found = asyncio.run(attack(served.port, args.hostile))
    unexpected = sum(n for kind, n in found.items() if kind.startswith("!"))
    unexpected += served.tracebacks() - logged + len(set(before) ^ set(served.workers()))
    for kind, number in sorted(found.items()):
        _row(f"  {kind}", str(number))
    _row(f"hostile requests: {args.hostile}", f"unexpected: {unexpected}")
    figures |= {"hostile_sent": sum(found.values()), "hostile_unexpected": unexpected}


def _row(name: str, value: str) -> None:
    print(f"{name:<44} {value}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    raise SystemExit(main())
