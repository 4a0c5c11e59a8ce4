"""Acts of moderators: each writes the journal and the comment in one transaction."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, exists, select, update

from data.errors import ConflictError, InputError, StoreError
from data.record import Labels
from data.store import leases
from data.store.codec import dumps, now
from data.store.labelling import LabelRow, drop_row, merge, read_row, restore, write_rows
from data.store.reasoning import reasoned
from data.store.records import STATUS_OF, Verdict
from data.store.tables import comment, decision
from data.store.texts import storable


def decide(
    connection: Connection,
    comment_id: str,
    verdict: Verdict | None,
    labels: Labels,
    *,
    moderator: str,
    version: int,
    bundle: str | None,
    reason: str | None = None,
    statement: str | None = None,
) -> None:
    """Record a verdict with its labels, or labels alone when ``verdict`` is ``None``.

    Raises
    ------
    ConflictError
        If the comment is no longer at ``version``.
    LeaseLostError
        If the verdict comes while another moderator holds the comment.
    """
    if verdict is not None and verdict not in STATUS_OF:
        raise ValueError(f"verdict {verdict!r:.40} is none of {', '.join(STATUS_OF)}")
    moderator = named(moderator)
    held, at = locked(connection, comment_id), now()
    if held["version"] != version:
        raise ConflictError(
            f"comment {comment_id!r:.80} was decided meanwhile by {held['decided_by'] or 'someone else'}",
            fix="reload it and decide again if need be",
        )
    if verdict is not None:
        leases.check(connection, [held["seq"]], moderator, comment_id)
        leases.drop(connection, [held["seq"]])
    before = read_row(connection, comment_id, moderator)
    journal_row(
        connection,
        held,
        kind=verdict or "label",
        moderator=moderator,
        decided_at=at,
        labels=dumps(labels.given()),
        bundle=bundle or json.loads(held["scores"]).get("bundle"),
        previous_label=before and dumps(packed(before)),
        **reasoned(
            connection,
            held,
            kind=verdict or "label",
            moderator=moderator,
            reason=reason,
            statement=statement,
        ),
    )
    said = LabelRow(
        labels=merge(before.labels if before else {}, labels.given()),
        verdict=verdict or (before.verdict if before else None),
        labelled_at=at,
    )
    write_rows(connection, [(comment_id, moderator, said)])
    changed: dict[str, Any] = {}
    if verdict is not None:
        changed = {"status": STATUS_OF[verdict], "decided_by": moderator, "decided_at": at}
    _move_on(connection, held, changed, at)


def standing(acts: FromClause = decision) -> ColumnElement[bool]:
    """Acts that nobody took back; a reason given later is part of the act it is given for."""
    taken_back = decision.alias()
    done = acts.c.kind.not_in(("undo", "erase", "justify"))
    return ~exists().where(taken_back.c.undoes == acts.c.id) & done


def latest(connection: Connection, moderator: str) -> RowMapping | None:
    """Find this moderator's latest act that still stands.

    A batch is one act: what of it could not be taken back with the rest does not stand in the way.
    """
    undone = decision.alias()
    mine = (
        select(decision)
        .join(comment, comment.c.id == decision.c.comment_id)
        .where(
            decision.c.moderator == named(moderator),
            standing(),
            decision.c.batch.is_(None)
            | ~exists().where(undone.c.batch == decision.c.batch, undone.c.kind == "undo"),
        )
        .order_by(decision.c.id.desc())
        .limit(1)
    )
    return connection.execute(mine).mappings().first()


def undo(connection: Connection, moderator: str) -> str | None:
    """Take back this moderator's latest act that still stands.

    Returns
    -------
    str or None
        Id of the comment, ``None`` when nothing is left to undo.

    Raises
    ------
    ConflictError
        If someone else acted on that comment after.
    """
    moderator = named(moderator)
    while (last := latest(connection, moderator)) is not None:
        held = locked(connection, last["comment_id"])
        # another window of theirs may have taken it back while this one waited for the row
        again = latest(connection, moderator)
        if again is not None and again["id"] == last["id"]:
            break
    else:
        return None
    later = select(decision.c.moderator).where(
        decision.c.comment_id == last["comment_id"],
        decision.c.id > last["id"],
        decision.c.moderator != moderator,
        standing(),
    )
    if other := connection.scalar(later.limit(1)):
        raise ConflictError(
            f"{other} acted on comment {last['comment_id']!r:.80} after you",
            fix="open the comment and decide again instead of undoing",
        )
    at = now()
    journal_row(
        connection, held, kind="undo", moderator=moderator, decided_at=at, labels="{}", undoes=last["id"]
    )
    put_back(connection, last)
    changed = {
        "status": last["previous_status"],
        "decided_by": last["previous_by"],
        "decided_at": last["previous_at"],
    }
    _move_on(connection, held, changed, at)
    return str(last["comment_id"])


def named(moderator: str) -> str:
    if not moderator or not moderator.strip():
        raise InputError("a decision needs a moderator's name", fix="give a name or pseudonym")
    return storable(moderator.strip())


def locked(connection: Connection, comment_id: str) -> RowMapping:
    # FOR UPDATE is for PostgreSQL; SQLite has its one write lock already
    query = select(comment).where(comment.c.id == comment_id).with_for_update()
    held = connection.execute(query).mappings().first()
    if held is None:
        raise StoreError(
            f"no comment {comment_id!r:.80}", fix="it was erased, or never added: reload the queue"
        )
    return held


def journal_row(connection: Connection, held: RowMapping, **values: Any) -> None:
    previous = {"status": held["status"], "by": held["decided_by"], "at": held["decided_at"]}
    connection.execute(
        decision.insert().values(
            comment_id=held["id"], **{f"previous_{k}": v for k, v in previous.items()}, **values
        )
    )


def _move_on(connection: Connection, held: RowMapping, changed: dict[str, Any], at: str) -> None:
    moved = changed | {"version": held["version"] + 1, "touched_at": at}
    connection.execute(update(comment).where(comment.c.id == held["id"]).values(moved))


def packed(row: LabelRow) -> dict[str, Any]:
    return {
        "labels": dict(row.labels),
        "verdict": row.verdict,
        "labelled_at": row.labelled_at,
        "source": row.source,
    }


def put_back(connection: Connection, act: RowMapping) -> None:
    """Restore the labels that an act replaced."""
    comment_id, annotator = act["comment_id"], act["moderator"]
    current = read_row(connection, comment_id, annotator) or LabelRow()
    before = LabelRow(**json.loads(act["previous_label"])) if act["previous_label"] else None
    labels = restore(current.labels, before.labels if before else {}, json.loads(act["labels"]))
    if before is None and not labels:
        drop_row(connection, comment_id, annotator)
        return
    template = before or current
    row = LabelRow(
        labels=labels,
        verdict=before.verdict if before else None,
        labelled_at=template.labelled_at,
        source=template.source,
    )
    write_rows(connection, [(comment_id, annotator, row)])
