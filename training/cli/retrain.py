"""``courtois retrain``: a candidate bundle from labelled exports."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.cli.progress import say, say_set_aside

if TYPE_CHECKING:  # the command's help must not wait for scikit-learn
    from data.record import Comment
    from model.bundle import Bundle
    from training.compare import Comparison


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = (
        "Adapt a bundle to labelled exports and compare it with its base, out of fold. The candidate is "
        "written in any case; exit 1 says that a head lost against the base or that rows were set aside."
    )
    parser.add_argument("exports", nargs="+", metavar="EXPORT", help="labelled CSV, JSONL or Parquet file")
    parser.add_argument(
        "--base",
        type=Path,
        metavar="BUNDLE",
        help="base bundle (default: the base of the one in use, or that one itself where it has none)",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="BUNDLE",
        help="also compare with this bundle, on labels later than its own (default: the one in use)",
    )
    parser.add_argument(
        "--allow-benchmark",
        action="store_true",
        help="keep rows that stand in a benchmark; figures on that benchmark then mean nothing",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder of the candidate"
    )
    parser.add_argument(
        "--doubts",
        metavar="FILE",
        help="also write the rows whose incivility label looks wrong, the worst first, to be read again",
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
    # read when numpy is imported: sums in another order would give other bytes
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from data.errors import InputError
    from data.exchange import COURTOIS, export_exchange
    from data.formats import STANDARD
    from model.bundle import check_output, load_bundle, save_bundle
    from model.installed import foundation, resolve
    from training.card import render_card
    from training.config import read_config
    from training.retrain import retrain

    config = read_config(args.config)
    check_output(args.output)
    if STANDARD in args.exports:
        raise InputError("stdin cannot be read twice", where=STANDARD, fix="save the export in a file")
    source = resolve(args.base) if args.base else foundation()
    if args.output.resolve() == source.resolve():
        raise InputError("is the base itself", where=str(args.output), fix="choose another output folder")
    base = load_bundle(source)
    rival = resolve(args.against)
    against = load_bundle(rival) if rival.resolve() != source.resolve() else None
    rows = _gathered(args)
    _warn_of_base(base, rows.comments)
    candidate = retrain(rows.comments, base, rows.corpora, config, say, against=against)
    manifest = save_bundle(candidate.bundle, args.output, render_card(candidate.bundle.manifest))
    print(_table(candidate.comparisons))
    for line in (*_later(manifest.metrics), *_doubts(manifest.metrics)):
        print(line)
    if args.doubts:
        written = export_exchange(lambda: candidate.doubted, args.doubts, form=COURTOIS, keep_all=True)
        say(f"wrote {written} rows to {args.doubts}")
    for lost in candidate.failed:
        print(f"gate failed: {lost.head} loses {-lost.difference:.3f} {lost.measure} against the base")
    say(f"wrote {manifest.full_name} to {args.output}")
    return 1 if candidate.failed or rows.set_aside else 0


@dataclass(frozen=True, slots=True)
class _Rows:
    comments: "list[Comment]"
    corpora: list[dict[str, Any]]
    set_aside: int


def _gathered(args: argparse.Namespace) -> _Rows:
    """Read the exports; copies and rows that are kept for evaluation are left out and counted."""
    from data.exchange import read_labelled
    from data.formats import Rejection, parse_mapping
    from training.dataset import describe
    from training.guard import find_evaluation_rows, kept_for_evaluation
    from training.splits import deduplicated

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
    clean, found = find_evaluation_rows(comments, kept_for_evaluation())
    for name, count in found.items():
        did = "KEPT: figures on it mean nothing" if args.allow_benchmark else "left out"
        say(f"WARNING: {count} rows stand in the evaluation corpus {name}; {did}")
    return _Rows(comments if args.allow_benchmark else clean, corpora, set_aside)


def _warn_of_base(base: "Bundle", comments: "Sequence[Comment]") -> None:
    from training.recent import unseen_rows

    seen = int((~unseen_rows(comments, base)).sum())
    if seen and base.manifest.base:
        say(
            f"WARNING: the base may have learnt from {seen} of these rows, and what it says of them "
            f"flatters it; start from {base.manifest.base} instead"
        )


def _later(metrics: "Mapping[str, Any]") -> list[str]:
    """What candidate and others are worth on later labels, one line each."""
    lines = []
    if latest := metrics.get("latest"):
        lines.append(
            f"latest {latest['n']} comments, trained on the {latest['trained_on']} before: incivility AUC "
            f"{latest['base']:.3f} -> {latest['candidate']:.3f}, "
            f"accuracy {latest['base_accuracy']:.3f} -> {latest['candidate_accuracy']:.3f}"
        )
    against = metrics.get("against") or {"heads": ()}
    for head in against["heads"]:
        lines.append(
            f"against {against['bundle']}, on {head['n']} labels later than its own: {head['head']} "
            f"{head['measure']} {head['base']:.3f} -> {head['candidate']:.3f}"
        )
    return lines


def _doubts(metrics: "Mapping[str, Any]") -> list[str]:
    """What came of the labels that look wrong, in one line where there are any."""
    doubts = metrics.get("doubts")
    if not doubts or not doubts["doubted"]:
        return []
    did = "they count less" if doubts["used"] else "counting them less does not help: they count in full"
    return [
        f"{doubts['doubted']} of {doubts['n']} incivility labels look wrong (--doubts FILE writes them); "
        f"{did}: AUC on the labels given {doubts['auc_before']:.3f} -> {doubts['auc_after']:.3f}"
    ]


def _table(comparisons: "Sequence[Comparison]") -> str:
    from training.blind import EACH, ENOUGH

    lines = [
        f"{'head':<18}{'n':>7}  {'measure':<9}{'base':>7}{'candidate':>11}  difference [95 %]        labels"
    ]
    for c in comparisons:
        low, high = c.interval
        lines.append(
            f"{c.head:<18}{c.n:>7}  {c.measure:<9}{c.base:>7.3f}{c.candidate:>11.3f}  "
            f"{c.difference:+.3f} [{low:+.3f}, {high:+.3f}]  "
            + (f"{c.n} blind" if c.on_blind else f"all, {c.blind} blind")
        )
    if not all(c.on_blind for c in comparisons):
        lines.append(
            f"with {ENOUGH} blind labels, {EACH} of each value, a head is compared on them alone: "
            "labels not drawn by lot may flatter the candidate"
        )
    return "\n".join(lines)
