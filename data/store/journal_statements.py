"""Rejections with their statements, as they stand today, for the transparency database."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, func, select

from data.reasons.dsa import Stated
from data.store.deciding import standing
from data.store.journal_acts import JUSTIFY
from data.store.journal_records import JournalFilter
from data.store.reasoning import decided_by, detected
from data.store.tables import comment, decision, meta, upsert

_STORE_ID: Final = "store_id"


@dataclass(frozen=True, slots=True)
class Unstated:
    """A rejection that no statement can be made of, and why."""

    decision_id: int
    why: str


def store_id(connection: Connection) -> str:
    """Name this store in the statements' identifiers; made at first use, and kept by its copies."""
    fresh = {"key": _STORE_ID, "value": secrets.token_hex(6)}
    connection.execute(upsert(connection, meta).values(fresh).on_conflict_do_nothing())
    return str(connection.scalar(select(meta.c.value).where(meta.c.key == _STORE_ID)))


def statements(
    connection: Connection, conditions: JournalFilter, name: str, after: int, size: int
) -> tuple[list[Stated | Unstated], int | None]:
    """Standing rejections past the row ``after``, oldest first, and where to go on."""
    first, past = conditions.moments()
    query = select(decision).where(decision.c.kind == "reject", decision.c.id > after, standing())
    if first is not None:
        query = query.where(decision.c.decided_at >= first)
    if past is not None:
        query = query.where(decision.c.decided_at < past)
    rejections = connection.execute(query.order_by(decision.c.id).limit(size)).mappings().all()
    later = _later(connection, rejections)
    written = {
        str(row.id): row.dated_at
        for row in connection.execute(
            select(comment.c.id, comment.c.dated_at).where(
                comment.c.id.in_({row["comment_id"] for row in rejections})
            )
        )
    }
    found = [_stated(row, later.get(row["comment_id"], ()), written, name) for row in rejections]
    return found, rejections[-1]["id"] if len(rejections) == size else None


def _later(connection: Connection, rejections: Sequence[RowMapping]) -> dict[str, list[RowMapping]]:
    if not rejections:
        return {}
    query = select(decision).where(
        decision.c.comment_id.in_({row["comment_id"] for row in rejections}),
        decision.c.id > min(row["id"] for row in rejections),
        standing() | (decision.c.kind == JUSTIFY),
    )
    acts: dict[str, list[RowMapping]] = {}
    for row in connection.execute(query.order_by(decision.c.id)).mappings():
        acts.setdefault(row["comment_id"], []).append(row)
    return acts


def _stated(
    row: RowMapping, acts: Sequence[RowMapping], written: dict[str, str], name: str
) -> Stated | Unstated:
    given, end = row, None
    for act in _of_this(row, acts):
        if act["kind"] == JUSTIFY:
            given = act
        else:
            end = _day(act["decided_at"])
    if row["comment_id"] not in written:
        return Unstated(row["id"], "its comment was erased")
    if given["reason"] is None or given["statement"] is None:
        return Unstated(row["id"], "nobody gave a reason")
    return Stated(
        puid=f"courtois-{name}-{row['id']}",
        reason=given["reason"],
        statement=given["statement"],
        origin=given["origin"] or "voluntary",
        detected=detected(row["proposed"]),
        decided=decided_by(row["rule"]),
        content_date=_day(written[row["comment_id"]]),
        application_date=_day(row["decided_at"]),
        end_date=end,
    )


def _of_this(row: RowMapping, acts: Sequence[RowMapping]) -> Iterator[RowMapping]:
    """Reasons given for this rejection, and the act that ended it."""
    for act in acts:
        if act["id"] <= row["id"]:
            continue
        if act["kind"] == JUSTIFY:
            yield act
        elif act["kind"] not in ("label", "reject"):
            yield act
            return
        elif act["kind"] == "reject":
            return


def _day(stamp: str) -> date:
    return datetime.fromisoformat(stamp).astimezone().date()


def unreasoned(connection: Connection) -> int:
    """How many comments are rejected today without anyone having said why."""
    reasoned = select(decision.c.comment_id).where(decision.c.reason.is_not(None))
    query = select(func.count()).select_from(comment)
    return connection.scalar(query.where(comment.c.status == "rejected", comment.c.id.not_in(reasoned))) or 0
