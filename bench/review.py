"""The moderators' workbench under load: ``python -m bench.review``; the last line is one JSON object.

Three benches, each in a process of its own so that none pays for another's memory: keys in a real
Chromium on a large queue, six moderators while everything is killed, and the large queue's store.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
OUT: Final = ROOT / "bench" / "out" / "review.json"
PARTS: Final = ("team", "queue", "keys")
LIMITS: Final = {
    "lost": 0,
    "double": 0,
    "key_ms_median": 50,
    "key_ms_p95": 150,
    "queue_first_page_s": 1.5,
    "queue_filter_s": 1.0,
    "app_peak_mb": 600,
}
"""Most that each figure may be."""


def main() -> int:
    """Measure, print a table and the figures; 1 when a figure is past its limit."""
    args = _arguments()
    options = {
        "team": {"decisions": args.decisions},
        "queue": {"rows": args.rows},
        "keys": {"comments": args.keys, "rows": args.rows},
    }
    if args.part:
        print(json.dumps(_measure(args.part, options[args.part])))
        return 0
    parts = {part: _in_a_process(part) for part in PARTS}
    for part, found in parts.items():
        for name, value in found.items():
            print(f"{part:<6} {name:<26} {value}")
    figures = summary(parts)
    for name, value in figures.items():
        limit = f"at most {LIMITS[name]}" if name in LIMITS else ""
        print(f"{name:<33} {value:<12} {limit}")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(figures | {"parts": parts}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures))
    return int(any(figures[name] > most for name, most in LIMITS.items()))


def summary(parts: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Figures of the whole: decisions of every run, and what was lost or doubled in any.

    >>> team = {"decisions_sqlite": 6, "decisions_postgresql": 6, "lost": 0, "double": 0}
    >>> queue = {"queue_first_page_s": 0.5, "queue_filter_s": 0.1, "store_peak_mb": 99}
    >>> keys = {"keys_in_database": 5, "keys_lost": 1, "keys_double": 0, "keys_unseen": 0}
    >>> keys |= {"key_to_next_ms_median": 9.0, "key_to_next_ms_p95": 20.0, "app_peak_mb": 250}
    >>> summary({"team": team, "queue": queue, "keys": keys})["decisions"]
    17
    """
    team, queue, keys = parts["team"], parts["queue"], parts["keys"]
    return {
        "decisions": keys["keys_in_database"] + sum(v for k, v in team.items() if k.startswith("decisions_")),
        "lost": team["lost"] + keys["keys_lost"],
        "double": team["double"] + keys["keys_double"] + keys["keys_unseen"],
        "key_ms_median": keys["key_to_next_ms_median"],
        "key_ms_p95": keys["key_to_next_ms_p95"],
        "queue_first_page_s": queue["queue_first_page_s"],
        "queue_filter_s": queue["queue_filter_s"],
        "app_peak_mb": max(keys["app_peak_mb"], queue["store_peak_mb"]),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.review", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="comments in the large queue (200000)")
    parser.add_argument("--keys", type=int, default=500, help="comments decided by keys (500)")
    parser.add_argument("--decisions", type=int, default=1_200, help="of the team, on each database (1200)")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(part: str, options: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = importlib.import_module(f"bench.review_{part}").measure(**options)
    return found


def _in_a_process(part: str) -> dict[str, Any]:
    print(f"measuring: {part}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "bench.review", *sys.argv[1:], "--part", part]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench.review: {part} failed with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    raise SystemExit(main())
