"""``courtois store``: forget comments, one on request or all that are past their time."""

import argparse
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from data.errors import InputError
from data.store import Store
from data.store.journal_records import midnight, parsed_day
from training.cli.store_option import add_store

_SHOWN: Final = 5
_OLDEST_DAYS: Final = 36_500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their options."""
    actions = parser.add_subparsers(dest="action", metavar="erase|purge", required=True)
    erase = actions.add_parser("erase", help="forget comments for good, by their ids")
    erase.description = (
        "Forget comments for good: their text, their labels, and the copies of their text that replies "
        "carry. The journal keeps who did what and when. The exit code is 1 when an id is not there."
    )
    erase.add_argument("ids", nargs="+", metavar="ID", help="id of a comment")
    erase.add_argument(
        "--by", metavar="NAME", help="name that the journal keeps with it (default: your account)"
    )
    add_store(erase)
    purge = actions.add_parser("purge", help="forget comments that are past their time, for good")
    purge.description = (
        "Forget for good, as erase does, every comment that was not added, labelled or decided since a "
        "day, whatever its status and its own date. To be scored again makes no comment younger."
    )
    limit = purge.add_mutually_exclusive_group(required=True)
    limit.add_argument("--before", metavar="DATE", help="not touched since this day began, YYYY-MM-DD")
    limit.add_argument("--older-than", type=_days, metavar="DAYS", help="not touched for so many days")
    purge.add_argument("--dry-run", action="store_true", help="say how many it would be; erase nothing")
    add_store(purge)


def run(args: argparse.Namespace) -> int:
    """Do what ``args.action`` says.

    Returns
    -------
    int
        0, or 1 when a comment to be erased is not there.
    """
    return _erase(args) if args.action == "erase" else _purge(args)


def _erase(args: argparse.Namespace) -> int:
    from training.review.settings import moderator_name

    by = moderator_name() if args.by is None else args.by.strip()
    if not by:
        raise InputError("no name", where="--by", fix="say who erases, or leave --by out")
    with Store.open(args.store, must_exist=True) as store:
        absent = [id_ for id_ in dict.fromkeys(args.ids) if not store.erase(id_, by=by)]
    for id_ in absent[:_SHOWN]:
        print(f"courtois store: no comment {id_!r:.80}", file=sys.stderr)
    if len(absent) > _SHOWN:
        print(f"courtois store: and {len(absent) - _SHOWN} more", file=sys.stderr)
    print(f"courtois store: {_comments(len(set(args.ids)) - len(absent))} erased", file=sys.stderr)
    return 1 if absent else 0


def _purge(args: argparse.Namespace) -> int:
    before = _limit(args)
    with Store.open(args.store, must_exist=True) as store:
        held = store.untouched(before)
        erased = sum(held.values()) if args.dry_run else store.purge(before)
        there = sum(store.untouched(datetime.max).values())
    parts = ", ".join(f"{number} {status}" for status, number in held.items())
    said = f"{_comments(erased)} {'would be ' if args.dry_run else ''}erased"
    print(
        f"courtois store: {said}{f' ({parts})' if parts else ''}: not touched since "
        f"{before.astimezone():%Y-%m-%d %H:%M}; {there - (erased if args.dry_run else 0)} stay",
        file=sys.stderr,
    )
    return 0


def _limit(args: argparse.Namespace) -> datetime:
    present = datetime.now(UTC)
    if args.older_than is not None:
        return present - timedelta(days=args.older_than)
    before = datetime.fromisoformat(midnight(parsed_day(args.before)))
    if before > present:
        raise InputError(
            "is a day to come: that would be every comment", where="--before", fix="name a day that has begun"
        )
    return before


def _days(given: str) -> int:
    days = int(given) if given.isascii() and given.isdigit() and len(given) <= len(str(_OLDEST_DAYS)) else 0
    if not 1 <= days <= _OLDEST_DAYS:
        raise argparse.ArgumentTypeError(f"not a number of days from 1 to {_OLDEST_DAYS}: {given!r:.40}")
    return days


def _comments(number: int) -> str:
    return f"{number} comment{'' if number == 1 else 's'}"
