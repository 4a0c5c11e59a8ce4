"""Accounts of the review app: who may sign in, and as what."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, get_args

from sqlalchemy import Connection, Row, delete, exc, select, update

from data.errors import InputError, StoreError
from data.store.account_tables import account, login_session
from data.store.codec import now

Role = Literal["moderateur", "responsable", "lecture"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@]{1,189}")
_SOME: Final = "courtois accounts list shows those there are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone who may sign in; their password's hash stays in the store."""

    name: str
    role: Role
    email: str | None
    has_password: bool
    created_at: str
    disabled_at: str | None


def same(text: str) -> str:
    """Fold a name or address, so that no two look alike.

    >>> same(" Camille ") == same("CAMILLE")
    True
    """
    return unicodedata.normalize("NFKC", text).strip().casefold()


def accounts(connection: Connection) -> list[Account]:
    return [to_account(row) for row in connection.execute(select(account).order_by(account.c.sameness))]


def any_account(connection: Connection) -> bool:
    """Whether the store has accounts, disabled ones too: disabling all opens the app to nobody."""
    return connection.scalar(select(account.c.id).limit(1)) is not None


def add(connection: Connection, name: str, role: Role, hashed: str | None, email: str | None) -> None:
    """Make an account; one without a password signs in through the organisation's provider.

    Raises
    ------
    InputError, StoreError
        If name or address cannot be used, or are taken.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(name) <= 60 or not name.isprintable():
        raise InputError(f"{name!r:.80} is no name for an account", fix="use 1 to 60 printable characters")
    address = None if email is None else _address(email)
    values = {
        "name": name,
        "sameness": same(name),
        "email": address,
        "role": _role(role),
        "password": hashed,
        "created_at": now(),
    }
    try:
        connection.execute(account.insert().values(values))
    except exc.IntegrityError as error:
        raise StoreError(
            f"the name {name!r} or its address is taken", fix=f"choose another; {_SOME}"
        ) from error


def set_role(connection: Connection, name: str, role: Role) -> None:
    _change(connection, name, role=_role(role))


def set_email(connection: Connection, name: str, email: str | None) -> None:
    """Say which address the organisation's provider gives for this account; ``None`` for none."""
    try:
        _change(connection, name, email=None if email is None else _address(email))
    except exc.IntegrityError as error:
        raise StoreError("the address is another account's", fix=_SOME) from error


def set_hash(connection: Connection, name: str, hashed: str) -> None:
    """Replace the password's hash and sign the account out everywhere."""
    _change(connection, name, password=hashed)
    end_sessions(connection, name)


def disable(connection: Connection, name: str) -> None:
    """Refuse the account from now on and sign it out; what it decided stays under its name."""
    _change(connection, name, disabled_at=now())
    end_sessions(connection, name)


def enable(connection: Connection, name: str) -> None:
    _change(connection, name, disabled_at=None)


def end_sessions(connection: Connection, name: str) -> None:
    mine = select(account.c.id).where(account.c.sameness == same(name))
    connection.execute(delete(login_session).where(login_session.c.account_id.in_(mine)))


def by_email(connection: Connection, email: str) -> Account | None:
    """Find the enabled account of an address that the provider vouches for."""
    asked = select(account).where(account.c.email == same(email), account.c.disabled_at.is_(None))
    row = connection.execute(asked).first()
    return None if row is None else to_account(row)


def to_account(row: Row[tuple[object, ...]]) -> Account:
    held = row._mapping
    return Account(
        name=held["name"],
        role=held["role"] if held["role"] in ROLES else "lecture",  # a newer version's: the least
        email=held["email"],
        has_password=held["password"] is not None,
        created_at=held["created_at"],
        disabled_at=held["disabled_at"],
    )


def _change(connection: Connection, name: str, **values: str | None) -> None:
    done = connection.execute(update(account).where(account.c.sameness == same(name)).values(values))
    if not done.rowcount:
        raise StoreError(f"no account {name!r:.80}", fix=_SOME)


def _role(role: str) -> str:
    if role not in ROLES:
        raise InputError(f"{role!r:.40} is no role", fix=f"use {', '.join(ROLES)}")
    return role


def _address(email: str) -> str:
    address = same(email)
    if not _EMAIL.fullmatch(address):
        raise InputError("that is no e-mail address", fix="give one such as camille@journal.example")
    return address
