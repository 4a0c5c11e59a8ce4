"""Comments that come in: with scores from the model, or with labels from people."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from data.record import Comment
from data.store.codec import CONTEXT, comment_values, fingerprint, now, score_values
from data.store.columns import SCORED
from data.store.labelling import LabelRow, merge, to_row, write_rows
from data.store.privacy import author_key, erased, pseudonym
from data.store.records import ImportSummary
from data.store.tables import comment, label, upsert
from data.store.texts import storable

BATCH: Final = 1000
"""Rows per transaction: few enough that a moderator never waits for a whole dump."""

UNNAMED: Final = "import"
"""Annotator of labels that come without a name."""


def place(connection: Connection, comments: Sequence[Comment]) -> list[str | None]:
    """Say under which id each comment is stored; ``None`` for one that was erased.

    Dumps without ids number their rows, so two dumps meet on the same ids: a comment whose text
    differs from the one stored under its id gets an id of its own, ``id~text hash``.
    """
    prints = [fingerprint(c.text) for c in comments]
    ids = [storable(c.id) for c in comments]
    own = [f"{id_}~{print_[:8]}" for id_, print_ in zip(ids, prints, strict=True)]
    wanted = {*ids, *own}
    gone = erased(connection, wanted)
    query = select(comment.c.id, comment.c.fingerprint).where(comment.c.id.in_(wanted))
    known: dict[str, str] = {row.id: row.fingerprint for row in connection.execute(query)}
    placed: list[str | None] = []
    for id_, other, print_ in zip(ids, own, prints, strict=True):
        chosen = id_ if known.setdefault(id_, print_) == print_ else other
        known.setdefault(chosen, print_)
        placed.append(None if chosen in gone or id_ in gone else chosen)
    return placed


def add_batch(
    connection: Connection, rows: Sequence[tuple[Comment, Mapping[str, Any] | None]]
) -> list[str | None]:
    """Insert comments, or only refresh the scores of those already there; decisions stay.

    Returns
    -------
    list of str or None
        The id that each was stored under, ``None`` for one that was erased earlier.
    """
    key, at = author_key(connection), now()
    comments = [c for c, _ in rows]
    placed = place(connection, comments)
    gone = erased(connection, {storable(c.parent_id) for c in comments if c.parent_id})
    values: dict[str, dict[str, Any]] = {}
    for (item, scores), id_ in zip(rows, placed, strict=True):
        if id_ is None:
            continue
        row = comment_values(item, author=pseudonym(item.author, key), at=at) | {"id": id_}
        if row["parent_id"] in gone:
            row["parent_text"] = None
        if scores is not None:
            row |= score_values(scores) | {"status": "pending"}
        values[id_] = row
    if values:
        statement = upsert(connection, comment)
        new = statement.excluded
        scored = new.status == "pending"
        refreshed = {
            # a blank that erasure left must not be filled again, so parent_text is not among these
            **{name: func.coalesce(comment.c[name], new[name]) for name in CONTEXT if name != "parent_text"},
            **{name: case((scored, new[name]), else_=comment.c[name]) for name in ("scores", *SCORED)},
            "status": case((comment.c.status == "imported", new.status), else_=comment.c.status),
            **{name: func.coalesce(comment.c[name], new[name]) for name in ("site", "section")},
            # a comment without a date is as old as its arrival: to be scored again makes it no younger
            "dated_at": case(
                (comment.c.created_at.is_(None) & new.created_at.is_not(None), new.dated_at),
                else_=comment.c.dated_at,
            ),
        }
        connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=refreshed), list(values.values())
        )
    return placed


def add_scored_batch(connection: Connection, rows: Sequence[tuple[Comment, Mapping[str, Any]]]) -> int:
    """Store scored comments, and the labels that come with a name; returns the rows stored."""
    placed = add_batch(connection, rows)
    named = [c for c, _ in rows if c.labelled_by and c.labels]
    if named:
        import_batch(connection, named, None)
    return sum(id_ is not None for id_ in placed)


def import_batch(connection: Connection, comments: Sequence[Comment], annotator: str | None) -> ImportSummary:
    """Write labelled comments; the same row a second time changes nothing."""
    placed = add_batch(connection, [(c, None) for c in comments])
    query = select(label).where(label.c.comment_id.in_({id_ for id_ in placed if id_}))
    known = {
        (row["comment_id"], row["annotator"]): to_row(row) for row in connection.execute(query).mappings()
    }
    at, added, updated, unchanged = now(), 0, 0, 0
    changes: dict[tuple[str, str], LabelRow] = {}
    for item, id_ in zip(comments, placed, strict=True):
        given = item.labels.given()
        if id_ is None or not given:
            unchanged += 1
            continue
        who = storable(annotator or item.labelled_by or UNNAMED)
        before = known.get((id_, who))
        if before and given.items() <= before.effective.items():
            unchanged += 1
            continue
        known[id_, who] = changes[id_, who] = LabelRow(
            labels=merge(before.labels if before else {}, given),
            verdict=before.verdict if before else None,
            labelled_at=item.labelled_at or at,
            source=item.source or UNNAMED,
        )
        added, updated = added + (before is None), updated + (before is not None)
    write_rows(connection, ((id_, who, row) for (id_, who), row in changes.items()))
    if changes:
        touched = comment.update().where(comment.c.id.in_({id_ for id_, _ in changes})).values(touched_at=at)
        connection.execute(touched)
    return ImportSummary(added=added, updated=updated, unchanged=unchanged)


__all__ = ["BATCH", "UNNAMED", "add_batch", "add_scored_batch", "import_batch", "place"]
