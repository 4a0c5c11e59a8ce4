"""What the workload and stance pages ask of the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, func, literal_column, or_, select

from data.record import Labels
from data.store.conditions import conditions, score_column
from data.store.filters import QueueFilter
from data.store.heard import heard
from data.store.labelling import merged_labels
from data.store.session import Session
from data.store.tables import comment, label
from data.store.texts import chunks

_DAY: Final = 10
"""Characters of an ISO date."""

_LEVELS: Final = {"p_impolite": 1, "incivility": 2, "p_uncivil": 2, "p_intolerable": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A comment's score for one label, and what people said of it.

    ``blind`` tells that it was drawn by lot and read without scores: only such comments measure
    without bias.
    """

    score: float
    truth: bool
    blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that comments of an article take a stance towards."""

    thread_id: str | None
    article_title: str | None
    target: str
    comments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceRow:
    """A comment's stance and severity: what the model says, and what people said where they did.

    ``day`` is an ISO date in UTC.
    """

    id: str
    day: str
    stance: str | None
    severity: int | None
    said_stance: str | None
    said_severity: int | None


class Insights(Session):
    """Counts over the whole store, whatever the status; comments that only came with labels left out."""

    def daily(self, filter: QueueFilter) -> dict[str, int]:
        """Comments by ISO day (UTC) under the filter, its status left out, days ascending."""
        return self._read(_daily, filter)

    def count_held(self, filter: QueueFilter, lines: Mapping[str, float]) -> int:
        """Comments under the filter, its status left out, of which a label's score reaches its line."""
        return self._read(_held, filter, lines)

    def judged(self, label: str) -> list[Judged]:
        """Scored comments that people judged for a label, once each, as ``readings`` hears them."""
        return self._read(_judged, label)

    def targets(self, limit: int = 500) -> list[Target]:
        """What comments take a stance towards, by article, the most discussed first."""
        return self._read(_targets, limit)

    def stances(self, target: Target, limit: int = 20_000) -> list[StanceRow]:
        """Stances of an article's comments towards a target, oldest first."""
        return self._read(_stances, target, limit)


def _seen() -> ColumnElement[bool]:
    return comment.c.status != "imported"


def _daily(connection: Connection, given: QueueFilter) -> dict[str, int]:
    day = func.substr(comment.c.dated_at, literal_column("1"), literal_column(str(_DAY)))
    query = select(day, func.count()).where(_seen(), conditions(given, with_status=False)).group_by(day)
    return {row[0]: row[1] for row in connection.execute(query.order_by(day))}


def _held(connection: Connection, given: QueueFilter, lines: Mapping[str, float]) -> int:
    if not lines:
        return 0
    reached = or_(*(score_column(name) >= line for name, line in lines.items()))
    query = select(func.count()).select_from(comment)
    return connection.scalar(query.where(_seen(), conditions(given, with_status=False), reached)) or 0


def _judged(connection: Connection, name: str) -> list[Judged]:
    column = score_column(name)
    scored = select(comment.c.id, column.label("score")).where(
        column >= 0, exists().where(label.c.comment_id == comment.c.id)
    )
    found: list[Judged] = []
    for rows in chunks(connection.execute(scored.order_by(comment.c.id)).all()):
        said = heard(connection, [row.id for row in rows], lambda labels: _truth(labels, name))
        found += [
            Judged(score=float(row.score), truth=said[row.id].said, blind=said[row.id].blind)
            for row in rows
            if row.id in said
        ]
    return found


def _truth(labels: Labels, name: str) -> bool | None:
    """What labels say of the head ``name``; ``None`` where they say nothing."""
    if name not in _LEVELS:
        value = getattr(labels, name, None)
        return None if value is None else bool(value)
    level = _LEVELS[name]
    if labels.severity is not None:
        return labels.severity >= level
    uncivil = labels.uncivil
    # civil or uncivil alone settles the levels below or above it only
    if uncivil is None or level == 2:
        return None if uncivil is None else bool(uncivil)
    return bool(uncivil) if bool(uncivil) == (level == 1) else None


def _towards() -> ColumnElement[str]:
    # constants, not parameters: PostgreSQL takes two parameters for two expressions when it groups
    return func.coalesce(func.nullif(comment.c.target, literal_column("''")), comment.c.article_title)


def _targets(connection: Connection, limit: int) -> list[Target]:
    number = func.count()
    query = (
        select(comment.c.thread_id, _towards(), func.min(comment.c.article_title), number)
        .where(_seen(), comment.c.stance.is_not(None), _towards().is_not(None))
        .group_by(comment.c.thread_id, _towards())
        .order_by(number.desc(), comment.c.thread_id, _towards())
        .limit(limit)
    )
    return [
        Target(thread_id=row[0], target=row[1], article_title=row[2], comments=row[3])
        for row in connection.execute(query)
    ]


def _stances(connection: Connection, target: Target, limit: int) -> list[StanceRow]:
    names = (comment.c.id, comment.c.dated_at, comment.c.stance, comment.c.severity)
    query = (
        select(*names)
        .where(
            _seen(),
            comment.c.stance.is_not(None),
            comment.c.thread_id.is_not_distinct_from(target.thread_id),
            _towards() == target.target,
        )
        .order_by(comment.c.dated_at, comment.c.seq)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    said: dict[str, Labels] = {}
    for ids in chunks([row.id for row in rows]):
        said |= merged_labels(connection, ids)
    nothing = Labels()
    return [
        StanceRow(
            id=row.id,
            day=row.dated_at[:_DAY],
            stance=row.stance,
            severity=row.severity,
            said_stance=said.get(row.id, nothing).stance,
            said_severity=said.get(row.id, nothing).severity,
        )
        for row in rows
    ]
