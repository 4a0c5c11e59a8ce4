"""Questions that the queue asks: pages, counts, facets, near-duplicates, histories, histograms."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    cast,
    func,
    select,
)

from data.errors import StoreError
from data.store.conditions import after_key, conditions, in_range, order_key, score_column
from data.store.filters import Order, QueueFilter
from data.store.queue_records import Facets
from data.store.records import STATUS_OF, STATUSES
from data.store.tables import comment, decision
from data.store.texts import chunks

MAX_BINS: Final = 1000
MAX_PLACES: Final = 500
PAUSE: Final = 300.0
"""Seconds after which the time since the last decision is a pause, not work."""


def page_query(
    connection: Connection,
    given: QueueFilter,
    order: Order,
    limit: int,
    *,
    after: str | None = None,
) -> Select[Any]:
    """Sequence numbers of a page of the queue, past the comment ``after``.

    Raises
    ------
    StoreError
        If ``after`` is no longer in the store.
    """
    query = select(comment.c.seq).where(conditions(given))
    if after is not None:
        names = (comment.c.risk_order, comment.c.distance, comment.c.dated_at, comment.c.seq)
        seen = connection.execute(select(*names).where(comment.c.id == after)).mappings().first()
        if seen is None:
            raise StoreError(f"no comment {after!r:.80}", fix="it was erased: reload the queue")
        query = query.where(after_key(order, seen))
    return query.order_by(*order_key(order)).limit(max(0, limit))


def seqs(connection: Connection, ids: Iterable[str]) -> list[int]:
    """Sequence numbers of those ids that the store has, ascending: the order in which rows are locked."""
    wanted = sorted(set(ids))
    found: list[int] = []
    for part in chunks(wanted):
        found += connection.scalars(select(comment.c.seq).where(comment.c.id.in_(part)))
    return sorted(found)


def ids_of(connection: Connection, numbers: Sequence[int]) -> list[str]:
    """Ids in the order of sequence numbers; those gone are left out."""
    return [id_ for id_, _ in _versions(connection, numbers)]


def status_counts(connection: Connection, given: QueueFilter) -> dict[str, int]:
    """Comments per status under the other conditions, every status named."""
    grouped = (
        select(comment.c.status, func.count())
        .where(conditions(given, with_status=False))
        .group_by(comment.c.status)
    )
    tally: dict[str, int] = dict.fromkeys(STATUSES, 0)
    tally.update({status: number for status, number in connection.execute(grouped) if status in tally})
    return tally


def facets(connection: Connection, threads: int) -> Facets:
    """Sites, sections and the largest threads of what was ever in the queue."""
    many = func.count()
    tally = (
        select(comment.c.thread_id, many)
        .where(comment.c.thread_id.is_not(None), comment.c.status != "imported")
        .group_by(comment.c.thread_id)
        .order_by(many.desc(), comment.c.thread_id)
        .limit(threads)
    )
    largest = [(row[0], row[1]) for row in connection.execute(tally)]
    titles = _titles(connection, [name for name, _ in largest])
    places: dict[str, Counter[str]] = {"site": Counter(), "section": Counter()}
    grouped = select(comment.c.site, comment.c.section, func.count()).where(comment.c.status != "imported")
    for site, section, many in connection.execute(grouped.group_by(comment.c.site, comment.c.section)):
        for name, value in (("site", site), ("section", section)):
            if value is not None:
                places[name][value] += many
    return Facets(
        sites=_most(places["site"]),
        sections=_most(places["section"]),
        threads=tuple((name, titles.get(name), many) for name, many in largest),
    )


def _most(tally: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_PLACES])


def _titles(connection: Connection, threads: Sequence[str]) -> dict[str, str]:
    """Title of each thread's article, from one comment that has it rather than from all."""
    titled = comment.alias("titled")
    title = (
        select(titled.c.article_title)
        .where(titled.c.thread_id == comment.c.thread_id, titled.c.article_title.is_not(None))
        .limit(1)
        .scalar_subquery()
    )
    found: dict[str, str] = {}
    for part in chunks(threads):
        firsts = select(func.min(comment.c.seq)).where(comment.c.thread_id.in_(part))
        query = select(comment.c.thread_id, title).where(
            comment.c.seq.in_(firsts.group_by(comment.c.thread_id))
        )
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


def duplicate_ids(connection: Connection, comment_id: str, limit: int) -> list[str]:
    """Other pending comments whose text is the same but for case, accents and punctuation."""
    near = connection.scalar(select(comment.c.near).where(comment.c.id == comment_id))
    if near is None:
        raise StoreError(f"no comment {comment_id!r:.80}", fix="it was erased: reload the queue")
    query = (
        select(comment.c.id)
        .where(comment.c.near == near, comment.c.status == "pending", comment.c.id != comment_id)
        .order_by(comment.c.seq)
        .limit(limit)
    )
    return list(connection.scalars(query))


def author_counts(connection: Connection, author: str) -> dict[str, int]:
    query = (
        select(comment.c.status, func.count())
        .where(comment.c.author == author, comment.c.status.in_(("approved", "rejected")))
        .group_by(comment.c.status)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def author_recent(connection: Connection, author: str, limit: int) -> list[str]:
    query = (
        select(comment.c.id)
        .where(comment.c.author == author, comment.c.status.in_(("approved", "rejected")))
        .order_by(comment.c.decided_at.desc(), comment.c.seq.desc())
        .limit(limit)
    )
    return list(connection.scalars(query))


def histogram(connection: Connection, label: str, given: QueueFilter, bins: int) -> list[int]:
    """Comments per equal slice of a label's probability, from 0 to 1; 1 itself is in the last."""
    if not 1 <= bins <= MAX_BINS:
        raise ValueError(f"bins {bins} is not between 1 and {MAX_BINS}")
    column = score_column(label)
    # a cast cuts in SQLite but rounds in PostgreSQL
    scaled: ColumnElement[Any] = column * bins
    if connection.dialect.name == "postgresql":
        scaled = func.floor(scaled)
    slot = cast(scaled, Integer)
    query = select(slot, func.count()).where(conditions(given), in_range(label, None, None)).group_by(slot)
    counted = [0] * bins
    for number, many in connection.execute(query):
        counted[min(number, bins - 1)] += many
    return counted


def ids_in_range(
    connection: Connection, label: str, low: float, high: float, given: QueueFilter, limit: int
) -> list[tuple[str, int]]:
    """Ids and versions of comments in a range of scores, the highest score first."""
    chosen = (
        select(comment.c.seq)
        .where(conditions(given), in_range(label, low, high))
        .order_by(score_column(label).desc(), comment.c.seq)
        .limit(max(0, limit))
    )
    return _versions(connection, list(connection.scalars(chosen)))


def _versions(connection: Connection, numbers: Sequence[int]) -> list[tuple[str, int]]:
    found: dict[int, tuple[str, int]] = {}
    for part in chunks(numbers):
        query = select(comment.c.seq, comment.c.id, comment.c.version).where(comment.c.seq.in_(part))
        found |= {row.seq: (row.id, row.version) for row in connection.execute(query)}
    return [found[number] for number in numbers if number in found]


def beside(
    connection: Connection, label: str, line: float, given: QueueFilter, limit: int
) -> tuple[list[str], list[str]]:
    """Ids of the comments nearest to a line: those under it, then those on or above it."""
    column = score_column(label)
    here = select(comment.c.seq).where(conditions(given), in_range(label, None, None)).limit(max(0, limit))
    under = connection.scalars(here.where(column < line).order_by(column.desc(), comment.c.seq))
    above = connection.scalars(here.where(column >= line).order_by(column, comment.c.seq))
    return ids_of(connection, list(under)), ids_of(connection, list(above))


def pace(connection: Connection, moderator: str | None, days: float) -> list[float]:
    """Seconds between consecutive decisions of one person, over everyone; pauses and batches left out."""
    since = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
    query = (
        select(decision.c.moderator, decision.c.decided_at)
        .where(
            decision.c.decided_at >= since, decision.c.kind.in_(tuple(STATUS_OF)), decision.c.batch.is_(None)
        )
        .order_by(decision.c.moderator, decision.c.id)
    )
    if moderator is not None:
        query = query.where(decision.c.moderator == moderator)
    rows = ((who, datetime.fromisoformat(at)) for who, at in connection.execute(query))
    gaps = ((b[1] - a[1]).total_seconds() for a, b in pairwise(rows) if a[0] == b[0])
    return [gap for gap in gaps if 0 <= gap <= PAUSE]
