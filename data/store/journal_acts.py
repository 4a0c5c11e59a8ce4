"""Reasons that are given, or put in other words, after the rejection."""

from sqlalchemy import Connection, select

from data.errors import ConflictError
from data.reasons import Origin, draft
from data.reasons.drafting import Decided
from data.store.codec import dumps, now
from data.store.deciding import journal_row, locked, named, standing
from data.store.reasoning import decided_by, detected, reasoned
from data.store.tables import decision

JUSTIFY = "justify"


def justify(
    connection: Connection,
    comment_id: str,
    *,
    moderator: str,
    reason: str,
    statement: str | None,
    origin: Origin,
) -> None:
    """Add a row with the reason of a rejection that stands; the rejection's own row stays as it was.

    Raises
    ------
    ConflictError
        If the comment is not rejected, or no longer.
    InputError
        For an unknown reason, or a statement that quotes the comment or names anyone.
    """
    moderator = named(moderator)
    held = locked(connection, comment_id)
    if held["status"] != "rejected":
        raise ConflictError(
            f"comment {comment_id!r:.80} is not rejected", fix="reload it: someone may have decided meanwhile"
        )
    given = reasoned(
        connection,
        held,
        kind=JUSTIFY,
        moderator=moderator,
        reason=reason,
        statement=statement,
        origin=origin,
        decided=decided(connection, comment_id),
        proposed=latest(connection, comment_id, "proposed"),
    )
    journal_row(
        connection,
        held,
        kind=JUSTIFY,
        moderator=moderator,
        decided_at=now(),
        labels=dumps({}),
        bundle=latest(connection, comment_id, "bundle"),
        **given,
    )


def drafted(connection: Connection, comment_id: str, reason: str, origin: Origin) -> str:
    """Write the statement of a standing rejection as it would be without anyone's edits."""
    seen = detected(latest(connection, comment_id, "proposed"))
    return draft(reason, detected=seen, decided=decided(connection, comment_id), origin=origin)


def decided(connection: Connection, comment_id: str) -> Decided:
    """Whether a person or a rule rejected the comment."""
    return decided_by(latest(connection, comment_id, "rule"))


def latest(connection: Connection, comment_id: str, column: str) -> str | None:
    """What the latest standing rejection of a comment says in ``column``."""
    query = (
        select(decision.c[column])
        .where(decision.c.comment_id == comment_id, decision.c.kind == "reject", standing())
        .order_by(decision.c.id.desc())
        .limit(1)
    )
    return connection.scalar(query)
