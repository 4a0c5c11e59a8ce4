"""Questions to the journal: filtered, a page at a time, the newest first."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    or_,
    select,
)

from data.store.codec import to_labels
from data.store.journal_records import NO_REASON, JournalEntry, JournalFacets, JournalFilter
from data.store.tables import comment, decision

COUNTED: Final = 10_000
"""Rows that a count goes through at most."""

_UNDO: Final = decision.alias("undo_row")
_OWN: Final = (
    "id",
    "decided_at",
    "kind",
    "moderator",
    "rule",
    "batch",
    "comment_id",
    "reason",
    "statement",
    "origin",
    "proposed",
    "bundle",
    "previous_status",
    "previous_by",
    "previous_at",
    "undoes",
)


def page(
    connection: Connection,
    conditions: JournalFilter,
    limit: int,
    *,
    before: int | None = None,
    after: int | None = None,
) -> list[JournalEntry]:
    """Rows of ids below ``before``, newest first; or above ``after``, oldest first."""
    query = _select(conditions)
    if after is not None:
        query = query.where(decision.c.id > after).order_by(decision.c.id)
    else:
        query = query.order_by(decision.c.id.desc())
        query = query if before is None else query.where(decision.c.id < before)
    return [_entry(row) for row in connection.execute(query.limit(limit)).mappings()]


def entries(connection: Connection, ids: Sequence[int]) -> list[JournalEntry]:
    """Rows by their ids, oldest first."""
    query = _select(JournalFilter()).where(decision.c.id.in_(ids)).order_by(decision.c.id)
    return [_entry(row) for row in connection.execute(query).mappings()]


def count(connection: Connection, conditions: JournalFilter) -> int:
    """How many rows there are, up to ``COUNTED`` + 1."""
    some = _select(conditions).with_only_columns(decision.c.id).limit(COUNTED + 1).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def facets(connection: Connection) -> JournalFacets:
    def values(column: Column[Any]) -> list[str]:
        return sorted(v for v in connection.scalars(select(column).distinct()) if v)

    return JournalFacets(values(decision.c.moderator), values(decision.c.bundle), values(decision.c.reason))


def _select(conditions: JournalFilter) -> Select[Any]:
    joined = decision.outerjoin(comment, comment.c.id == decision.c.comment_id).outerjoin(
        _UNDO, _UNDO.c.undoes == decision.c.id
    )
    query = select(
        *(decision.c[name] for name in _OWN),
        decision.c.labels,
        _UNDO.c.id.label("undone_by"),
        comment.c.seq.label("held"),
        comment.c.article_title,
        comment.c.thread_id,
    )
    return query.select_from(joined).where(*_where(conditions))


def _where(conditions: JournalFilter) -> list[ColumnElement[bool]]:
    given = conditions
    exact = ("moderator", "kind", "comment_id", "bundle")
    found = [decision.c[name] == getattr(given, name) for name in exact if getattr(given, name) is not None]
    first, past = given.moments()
    if first is not None:
        found.append(decision.c.decided_at >= first)
    if past is not None:
        found.append(decision.c.decided_at < past)
    if given.source is not None:
        rule = decision.c.rule
        found.append(rule.is_(None) if given.source == "human" else rule.is_not(None))
    if given.reason == NO_REASON:
        found.append(and_(decision.c.kind == "reject", decision.c.reason.is_(None)))
    elif given.reason is not None:
        found.append(decision.c.reason == given.reason)
    if given.article is not None:
        found.append(
            or_(
                comment.c.thread_id == given.article.strip(),
                _holds(comment.c.article_title, given.article),
                _holds(comment.c.url, given.article),
            )
        )
    if given.text is not None:
        found.append(or_(_holds(decision.c.statement, given.text), _holds(decision.c.rule, given.text)))
    return found


def _holds(column: Column[Any], part: str) -> ColumnElement[bool]:
    # SQLite folds the case of ASCII letters alone, so that « é » would not find « É »
    part = part.strip()
    forms = {part, part.lower(), part.upper(), part.capitalize(), part.title()}
    return or_(*(column.icontains(form, autoescape=True) for form in sorted(forms)))


def _entry(row: RowMapping) -> JournalEntry:
    own: dict[str, Any] = {name: row[name] for name in _OWN}
    return JournalEntry(
        labels=to_labels(row["labels"]),
        undone_by=row["undone_by"],
        erased=row["held"] is None,
        article_title=row["article_title"],
        thread_id=row["thread_id"],
        **own,
    )
