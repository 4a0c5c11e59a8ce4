"""Who is looking at which comment, so that two moderators never get the same one.

A lease row is only ever touched while its comment's row is locked, and comments are locked in
ascending order of ``seq`` or skipped when taken: no two acts can wait for each other.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    delete,
    exists,
    func,
    select,
    true,
)

from data.errors import LeaseLostError
from data.store.account_tables import account
from data.store.conditions import conditions
from data.store.filters import Order, QueueFilter
from data.store.tables import METADATA, comment, upsert
from data.store.texts import chunks
from data.store.work import page_query, seqs

MAX_LEASES: Final = 500
MAX_SECONDS: Final = 24 * 3600.0
DECIDING: Final = ("moderateur", "responsable")
"""Roles whose accounts take comments from the queue."""


lease = Table(
    "lease",
    METADATA,
    Column(
        "seq",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("comment.seq", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("moderator", Text, nullable=False),
    Column("until", Text, nullable=False),
)

STATEMENTS: Final = (
    """CREATE TABLE lease (
        seq BIGINT PRIMARY KEY REFERENCES comment (seq) ON DELETE CASCADE,
        moderator TEXT NOT NULL, until TEXT NOT NULL)""",
    "CREATE INDEX lease_moderator ON lease (moderator)",
)


def clock(connection: Connection) -> datetime:
    """Tell the database's time, the one clock that all moderators' machines share."""
    if connection.dialect.name == "postgresql":
        told: datetime = connection.scalar(select(func.clock_timestamp()))  # type: ignore[assignment]
        return told.astimezone(UTC)
    # the file is on this machine: its clock is everybody's
    return datetime.now(UTC)


def take(
    connection: Connection,
    moderator: str,
    given: QueueFilter,
    order: Order,
    limit: int,
    *,
    seconds: float,
    exclude: Collection[str] = (),
) -> list[int]:
    """Lease the first comments that nobody else holds; one's own are among them and renewed.

    What a moderator sent to a second person is not given back to them while there is another.

    Returns
    -------
    list of int
        Sequence numbers in queue order.
    """
    at, passed = clock(connection), set(seqs(connection, exclude))
    fresh_eyes = _fresh_eyes(connection, moderator, given)
    taken: list[int] = []
    wanted = limit = min(limit, MAX_LEASES)
    while wanted > 0:
        # chosen first and locked then: a lock on everything that has to be sorted would be slow
        page = page_query(connection, given, order, wanted).where(~_held(moderator, at), fresh_eyes)
        chosen = list(connection.scalars(page.where(comment.c.seq.not_in(passed)) if passed else page))
        ready = select(comment.c.seq).where(comment.c.seq.in_(chosen), conditions(given))
        free = set(connection.scalars(ready.with_for_update(skip_locked=True)))
        ours = set(_write(connection, sorted(free), moderator, at, seconds))
        taken += [number for number in chosen if number in ours]
        if len(chosen) < wanted:
            break
        # what another act has locked or leased since the choice is passed over
        passed |= set(chosen)
        wanted = limit - len(taken)
    return taken


def claim(connection: Connection, comment_id: str, moderator: str, seconds: float) -> None:
    """Lease one comment, wherever it stands in the queue.

    Raises
    ------
    LeaseLostError
        If another moderator holds it.
    """
    numbers, at = lock(connection, seqs(connection, [comment_id])), clock(connection)
    check(connection, numbers, moderator, comment_id)
    _write(connection, numbers, moderator, at, seconds)


def renew(connection: Connection, moderator: str, ids: Collection[str], seconds: float) -> set[str]:
    """Prolong one's leases; returns the ids still held, those that ran out but are free too."""
    numbers = lock(connection, seqs(connection, ids))
    at = clock(connection)
    mine = [number for number in numbers if number in _mine(connection, numbers, moderator)]
    kept = _write(connection, mine, moderator, at, seconds)
    found: set[str] = set()
    for part in chunks(kept):
        found |= set(connection.scalars(select(comment.c.id).where(comment.c.seq.in_(part))))
    return found


def release(connection: Connection, moderator: str, ids: Collection[str] | None = None) -> None:
    """Give up one's leases on ``ids``, or on everything."""
    if ids is None:
        numbers = sorted(connection.scalars(select(lease.c.seq).where(lease.c.moderator == moderator)))
    else:
        numbers = seqs(connection, ids)
    for part in chunks(lock(connection, numbers)):
        connection.execute(delete(lease).where(lease.c.seq.in_(part), lease.c.moderator == moderator))


def check(connection: Connection, numbers: Sequence[int], moderator: str, comment_id: str) -> None:
    """Raise LeaseLostError when another moderator holds one of these locked comments."""
    held = others(connection, numbers, moderator)
    if held:
        who = next(iter(held.values()))
        raise LeaseLostError(
            f"comment {comment_id!r:.80} is being looked at by {who:.80}: your hold on it ran out",
            fix="go on with the next comment",
        )


def others(connection: Connection, numbers: Sequence[int], moderator: str) -> dict[int, str]:
    """Who else holds which of these comments now."""
    at = clock(connection)
    found: dict[int, str] = {}
    for part in chunks(numbers):
        query = select(lease.c.seq, lease.c.moderator).where(
            lease.c.seq.in_(part), lease.c.moderator != moderator, lease.c.until > _text(at)
        )
        found |= {row.seq: row.moderator for row in connection.execute(query)}
    return found


def drop(connection: Connection, numbers: Sequence[int]) -> None:
    """End every lease on these locked comments: they were decided."""
    for part in chunks(numbers):
        connection.execute(delete(lease).where(lease.c.seq.in_(part)))


def lock(connection: Connection, numbers: Iterable[int]) -> list[int]:
    """Lock comments in ascending order; returns those that are still there."""
    found: list[int] = []
    for part in chunks(sorted(set(numbers))):
        query = select(comment.c.seq).where(comment.c.seq.in_(part)).order_by(comment.c.seq)
        found += connection.scalars(query.with_for_update())
    return found


def _held(moderator: str, at: datetime) -> Any:
    return exists().where(
        lease.c.seq == comment.c.seq, lease.c.moderator != moderator, lease.c.until > _text(at)
    )


def _fresh_eyes(connection: Connection, moderator: str, given: QueueFilter) -> ColumnElement[bool]:
    if given.status != "to_review":
        return true()
    another = select(account.c.id).where(
        account.c.name != moderator, account.c.role.in_(DECIDING), account.c.disabled_at.is_(None)
    )
    if connection.scalar(another.limit(1)) is None:
        return true()
    return comment.c.decided_by.is_distinct_from(moderator)


def _mine(connection: Connection, numbers: Sequence[int], moderator: str) -> set[int]:
    found: set[int] = set()
    for part in chunks(numbers):
        query = select(lease.c.seq).where(lease.c.seq.in_(part), lease.c.moderator == moderator)
        found |= set(connection.scalars(query))
    return found


def _write(
    connection: Connection, numbers: Sequence[int], moderator: str, at: datetime, seconds: float
) -> list[int]:
    """Write leases unless someone else's live one is there; returns those that are ours now."""
    until, ours = _text(at + timedelta(seconds=min(max(seconds, 0.0), MAX_SECONDS))), set()
    for part in chunks(numbers):
        statement = upsert(connection, lease).values(
            [{"seq": number, "moderator": moderator, "until": until} for number in part]
        )
        free = (lease.c.until <= _text(at)) | (lease.c.moderator == moderator)
        written = statement.on_conflict_do_update(
            index_elements=["seq"],
            set_={"moderator": statement.excluded.moderator, "until": statement.excluded.until},
            where=free,
        ).returning(lease.c.seq)
        ours |= set(connection.scalars(written))
    return [number for number in numbers if number in ours]


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
