"""``courtois migrate``: move a site from Perspective to courtois, with figures to decide by."""

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InputError

if TYPE_CHECKING:  # the command's help must not wait for scikit-learn
    from model.batch import Factory


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the platforms and their options."""
    platforms = parser.add_subparsers(dest="platform", required=True, metavar="PLATFORM")
    coral = platforms.add_parser(
        "coral",
        help="compare scores on a Coral export and propose a threshold",
        description="Score a Coral export, compare with the Perspective scores in it, propose a threshold, "
        "and write a report in French with the list of comments that would flip. Exit 1 says that records "
        "were set aside.",
    )
    coral.add_argument(
        "dumps",
        nargs="+",
        metavar="DUMP",
        help="mongoexport of comments, commentModerationActions, commentActions: JSON Lines or array,"
        " plain, .gz or .zst",
    )
    coral.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder of the results"
    )
    coral.add_argument("--bundle", type=Path, metavar="DIR", help="model bundle (default: the one in use)")
    coral.add_argument(
        "--threshold", type=_share, default=0.80, metavar="T", help="Coral's threshold so far (default: 0.80)"
    )
    coral.add_argument(
        "--keep",
        choices=("hold-rate", "recall"),
        default="hold-rate",
        help="what the new threshold shall keep: the share of comments held, or the share of the comments "
        "rejected by moderators that is held (default: %(default)s)",
    )
    coral.add_argument(
        "--hold-rate", type=_share, metavar="SHARE", help="share to hold instead, such as 0.02 or 2%%"
    )
    coral.add_argument(
        "--pace", type=_positive, default=80.0, metavar="N", help="comments a moderator reads an hour (80)"
    )
    coral.add_argument(
        "--per-day", type=_positive, metavar="N", help="comments a day, when the export is a sample"
    )
    coral.add_argument(
        "--attribute", default="TOXICITY", metavar="NAME", help="attribute Coral will ask for (TOXICITY)"
    )
    coral.add_argument(
        "--old-model", metavar="NAME", help="Perspective model to compare with (default: the commonest)"
    )
    coral.add_argument(
        "--examples", type=int, default=8, metavar="N", help="comments quoted in the report each way (8)"
    )
    coral.add_argument("--no-text", action="store_true", help="write no comment's text anywhere")
    coral.add_argument("--list", choices=("csv", "jsonl"), default="csv", help="format of the list (csv)")
    coral.add_argument("--jobs", type=int, metavar="N", help="processes (default: number of CPUs)")


def run(args: argparse.Namespace, *, factory: "Factory | None" = None) -> int:
    """Carry out the study; exit 1 when records were set aside."""
    from model.batch import load_scorer
    from model.installed import resolve
    from training.cli.progress import say
    from training.migration.figures import Wishes
    from training.migration.gather import ATTRIBUTES
    from training.migration.run import MOST_EXAMPLES, REPORT, Study, study

    attribute = args.attribute.removesuffix("_EXPERIMENTAL")
    if attribute not in ATTRIBUTES:
        raise InputError(
            f"{args.attribute!r:.40} is not served", where="--attribute", fix=f"use {', '.join(ATTRIBUTES)}"
        )
    if not 0 <= args.examples <= MOST_EXAMPLES:
        raise InputError(
            f"{args.examples} is out of range", where="--examples", fix=f"give 0 to {MOST_EXAMPLES}"
        )
    if args.jobs is not None and args.jobs < 1:
        raise InputError(f"{args.jobs} is no number of processes", where="--jobs", fix="use 1 or more")
    order = Study(
        paths=args.dumps,
        output=args.output,
        wishes=Wishes(
            threshold=args.threshold,
            keep=args.keep,
            hold_rate=args.hold_rate,
            pace=args.pace,
            per_day=args.per_day,
        ),
        bundle=resolve(args.bundle) if factory is None else args.bundle,
        attribute=attribute,
        old_model=args.old_model,
        examples=0 if args.no_text else args.examples,
        text=not args.no_text,
        form=args.list,
        jobs=args.jobs,
    )
    figures = study(order, factory=factory or load_scorer, progress=say)
    for line in _summary(figures):
        print(line)
    print(f"report: {args.output / REPORT}")
    return 1 if figures["set_aside"] else 0


def _summary(figures: dict[str, Any]) -> list[str]:
    proposal, old, new = figures["proposal"], figures["old"], figures["new"]
    lines = [f"threshold for Coral: {proposal['percent']} % (exact {_interval(proposal['exact'])})"]
    if proposal["instead"]:
        lines.append(f"keeps the hold rate, recall cannot be kept: {proposal['instead']}")
    before = f"{_percent(old['held'])} at {old['threshold']:g} before, " if old else ""
    lines.append(f"held: {before}{_percent(new['held'])} after")
    if figures["flips"]:
        flips = figures["flips"]
        lines.append(
            f"flips: {flips['to_publish']['comments']:,} no longer held, "
            f"{flips['to_hold']['comments']:,} newly held"
        )
    if figures["set_aside"]:
        print(f"{figures['set_aside']:,} records were set aside", file=sys.stderr)
    return lines


def _interval(figure: dict[str, float | None]) -> str:
    if figure["value"] is None:
        return "none"
    bounds = "" if figure["low"] is None else f", 95 % {figure['low']:.3f} to {figure['high']:.3f}"
    return f"{figure['value']:.3f}{bounds}"


def _percent(figure: dict[str, float | None]) -> str:
    return "none" if figure["value"] is None else f"{100 * figure['value']:.2f} %"


def _share(value: str) -> float:
    """Read 0.8, 80 or 80 % as a share; only what is at most 1 is one already."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", value.strip())
    share = float(found[1]) / (100 if found[2] or float(found[1]) > 1 else 1) if found else 2.0
    if share > 1:
        raise argparse.ArgumentTypeError(f"{value!r:.40} is no share: write 0.8 or 80%")
    return share


def _positive(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"{value!r:.40} is no positive number")
    return number
