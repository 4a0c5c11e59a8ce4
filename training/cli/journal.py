"""``courtois journal``: the audit log, and the statements of reasons in it, as files."""

import argparse
import sys
from typing import Final, get_args

from data.exchange.journal_file import export_journal, export_statements
from data.formats import STANDARD
from data.reasons import REASONS
from data.store import Store
from data.store.journal_records import KINDS, NO_REASON, JournalFilter, Source
from training.cli.store_option import add_store

_SHOWN: Final = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their options."""
    actions = parser.add_subparsers(dest="action", metavar="export|statements", required=True)
    _export(actions.add_parser("export", help="write rows of the audit log"))
    _statements(actions.add_parser("statements", help="write the statements of reasons of rejections"))


def _export(out: argparse.ArgumentParser) -> None:
    out.description = (
        "Write the audit log, oldest row first: who did what, when, by which rule and model bundle, "
        "what stood before, and the reason. Comments themselves are not in it."
    )
    out.add_argument(
        "-o",
        "--output",
        default=STANDARD,
        metavar="OUT",
        help=".jsonl, .csv or .parquet (default: JSONL on stdout)",
    )
    out.add_argument("--moderator", metavar="NAME", help="acts of this person")
    out.add_argument("--kind", choices=KINDS, help="acts of this kind")
    out.add_argument("--source", choices=get_args(Source), help="acts of people, or of rules")
    out.add_argument(
        "--reason", choices=(*REASONS, NO_REASON), metavar="CODE", help="a reason's code, or none"
    )
    out.add_argument("--comment", metavar="ID", help="acts on this comment")
    out.add_argument("--article", metavar="WORDS", help="part of a title or address, or a thread's id")
    out.add_argument("--text", metavar="WORDS", help="part of a statement or rule")
    out.add_argument("--bundle", metavar="NAME", help="acts on scores of this model bundle")
    _common(out)


def _statements(out: argparse.ArgumentParser) -> None:
    out.description = (
        "Write the statements of reasons of rejections that stand, one JSON record a line in the shape of "
        "the European Commission's transparency database, checked by its rules. What cannot be written is "
        "named on stderr, and the exit code is then 1. Nothing is sent anywhere."
    )
    out.add_argument("-o", "--output", default=STANDARD, metavar="OUT", help=".jsonl (default: stdout)")
    _common(out)


def _common(action: argparse.ArgumentParser) -> None:
    action.add_argument("--since", metavar="DATE", help="from this day on, YYYY-MM-DD")
    action.add_argument("--until", metavar="DATE", help="up to this day, included")
    add_store(action)


def run(args: argparse.Namespace) -> int:
    """Do what ``args.action`` says.

    Returns
    -------
    int
        0, or 1 when a rejection has no statement that can be written.
    """
    if args.action == "statements":
        return _write_statements(args)
    names = ("moderator", "kind", "source", "reason", "article", "text", "bundle", "since", "until")
    conditions = JournalFilter(comment_id=args.comment, **{name: getattr(args, name) for name in names})
    with Store.open(args.store, must_exist=True) as store:
        written = export_journal(store.journal_entries(conditions), args.output)
    print(f"courtois journal: {written} rows written", file=sys.stderr)
    return 0


def _write_statements(args: argparse.Namespace) -> int:
    reasons: list[tuple[str, str]] = []
    with Store.open(args.store, must_exist=True) as store:
        conditions = JournalFilter(since=args.since, until=args.until)
        written = export_statements(
            store.statements(conditions),
            args.output,
            left_out=lambda which, why: reasons.append((which, why)),
        )
    for which, why in reasons[:_SHOWN]:
        print(f"courtois journal: {which}: {why}", file=sys.stderr)
    if len(reasons) > _SHOWN:
        print(f"courtois journal: and {len(reasons) - _SHOWN} more", file=sys.stderr)
    print(f"courtois journal: {written} statements written, {len(reasons)} left out", file=sys.stderr)
    return 1 if reasons else 0
