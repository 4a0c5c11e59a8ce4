"""``courtois serve``: answer comment systems as Perspective did."""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.errors import InputError
from training.cli.addresses import own_machine
from training.cli.store_option import add_store

if TYPE_CHECKING:
    from data.store import Store

PORT: Final = 8700


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: number of CPUs)")
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="model bundle (default: the one in use)")
    add_store(parser)
    parser.add_argument(
        "--queue", type=int, default=128, metavar="N", help="comments that may wait in a process (128)"
    )
    parser.add_argument("--rate", type=float, metavar="N", help="requests per second of a key (default: any)")
    parser.add_argument("--assume-french", action="store_true", help="take every comment for French")
    parser.add_argument("--access-log", action="store_true", help="log each request, without query or text")
    actions = parser.add_mutually_exclusive_group()
    actions.add_argument("--new-key", metavar="NAME", help="make an API key, print it once, and end")
    actions.add_argument("--revoke-key", metavar="NAME", help="refuse a key from now on, and end")
    actions.add_argument("--list-keys", action="store_true", help="list the keys' names, and end")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; or manage keys."""
    # One BLAS thread a process: our own processes use the cores. Read when numpy is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _check(args)
    from data.store import Store

    with Store.open(args.store) as store:
        if args.new_key is not None:
            return _new_key(store, args.new_key, args.rate)
        if args.revoke_key is not None:
            store.revoke_api_key(args.revoke_key)
            return 0
        if args.list_keys:
            return _list_keys(store)
        if not own_machine(args.host) and not store.api_keys():
            raise InputError(
                "would answer other machines without a key",
                where=f"--host {args.host}",
                fix="make one with --new-key NAME, or listen on 127.0.0.1 behind a proxy",
            )
    if sys.platform != "linux":
        raise InputError("needs Linux", fix="run it in a container or on a Linux server")
    from training.serving import serve

    return serve(args)


def _check(args: argparse.Namespace) -> None:
    for name, least, most in (("port", 0, 65_535), ("workers", 1, 256), ("queue", 1, 100_000)):
        value = getattr(args, name)
        if value is not None and not least <= value <= most:
            raise InputError(f"{value} is out of range", where=f"--{name}", fix=f"give {least} to {most}")
    if args.rate is not None and not 0 < args.rate <= 1e6:
        raise InputError(f"{args.rate} is out of range", where="--rate", fix="give requests per second")


def _new_key(store: "Store", name: str, rate: float | None) -> int:
    from model.serving.keys import digest, new_key

    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", name):
        raise InputError(
            "is no name for a key", where="--new-key", fix="use up to 40 letters, digits, dots, dashes"
        )
    key = new_key()
    store.add_api_key(name, digest(key), rate)
    print(key)
    print("courtois serve: it is not kept, and cannot be shown again", file=sys.stderr)
    return 0


def _list_keys(store: "Store") -> int:
    for key in store.api_keys():
        rate = "any rate" if key.rate is None else f"{key.rate:g}/s"
        state = f"revoked {key.revoked_at}" if key.revoked_at else "in use"
        print(f"{key.name}\t{state}\t{rate}\tmade {key.created_at}")
    return 0
