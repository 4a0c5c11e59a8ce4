"""Signing in: wrong passwords are slowed down, and sessions end by themselves.

Only hashes are kept of session keys and of the names that were tried.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Connection, Row, delete, select, update

from data.store import passwords
from data.store.account_tables import account, login_failure, login_session
from data.store.accounts import Account, same, to_account
from data.store.tables import upsert

IDLE: Final = timedelta(hours=12)
"""How long a session lasts that nobody uses."""
LONGEST: Final = timedelta(days=7)
"""How long a session lasts in all."""
FREE_FAILURES: Final = 5
"""Wrong passwords that cost no waiting."""
FIRST_WAIT: Final = timedelta(seconds=30)
LAST_WAIT: Final = timedelta(minutes=15)

_FORGOTTEN: Final = timedelta(days=1)
_SEEN_EVERY: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody was signed in; ``seconds`` is how long to wait."""

    kind: Literal["wrong", "waiting", "disabled"]
    seconds: int = 0


def attempt(connection: Connection, name: str) -> Refusal | str | None:
    """Count an attempt before its password is looked at, so that many at once gain nothing.

    Returns
    -------
    Refusal or str or None
        A refusal while the name has to wait, else the hash to compare with, if there is one.
    """
    at, known = _now(), select(account.c.password).where(account.c.sameness == same(name))
    row = connection.execute(known).first()
    # names without an account wait alike, and cannot fill the table: they share few rows
    key = _failure_key(name) if row is not None else _failure_key(name)[:4]
    kept: str | None = None if row is None else row[0]
    connection.execute(delete(login_failure).where(login_failure.c.failed_at < _stamp(at - _FORGOTTEN)))
    first = upsert(connection, login_failure).values(digest=key, failures=0, failed_at=_stamp(at))
    # only a row that is there can be locked: without it, many first attempts at once would all be free
    connection.execute(first.on_conflict_do_nothing(index_elements=["digest"]))
    held = select(login_failure).where(login_failure.c.digest == key).with_for_update()
    failed = connection.execute(held).mappings().one()
    if failed["failures"] >= FREE_FAILURES:
        doubled = FIRST_WAIT * 2 ** min(failed["failures"] - FREE_FAILURES, 10)
        left = datetime.fromisoformat(failed["failed_at"]) + min(doubled, LAST_WAIT) - at
        if left > timedelta(0):
            return Refusal("waiting", int(left.total_seconds()) + 1)
    counted = upsert(connection, login_failure).values(digest=key, failures=1, failed_at=_stamp(at))
    connection.execute(
        counted.on_conflict_do_update(
            index_elements=["digest"],
            set_={"failures": login_failure.c.failures + 1, "failed_at": _stamp(at)},
        )
    )
    return kept


def accept(connection: Connection, name: str, password: str, kept: str) -> Account | Refusal:
    """Take note that the password is the one kept."""
    forgive(connection, name)
    found = select(account).where(account.c.sameness == same(name)).with_for_update()
    row = connection.execute(found).first()
    if row is None or row._mapping["password"] != kept:  # changed while it was being compared
        return Refusal("wrong")
    if row._mapping["disabled_at"] is not None:
        return Refusal("disabled")
    if passwords.outdated(kept):
        mine = update(account).where(account.c.sameness == same(name))
        connection.execute(mine.values(password=passwords.renewed(password)))
    return to_account(row)


def start(connection: Connection, name: str) -> str:
    """Begin a session; the key that is given out is not kept."""
    at, key = _now(), secrets.token_urlsafe(32)
    ended = (login_session.c.seen_at < _stamp(at - IDLE)) | (
        login_session.c.started_at < _stamp(at - LONGEST)
    )
    connection.execute(delete(login_session).where(ended))
    owner = select(account.c.id).where(account.c.sameness == same(name)).scalar_subquery()
    connection.execute(
        login_session.insert().values(
            digest=_digest(key), account_id=owner, started_at=_stamp(at), seen_at=_stamp(at)
        )
    )
    return key


def whose(connection: Connection, key: str) -> tuple[Account, bool] | None:
    """Whose session it is, if it has not ended, and whether to ``touch`` it."""
    at = _now()
    asked = (
        select(account, login_session.c.seen_at)
        .join(login_session, login_session.c.account_id == account.c.id)
        .where(
            login_session.c.digest == _digest(key),
            login_session.c.seen_at >= _stamp(at - IDLE),
            login_session.c.started_at >= _stamp(at - LONGEST),
            account.c.disabled_at.is_(None),
        )
    )
    row: Row[tuple[object, ...]] | None = connection.execute(asked).first()
    if row is None:
        return None
    return to_account(row), row._mapping["seen_at"] < _stamp(at - _SEEN_EVERY)


def touch(connection: Connection, key: str) -> None:
    mine = update(login_session).where(login_session.c.digest == _digest(key))
    connection.execute(mine.values(seen_at=_stamp(_now())))


def end(connection: Connection, key: str) -> None:
    connection.execute(delete(login_session).where(login_session.c.digest == _digest(key)))


def forgive(connection: Connection, name: str) -> None:
    """Forget the wrong passwords of an account."""
    connection.execute(delete(login_failure).where(login_failure.c.digest == _failure_key(name)))


def _failure_key(name: str) -> str:
    return hashlib.sha256(same(name).encode("utf-8", "replace")).hexdigest()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _now() -> datetime:
    return datetime.now(UTC)
