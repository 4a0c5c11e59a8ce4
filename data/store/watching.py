"""What watching a model asks of the store: the newest comments, and what people said of scored ones."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from data.store import reading
from data.store.heard import heard
from data.store.records import QueueItem
from data.store.session import Session
from data.store.tables import comment, label
from data.store.texts import chunks

_CHUNK: Final = 1000

_NEWEST: Final = (comment.c.dated_at.desc(), comment.c.seq.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A scored comment as it came in; ``day`` is an ISO date in UTC."""

    id: str
    day: str
    text: str
    bundle: str
    incivility: float
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a person said of a scored comment; never its text.

    ``day`` (ISO date, UTC) is when they said it; ``blind`` that the comment was drawn by lot and read
    without scores: only such readings measure without bias.
    """

    id: str
    day: str
    bundle: str
    incivility: float
    held: bool
    uncivil: int
    blind: bool


class Watching(Session):
    """Long answers come as streams, a page of which is held at once."""

    def newest(self, count: int) -> Iterator[QueueItem]:
        """The ``count`` comments that came in last, the newest first, whatever became of them."""
        for numbers in chunks(self._read(_newest, count), _CHUNK):
            yield from self._read(_items, numbers)

    def arrivals(self, count: int) -> Iterator[Arrival]:
        """The ``count`` scored comments that came in last, the newest first."""
        for numbers in chunks(self._read(_newest, count, scored=True), _CHUNK):
            yield from self._read(_arrivals, numbers)

    def readings(self) -> Iterator[Reading]:
        """What people said of incivility, once for each scored comment that anyone read.

        A blind reading goes before others, then the latest word. What a rule decided on many
        comments at once is nobody's reading; a consensus of several is heard where no person is.
        """
        after: str | None = ""
        while after is not None:
            found, after = self._read(_readings, after)
            yield from found


def _newest(connection: Connection, count: int, *, scored: bool = False) -> list[int]:
    # answered from the queue's index alone: no text is read to put comments in order
    query = select(comment.c.seq).order_by(*_NEWEST)
    if scored:
        query = query.where(comment.c.incivility >= 0, comment.c.status != "imported")
    return list(connection.scalars(query.limit(count)))


def _items(connection: Connection, numbers: Sequence[int]) -> list[QueueItem]:
    names = select(comment.c.id).where(comment.c.seq.in_(numbers)).order_by(*_NEWEST)
    return reading.items(connection, list(connection.scalars(names)))


def _arrivals(connection: Connection, numbers: Sequence[int]) -> list[Arrival]:
    names = (comment.c.id, comment.c.text, comment.c.scores, comment.c.incivility, comment.c.dated_at)
    query = select(*names).where(comment.c.seq.in_(numbers)).order_by(*_NEWEST)
    return [
        Arrival(id=row.id, day=row.dated_at[:10], text=row.text, **_scored(row.scores, row.incivility))
        for row in connection.execute(query)
    ]


def _readings(connection: Connection, after: str) -> tuple[list[Reading], str | None]:
    page = select(label.c.comment_id).distinct().where(label.c.comment_id > after)
    ids = list(connection.scalars(page.order_by(label.c.comment_id).limit(_CHUNK)))
    columns = (comment.c.id, comment.c.scores, comment.c.incivility)
    rows = connection.execute(select(*columns).where(comment.c.id.in_(ids), comment.c.incivility >= 0)).all()
    said = heard(connection, ids, lambda labels: labels.uncivil)
    found = [
        Reading(
            id=row.id,
            day=said[row.id].at[:10],
            uncivil=said[row.id].said,
            blind=said[row.id].blind,
            **_scored(row.scores, row.incivility),
        )
        for row in rows
        if row.id in said
    ]
    return sorted(found, key=lambda one: one.id), ids[-1] if len(ids) == _CHUNK else None


def _scored(cell: str, incivility: float) -> dict[str, Any]:
    scores = json.loads(cell)
    return {
        "bundle": str(scores.get("bundle") or ""),
        "incivility": min(1.0, incivility),
        "held": scores.get("action") == "hold",
    }
