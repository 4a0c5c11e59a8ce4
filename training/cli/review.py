"""``courtois review``: open the review app on a decision store."""

import argparse
import os
import sys
from pathlib import Path

from data.errors import InputError
from training.cli.addresses import own_machine
from training.cli.store_option import add_store
from training.review import settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--dump", type=Path, metavar="FILE", help="score this dump into the store first")
    add_store(parser)
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="model bundle (default: the one in use)")
    parser.add_argument(
        "--address", default=settings.ADDRESS, metavar="HOST", help="where to listen (default: 127.0.0.1)"
    )
    parser.add_argument("--site", metavar="URL", help="how browsers reach it, where that differs")
    parser.add_argument("--port", type=int, help="port (default: the first free one from 8501)")
    parser.add_argument(
        "--moderator", metavar="NAME", help="name kept with decisions (default: your account)"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")


def run(args: argparse.Namespace) -> int:
    """Fill the store if need be, then serve the app until it is interrupted."""
    for name, value in ((settings.STORE, args.store), (settings.BUNDLE, args.bundle)):
        if value is not None:
            os.environ[name] = str(value)
    if args.moderator and args.moderator.strip():
        os.environ[settings.MODERATOR] = args.moderator

    place = settings.place(args.address, args.site)
    for option, host in (("--address", place.address), ("--site", place.host)):
        if not own_machine(host):
            _guard(option)
    from training.review.launch import prepare, serve

    prepare(args.dump, progress=sys.stderr)
    return serve(args.port, place, open_browser=not args.no_browser)


def _guard(option: str) -> None:
    """Refuse to open to other machines what asks nobody who they are."""
    from data.store import Store

    with Store.open(os.environ.get(settings.STORE) or None) as store:
        if not store.has_accounts():
            raise InputError(
                "other machines could decide without signing in",
                where=option,
                fix="make an account with courtois accounts add NAME, or leave the option out",
            )
