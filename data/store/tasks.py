"""What is to be labelled: lists drawn from the store, and what was said of their comments.

A task of kind ``active`` or ``blind`` is for whoever comes first; ``second`` is for anyone who has
not labelled the comment yet; ``repeat`` shows a person a comment of theirs once more, and what they
say then stands in the task alone, so that their first word stays theirs.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    exists,
    func,
    select,
    update,
)

from data.errors import ConflictError
from data.record import Comment, Labels
from data.store.codec import UNSCORED, dumps, now, to_comment, to_labels
from data.store.deciding import decide, named
from data.store.labelling import REVIEW
from data.store.tables import METADATA, comment, label, upsert

TaskKind = Literal["active", "blind", "second", "repeat"]
ANYONE: Final = ""

task = Table(
    "task",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("comment_id", Text, ForeignKey("comment.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("annotator", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("drawn_at", Text, nullable=False),
    Column("done_by", Text),
    Column("done_at", Text),
    Column("labels", Text),
)

STATEMENTS: Final = (
    """CREATE TABLE task (
        id {serial}, comment_id TEXT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
        kind TEXT NOT NULL, annotator TEXT NOT NULL, reason TEXT NOT NULL, drawn_at TEXT NOT NULL,
        done_by TEXT, done_at TEXT, labels TEXT, UNIQUE (comment_id, kind, annotator))""",
    "CREATE INDEX task_open ON task (done_at, id)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A comment to be labelled: why, and by whom (``ANYONE`` unless it is a repeat)."""

    comment_id: str
    kind: TaskKind
    reason: str = ""
    annotator: str = ANYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task on the list."""

    id: int
    comment_id: str
    kind: TaskKind

    @property
    def hides_scores(self) -> bool:
        """Whether the model's view would colour an answer that is there to measure."""
        return self.kind != "active"


def add(connection: Connection, drafts: Sequence[Draft]) -> int:
    """Put comments on the list; one that is on it for the same purpose stays as it is."""
    at, before = now(), connection.scalar(select(func.count()).select_from(task)) or 0
    rows = [
        {
            "comment_id": d.comment_id,
            "kind": d.kind,
            "annotator": d.annotator,
            "reason": d.reason,
            "drawn_at": at,
        }
        for d in drafts
    ]
    if rows:
        connection.execute(upsert(connection, task).on_conflict_do_nothing(), rows)
    return (connection.scalar(select(func.count()).select_from(task)) or 0) - before


def next_task(connection: Connection, annotator: str, exclude: Collection[int]) -> Task | None:
    """Choose the first open task that this person may do."""
    query = select(task).where(_open(), _may(named(annotator))).order_by(task.c.id)
    passed = set(exclude)
    rows = connection.execute(query.limit(1 + len(passed))).mappings()
    row = next((row for row in rows if row["id"] not in passed), None)
    return None if row is None else Task(id=row["id"], comment_id=row["comment_id"], kind=row["kind"])


def waiting(connection: Connection, annotator: str) -> int:
    """How many open tasks this person may do."""
    query = select(func.count()).select_from(task).where(_open(), _may(named(annotator)))
    return connection.scalar(query) or 0


def _open() -> ColumnElement[bool]:
    """Not done, or done and taken back since: its label is gone."""
    stands = exists().where(label.c.comment_id == task.c.comment_id, label.c.annotator == task.c.done_by)
    return task.c.done_at.is_(None) | ((task.c.kind != "repeat") & ~stands)


def _may(who: str) -> ColumnElement[bool]:
    said = exists().where(label.c.comment_id == task.c.comment_id)
    mine = exists().where(label.c.comment_id == task.c.comment_id, label.c.annotator == who)
    return (
        (task.c.kind.in_(("active", "blind")) & ~said)
        | ((task.c.kind == "second") & ~mine)
        | ((task.c.kind == "repeat") & (task.c.annotator == who))
    )


def finish(connection: Connection, given: Task, labels: Labels, *, annotator: str, version: int) -> None:
    """Record what a person said in a task.

    Raises
    ------
    ConflictError
        If someone did the task, or changed the comment, meanwhile; nothing is written.
    """
    who = named(annotator)
    done = update(task).where(task.c.id == given.id, _open())
    changed = connection.execute(done.values(done_by=who, done_at=now(), labels=dumps(labels.given())))
    if changed.rowcount != 1:
        raise ConflictError("the task was done meanwhile", fix="take the next one")
    if given.kind != "repeat":
        decide(connection, given.comment_id, None, labels, moderator=who, version=version, bundle=None)


def pool_page(
    connection: Connection, after: int, size: int
) -> tuple[list[tuple[Comment, dict[str, Any]]], int | None]:
    """Scored comments that nobody labelled and no list holds, past ``after``, and where to go on."""
    query = (
        select(comment)
        .where(
            comment.c.seq > after,
            comment.c.action_rank < UNSCORED,
            ~exists().where(label.c.comment_id == comment.c.id),
            ~exists().where(task.c.comment_id == comment.c.id),
        )
        .order_by(comment.c.seq)
        .limit(size)
    )
    rows = connection.execute(query).mappings().all()
    found = [(to_comment(row), json.loads(row["scores"])) for row in rows]  # type: ignore[arg-type]
    return found, rows[-1]["seq"] if len(rows) == size else None


def read_once(connection: Connection) -> list[tuple[str, str]]:
    """Comment and annotator of every comment that one person labelled, and no second reading is due."""
    due = exists().where(task.c.comment_id == label.c.comment_id, task.c.kind.in_(("second", "repeat")))
    query = (
        select(label.c.comment_id, func.min(label.c.annotator).label("annotator"))
        .where(~due, label.c.source == REVIEW)
        .group_by(label.c.comment_id)
        .having(func.count() == 1)
        .order_by(label.c.comment_id)
    )
    return [(row.comment_id, row.annotator) for row in connection.execute(query)]


def repeats(connection: Connection) -> list[tuple[str, str, Labels, Labels]]:
    """Comment, annotator, first and second word of every repeat that was done."""
    query = (
        select(task.c.comment_id, task.c.done_by, label.c.labels.label("first"), task.c.labels)
        .join(label, (label.c.comment_id == task.c.comment_id) & (label.c.annotator == task.c.done_by))
        .where(task.c.kind == "repeat", task.c.done_at.is_not(None))
        .order_by(task.c.id)
    )
    return [
        (row.comment_id, row.done_by, to_labels(row.first), to_labels(row.labels))
        for row in connection.execute(query)
    ]


def blind_readings(connection: Connection, comment_ids: Iterable[str]) -> set[tuple[str, str | None]]:
    """Comment and reader of every blind task; the reader is ``None`` while it is open."""
    query = select(task.c.comment_id, task.c.done_by).where(
        task.c.comment_id.in_(set(comment_ids)), task.c.kind == "blind"
    )
    return {(row.comment_id, row.done_by) for row in connection.execute(query)}
