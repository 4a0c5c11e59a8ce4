"""One act on many comments: decided together by a rule, and taken back together."""

import json
import secrets
import time
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from data.errors import ConflictError, InputError
from data.store import deciding, leases
from data.store.codec import dumps, now
from data.store.deciding import named, packed, put_back, standing
from data.store.labelling import LabelRow, to_row, write_rows
from data.store.queue_records import BatchResult
from data.store.reasoning import decided_by, reasoned
from data.store.records import STATUS_OF, Verdict
from data.store.tables import comment, decision, label
from data.store.texts import chunks, storable
from data.store.work import seqs

MAX_RULE: Final = 4000
_CHUNK: Final = 500
_TURNS: Final = 4
_PAUSE: Final = 0.05  # seconds; acts on one comment are shorter


def decide_many(
    connection: Connection,
    seen: Sequence[tuple[str, int]],
    verdict: Verdict,
    *,
    moderator: str,
    rule: str,
    reason: str | None = None,
) -> BatchResult:
    """Record a verdict on comments as they were at the given versions, one journal row each.

    Comments that changed meanwhile, or that someone else holds, are left alone and reported. No
    label is made of such a verdict: nobody read the comment, and a model that learned from rules on
    its own scores would learn itself. Labels that this moderator had given before stay, under the
    new verdict.
    """
    if verdict not in STATUS_OF:
        raise ValueError(f"verdict {verdict!r:.40} is none of {', '.join(STATUS_OF)}")
    if not rule.strip() or len(rule) > MAX_RULE:
        raise InputError("a batch needs the rule that chose it", fix=f"give 1 to {MAX_RULE} characters")
    moderator, wanted = named(moderator), dict(seen)
    shared = {
        "kind": verdict,
        "moderator": moderator,
        "decided_at": now(),
        "labels": "{}",
        "batch": f"b-{secrets.token_hex(8)}",
        "rule": storable(rule.strip()),
    }
    done: set[str] = set()
    left = seqs(connection, wanted)
    for turn in range(_TURNS):
        if turn and left:
            time.sleep(_PAUSE)
        busy: list[int] = []
        for part in chunks(left, _CHUNK):
            held = _free(connection, part)
            busy += set(part) - {row["seq"] for row in held}
            others = leases.others(connection, part, moderator)
            ready = [row for row in held if row["version"] == wanted[row["id"]] and row["seq"] not in others]
            if ready:
                _decide(connection, ready, shared, reason)
            done |= {row["id"] for row in ready}
        left = sorted(busy)
    missed = tuple(id_ for id_ in wanted if id_ not in done)
    return BatchResult(batch=shared["batch"], done=len(done), conflicts=missed)


def _free(connection: Connection, numbers: Sequence[int]) -> Sequence[RowMapping]:
    """Lock comments that no other act has locked; to wait for one could be to wait for each other."""
    query = select(comment).where(comment.c.seq.in_(numbers)).order_by(comment.c.seq)
    return connection.execute(query.with_for_update(skip_locked=True)).mappings().all()


def _decide(
    connection: Connection, rows: Sequence[RowMapping], shared: dict[str, Any], reason: str | None
) -> None:
    ids, numbers = [row["id"] for row in rows], [row["seq"] for row in rows]
    mine = select(label).where(label.c.comment_id.in_(ids), label.c.annotator == shared["moderator"])
    labelled = {row["comment_id"]: to_row(row) for row in connection.execute(mine).mappings()}
    journal = [
        shared
        | {
            "comment_id": row["id"],
            "bundle": json.loads(row["scores"]).get("bundle"),
            "previous_status": row["status"],
            "previous_by": row["decided_by"],
            "previous_at": row["decided_at"],
            "previous_label": dumps(packed(labelled[row["id"]])) if row["id"] in labelled else None,
            **reasoned(
                connection,
                row,
                kind=shared["kind"],
                moderator=shared["moderator"],
                reason=reason,
                statement=None,
                decided=decided_by(shared["rule"]),
            ),
        }
        for row in rows
    ]
    connection.execute(decision.insert(), journal)
    said = (
        (id_, shared["moderator"], LabelRow(labels=row.labels, verdict=shared["kind"], source=row.source))
        for id_, row in labelled.items()
    )
    write_rows(connection, said)
    moved = {
        "status": STATUS_OF[shared["kind"]],
        "decided_by": shared["moderator"],
        "decided_at": shared["decided_at"],
        "touched_at": shared["decided_at"],
        "version": comment.c.version + 1,
    }
    connection.execute(update(comment).where(comment.c.seq.in_(numbers)).values(moved))
    leases.drop(connection, numbers)


def undo_batch(connection: Connection, batch: str, moderator: str) -> tuple[list[str], BatchResult]:
    """Take back a batch of one's own, but for the comments on which someone acted since.

    Returns
    -------
    list of str, BatchResult
        Ids restored, and the result with those left as they are.

    Raises
    ------
    ConflictError
        If nothing of the batch is left to take back.
    """
    moderator = named(moderator)
    mine = (
        select(decision, comment.c.seq.label("seq"))
        .join(comment, comment.c.id == decision.c.comment_id)
        .where(decision.c.batch == batch, decision.c.moderator == moderator, standing())
        .order_by(comment.c.seq)
    )
    acts = connection.execute(mine).mappings().all()
    restored: list[str] = []
    for part in chunks(acts, _CHUNK):
        restored += _take_back(connection, part, moderator)
    if not restored:
        raise ConflictError(
            "nothing of this batch can be taken back: it was undone, or decided again since",
            fix="open the comments and decide again instead of undoing",
        )
    kept = set(restored)
    missed = tuple(act["comment_id"] for act in acts if act["comment_id"] not in kept)
    return restored, BatchResult(batch=batch, done=len(restored), conflicts=missed)


def _take_back(connection: Connection, acts: Sequence[RowMapping], moderator: str) -> list[str]:
    numbers = [act["seq"] for act in acts]
    query = select(comment).where(comment.c.seq.in_(numbers)).order_by(comment.c.seq).with_for_update()
    held = {row["id"]: row for row in connection.execute(query).mappings()}
    # read after the rows are locked: nobody can act on them any more
    latest_ids = [act["id"] for act in acts]
    later = decision.alias("later")
    newer = (
        select(decision.c.comment_id)
        .join(later, (later.c.comment_id == decision.c.comment_id) & (later.c.id > decision.c.id))
        .where(decision.c.id.in_(latest_ids), standing(later) | (later.c.undoes == decision.c.id))
    )
    busy = set(connection.scalars(newer))
    ready = [act for act in acts if act["comment_id"] in held and act["comment_id"] not in busy]
    if not ready:
        return []
    at = now()
    journal = [
        {
            "comment_id": act["comment_id"],
            "kind": "undo",
            "moderator": moderator,
            "decided_at": at,
            "labels": "{}",
            "undoes": act["id"],
            "batch": act["batch"],
            "previous_status": held[act["comment_id"]]["status"],
            "previous_by": held[act["comment_id"]]["decided_by"],
            "previous_at": held[act["comment_id"]]["decided_at"],
        }
        for act in ready
    ]
    connection.execute(decision.insert(), journal)
    for act in ready:
        if act["previous_label"]:
            put_back(connection, act)
    back = update(comment).where(comment.c.seq == bindparam("number"))
    values = {
        "status": bindparam("old_status"),
        "decided_by": bindparam("old_by"),
        "decided_at": bindparam("old_at"),
        "touched_at": at,
        "version": comment.c.version + 1,
    }
    before = [
        {
            "number": act["seq"],
            "old_status": act["previous_status"],
            "old_by": act["previous_by"],
            "old_at": act["previous_at"],
        }
        for act in ready
    ]
    connection.execute(back.values(values), before)
    return [act["comment_id"] for act in ready]


def undo_latest(connection: Connection, moderator: str) -> str | None:
    """Take back a moderator's latest act, one comment's or a batch's; returns the first id restored."""
    last = deciding.latest(connection, moderator)
    if last is None or last["batch"] is None:
        return deciding.undo(connection, moderator)
    return undo_batch(connection, last["batch"], moderator)[0][0]
