"""Questions to the store."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from data.errors import StoreError
from data.record import Comment, Labels
from data.store.codec import to_comment, to_labels
from data.store.heard import read_blind
from data.store.labelling import merged_labels, to_row
from data.store.records import STATUSES, Decision, QueueItem
from data.store.tables import comment, decision, label
from data.store.tasks import blind_readings
from data.taxonomy import ACTIONS

Row = Mapping[str, Any]


def queue_ids(connection: Connection, status: str, limit: int, exclude: Collection[str]) -> list[str]:
    """Ids in queue order: proposed holds, then reviews, then the rest, the least civil first."""
    if status not in STATUSES:
        raise ValueError(f"status {status!r:.40} is none of {', '.join(STATUSES)}")
    skipped = set(exclude)
    found = connection.scalars(
        select(comment.c.id)
        .where(comment.c.status == status)
        .order_by(comment.c.action_rank, comment.c.incivility.desc(), comment.c.id)
        .limit(limit + len(skipped))
    )
    return [id_ for id_ in found if id_ not in skipped][:limit]


def thread_ids(connection: Connection, thread_id: str, limit: int, around: str | None = None) -> list[str]:
    """Ids of a thread, oldest first; comments without a date come last, in the order added.

    Of a thread that is longer than ``limit``, the first ones, or those nearest to ``around``.
    """
    order = (comment.c.created_at.is_(None), comment.c.created_at, comment.c.seq)
    query = select(comment.c.id).where(comment.c.thread_id == thread_id).order_by(*order)
    start = 0
    if around is not None:
        place = func.row_number().over(order_by=order).label("place")
        numbered = select(comment.c.id, place).where(comment.c.thread_id == thread_id).subquery()
        many = select(func.count()).select_from(numbered).scalar_subquery()
        found = connection.execute(select(numbered.c.place, many).where(numbered.c.id == around)).first()
        if found is not None:
            start = max(0, min(found[0] - 1 - limit // 2, found[1] - limit))
    return list(connection.scalars(query.limit(limit).offset(start)))


def items(connection: Connection, ids: Sequence[str]) -> list[QueueItem]:
    """Queue items in the order of ``ids``; ids that the store lacks are left out."""
    rows = _by_id(connection, ids)
    parents = _by_id(connection, {row["parent_id"] for row in rows.values() if row["parent_id"]})
    labels = merged_labels(connection, ids)
    return [_item(rows[id_], parents, labels.get(id_, Labels())) for id_ in ids if id_ in rows]


def item(connection: Connection, comment_id: str) -> QueueItem:
    """One queue item.

    Raises
    ------
    StoreError
        If there is no such comment.
    """
    found = items(connection, [comment_id])
    if not found:
        raise StoreError(
            f"no comment {comment_id!r:.80}", fix="it was erased, or never added: reload the queue"
        )
    return found[0]


def _by_id(connection: Connection, ids: Collection[str]) -> dict[str, Row]:
    if not ids:
        return {}
    found = connection.execute(select(comment).where(comment.c.id.in_(ids))).mappings()
    return {row["id"]: {str(name): value for name, value in row.items()} for row in found}


def _item(row: Row, parents: dict[str, Row], labels: Labels) -> QueueItem:
    held = parents.get(row["parent_id"])
    parent: Comment | None = None
    if held is not None:
        parent = to_comment(held)
    elif row["parent_text"]:
        parent = Comment(text=row["parent_text"], id=row["parent_id"] or "", thread_id=row["thread_id"])
    return QueueItem(
        comment=to_comment(row, parent_text=parent.text if parent else None),
        scores=json.loads(row["scores"]),
        parent=parent,
        status=row["status"],
        version=row["version"],
        labels=labels,
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        site=row["site"],
        section=row["section"],
    )


def counts(connection: Connection) -> dict[str, int]:
    """How many comments are in each status; ``flagged`` are pending ones not to be published as is."""
    tally = dict.fromkeys(("pending", "approved", "rejected", "skipped", "to_review", "flagged"), 0)
    grouped = select(comment.c.status, comment.c.action_rank, func.count()).group_by(
        comment.c.status, comment.c.action_rank
    )
    publish = len(ACTIONS) - 1
    for status, rank, number in connection.execute(grouped):
        if status in tally:
            tally[status] += number
        if status == "pending" and rank < publish:
            tally["flagged"] += number
    return tally


def journal(connection: Connection, limit: int, comment_id: str | None) -> list[Decision]:
    """Journal rows, the newest first."""
    query = select(decision).order_by(decision.c.id.desc()).limit(limit)
    if comment_id is not None:
        query = query.where(decision.c.comment_id == comment_id)
    names = tuple(field.name for field in fields(Decision) if field.name != "labels")
    return [
        Decision(labels=to_labels(row["labels"]), **{name: row[name] for name in names})
        for row in connection.execute(query).mappings()
    ]


def labelled_page(
    connection: Connection, after: tuple[int, str], size: int, *, include_skipped: bool
) -> tuple[list[Comment], tuple[int, str] | None]:
    """Labelled comments past ``after`` (sequence number, annotator), and where to go on."""
    parent = comment.alias("parent")
    query = (
        select(comment, label, parent.c.text.label("held_parent"))
        .join(label, label.c.comment_id == comment.c.id)
        .outerjoin(parent, parent.c.id == comment.c.parent_id)
        .where((comment.c.seq > after[0]) | ((comment.c.seq == after[0]) & (label.c.annotator > after[1])))
        .order_by(comment.c.seq, label.c.annotator)
        .limit(size)
    )
    rows = connection.execute(query).mappings().all()
    blind = blind_readings(connection, (row[comment.c.id] for row in rows))
    readings = (_labelled(row, blind) for row in rows)
    found = [labelled for labelled in readings if include_skipped or labelled.labels]
    if len(rows) < size:
        return found, None
    return found, (rows[-1][comment.c.seq], rows[-1][label.c.annotator])


def _labelled(row: RowMapping, blind: set[tuple[str, str | None]]) -> Comment:
    word = {c.name: row[c] for c in label.c}
    said = to_row(word)
    held = {c.name: row[c] for c in comment.c} | {"source": said.source}
    item = to_comment(held, parent_text=row["held_parent"])
    if read_blind(word, blind):
        item = replace(item, extra={**item.extra, "sampling": "blind"})
    return replace(
        item,
        labels=Labels(**said.effective),  # type: ignore[arg-type]
        labelled_by=row[label.c.annotator],
        labelled_at=said.labelled_at,
    )
