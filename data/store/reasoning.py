"""The reason of a rejection and its statement, as they go into the journal."""

import json
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select

from data.errors import InputError
from data.reasons import ORIGINS, Origin, draft, look_up, problems, refuse
from data.reasons.drafting import Decided
from data.store.account_tables import account
from data.store.privacy import author_key, pseudonym
from data.store.texts import storable
from data.taxonomy import ACTIONS

PUBLISH: Final = ACTIONS[0]
POLICY: Final = "policy:"
"""How the rule of an act begins that the site's policy took without anyone seeing the comment."""


def detected(proposed: str | None) -> bool:
    """Whether the model had picked a comment out, from what it proposed at the time."""
    return proposed is not None and proposed != PUBLISH


def decided_by(rule: str | None) -> Decided:
    """Who decided, from the rule that the journal has for an act.

    >>> decided_by(None), decided_by("incivility 0.8 to 1"), decided_by("policy: rule 1")
    ('human', 'batch', 'rule')
    """
    if rule is None:
        return "human"
    return "rule" if rule.startswith(POLICY) else "batch"


def reasoned(
    connection: Connection,
    held: RowMapping,
    *,
    kind: str,
    moderator: str,
    reason: str | None,
    statement: str | None,
    origin: Origin = "voluntary",
    decided: Decided = "human",
    proposed: str | None = None,
) -> dict[str, Any]:
    """Journal columns of a decision: its reason, its statement, and what the model had proposed.

    A reason without a statement gets the drafted one, so that what the author is told is kept.

    Parameters
    ----------
    proposed
        Action that the model had proposed; by default the one of the scores as they are now.

    Raises
    ------
    InputError
        For a reason outside the list, a reason or statement of something else than a rejection.
    StatementError
        If the statement quotes the comment or names anyone.
    """
    proposed = proposed or json.loads(held["scores"]).get("action")
    values = {"proposed": proposed, "reason": None, "statement": None, "origin": None}
    if reason is None and statement is None:
        return values
    if kind not in ("reject", "justify"):
        raise InputError("only a rejection has a reason", fix="reject the comment, or give no reason")
    if reason is None:
        raise InputError("a statement of reasons needs a reason", fix="choose one of the list")
    look_up(reason)
    if origin not in ORIGINS:
        raise InputError(f"no origin {origin!r:.40}", fix=f"use one of {', '.join(ORIGINS)}")
    drafted = draft(reason, detected=detected(proposed), decided=decided, origin=origin)
    given = drafted if statement is None else storable(statement.strip())
    if given != drafted:
        check(connection, held, given, moderator=moderator)
    return values | {"reason": reason, "statement": given, "origin": origin}


def check(connection: Connection, held: RowMapping, statement: str, *, moderator: str) -> None:
    """Raise StatementError when ``statement`` quotes the comment or names anyone who is known here."""
    key, author = author_key(connection), held["author"]
    names = {name for name in (moderator, held["decided_by"]) if name}
    names.update(connection.scalars(select(account.c.name)))
    found = problems(
        statement,
        comment=held["text"],
        moderators=names,
        is_author=lambda name: author is not None and pseudonym(name, key) == author,
    )
    refuse(found)
