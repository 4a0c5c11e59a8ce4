"""``courtois accounts``: who may sign in to the review app."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING, Final

from data.errors import InputError, StoreError
from data.store.accounts import ROLES, Role, same
from training.cli.store_option import add_store

if TYPE_CHECKING:
    from data.store import Store

_ROLE_HELP: Final = "what the account may do"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = _action(actions, "add", "make an account; the password is asked for, or read from stdin")
    add.add_argument(
        "--role", choices=ROLES, help=f"{_ROLE_HELP} (default: moderateur; the first one: responsable)"
    )
    add.add_argument("--email", metavar="ADDRESS", help="address that your OpenID Connect provider gives")
    add.add_argument("--no-password", action="store_true", help="signs in through the provider alone")
    _action(actions, "list", "list the accounts", named=False)
    _action(actions, "role", "change what an account may do").add_argument(
        "role", choices=ROLES, help=_ROLE_HELP
    )
    email = _action(actions, "email", "say by which address your provider knows an account")
    email.add_argument("address", nargs="?", metavar="ADDRESS", help="none removes it")
    _action(actions, "password", "change a password (asked for, or read from stdin); signs the account out")
    _action(actions, "disable", "refuse an account and sign it out; its decisions stay")
    _action(actions, "enable", "let a disabled account sign in again")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    from data.store import Store

    with Store.open(args.store) as store:
        match args.action:
            case "add":
                _add(store, args)
            case "list":
                _list(store)
            case "role":
                store.set_role(args.name, args.role)
            case "email":
                store.set_email(args.name, args.address)
            case "password":
                _known(store, args.name)
                store.set_password(args.name, _password())
            case "disable":
                store.disable_account(args.name)
            case "enable":
                store.enable_account(args.name)
    return 0


def _add(store: "Store", args: argparse.Namespace) -> None:
    if args.no_password and not args.email:
        raise InputError(
            "an account without a password needs an address", where="--no-password", fix="add --email"
        )
    first = not store.has_accounts()
    role: Role = args.role or ("responsable" if first else "moderateur")
    store.add_account(args.name, role, None if args.no_password else _password(), email=args.email)
    said = f"courtois accounts: {args.name.strip()!r} is {role}"
    if first:
        said += "; from now on the review app asks everyone to sign in"
    print(said, file=sys.stderr)


def _list(store: "Store") -> None:
    for one in store.accounts():
        state = f"disabled {one.disabled_at}" if one.disabled_at else "in use"
        ways = [way for way, given in (("password", one.has_password), (one.email, one.email)) if given]
        print(f"{one.name}\t{one.role}\t{state}\t{', '.join(str(way) for way in ways) or 'cannot sign in'}")


def _known(store: "Store", name: str) -> None:
    """Say that there is no such account before a password is typed twice for it."""
    if same(name) not in {same(one.name) for one in store.accounts()}:
        raise StoreError(f"no account {name!r:.80}", fix="courtois accounts list shows those there are")


def _password() -> str:
    if not sys.stdin.isatty():
        given = sys.stdin.readline(4096).rstrip("\r\n")
        if not given:
            raise InputError("no password on stdin", fix="write it on the first line, or use a terminal")
        return given
    given = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != given:
        raise InputError("the two passwords differ", fix="try again")
    return given


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    summary: str,
    *,
    named: bool = True,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary)
    add_store(parser)
    if named:
        parser.add_argument("name", metavar="NAME", help="name that decisions are kept under")
    return parser
