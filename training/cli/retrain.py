"""``courtois retrain``: a candidate bundle from labelled exports."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from training.cli.progress import say

if TYPE_CHECKING:  # the command's help must not wait for scikit-learn
    from training.compare import Comparison


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = (
        "Adapt a bundle to labelled exports and compare it with its base, out of fold. The candidate is "
        "written in any case; exit 1 says that a head lost against the base or that rows were set aside."
    )
    parser.add_argument("exports", nargs="+", metavar="EXPORT", help="labelled CSV, JSONL or Parquet file")
    parser.add_argument("--base", type=Path, metavar="DIR", help="base bundle (default: the shipped one)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="folder of the candidate")
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file of hyper-parameters")
    parser.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="where a field has another name; repeatable"
    )


def run(args: argparse.Namespace) -> int:
    """Retrain, write the candidate, print the comparison."""
    from data.exchange import read_labelled
    from data.formats import Rejection, parse_mapping
    from model.bundle import SHIPPED, load_bundle, save_bundle
    from training.card import render_card
    from training.config import read_config
    from training.dataset import describe
    from training.retrain import retrain
    from training.splits import deduplicated

    config = read_config(args.config)
    base = load_bundle(args.base or SHIPPED)
    mapping = parse_mapping(args.map)
    rows, set_aside = [], 0
    for path in map(Path, args.exports):
        for row in read_labelled(path, mapping=mapping):
            if isinstance(row, Rejection):
                set_aside += 1
                print(f"set aside: {row.where}: column {row.column}: {row.reason}", file=sys.stderr)
            elif row.labels:
                rows.append(row)
    comments = deduplicated(rows)
    say(f"{len(comments)} labelled comments, {len(rows) - len(comments)} duplicates left out")
    candidate = retrain(comments, base, [describe(Path(p)) for p in args.exports], config, say)
    manifest = save_bundle(candidate.bundle, args.output, render_card(candidate.bundle.manifest))
    print(_table(candidate.comparisons))
    for lost in candidate.failed:
        print(f"gate failed: {lost.head} loses {-lost.difference:.3f} {lost.measure} against the base")
    say(f"wrote {manifest.full_name} to {args.output}")
    return 1 if candidate.failed or set_aside else 0


def _table(comparisons: "Sequence[Comparison]") -> str:
    lines = [f"{'head':<18}{'n':>7}  {'measure':<9}{'base':>7}{'candidate':>11}  difference [95 %]"]
    for c in comparisons:
        low, high = c.interval
        lines.append(
            f"{c.head:<18}{c.n:>7}  {c.measure:<9}{c.base:>7.3f}{c.candidate:>11.3f}  "
            f"{c.difference:+.3f} [{low:+.3f}, {high:+.3f}]"
        )
    return "\n".join(lines)
