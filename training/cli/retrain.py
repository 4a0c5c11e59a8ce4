"""``courtois retrain``: a candidate bundle from labelled exports."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from training.cli.progress import say, say_set_aside

if TYPE_CHECKING:  # the command's help must not wait for scikit-learn
    from data.record import Comment
    from training.compare import Comparison


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = (
        "Adapt a bundle to labelled exports and compare it with its base, out of fold. The candidate is "
        "written in any case; exit 1 says that a head lost against the base or that rows were set aside."
    )
    parser.add_argument("exports", nargs="+", metavar="EXPORT", help="labelled CSV, JSONL or Parquet file")
    parser.add_argument("--base", type=Path, metavar="DIR", help="base bundle (default: the shipped one)")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder of the candidate"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file of hyper-parameters")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="where a field has another name; repeatable",
    )


def run(args: argparse.Namespace) -> int:
    """Retrain, write the candidate, print the comparison."""
    from data.errors import InputError
    from data.exchange import read_labelled
    from data.formats import STANDARD, Rejection, parse_mapping
    from model.bundle import SHIPPED, check_output, load_bundle, save_bundle
    from training.card import render_card
    from training.config import read_config
    from training.dataset import describe
    from training.retrain import retrain
    from training.splits import deduplicated

    config = read_config(args.config)
    check_output(args.output)
    if STANDARD in args.exports:
        raise InputError("stdin cannot be read twice", where=STANDARD, fix="save the export in a file")
    source = args.base or SHIPPED
    if args.output.resolve() == source.resolve():
        raise InputError("is the base itself", where=str(args.output), fix="choose another output folder")
    base = load_bundle(source)
    mapping = parse_mapping(args.map)
    rows: list[Comment] = []
    corpora, set_aside = [], 0
    for path in map(Path, args.exports):
        before = len(rows)
        for row in read_labelled(path, mapping=mapping):
            if isinstance(row, Rejection):
                set_aside += 1
                say_set_aside(row)
            elif row.labels:
                rows.append(row)
        corpora.append(describe(path) | {"rows": len(rows) - before})
    comments = deduplicated(rows)
    say(f"{len(comments)} labelled comments, {len(rows) - len(comments)} duplicates left out")
    candidate = retrain(comments, base, corpora, config, say)
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
