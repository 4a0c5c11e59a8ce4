"""One record of a Coral export: a comment with its last revision, an act of moderation, or a flag."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from data.formats.html_text import html_to_text

STATUSES: Final = ("NONE", "APPROVED", "REJECTED", "PREMOD", "SYSTEM_WITHHELD")
NONE, APPROVED, REJECTED, PREMOD, WITHHELD = range(len(STATUSES))
UNKNOWN: Final = len(STATUSES)

BANNED, TOXIC, STAFF, EXTERNAL = 1, 2, 4, 8
"""Bits: a banned word was found, Coral flagged it toxic, its author is of the house, a phase decided."""

OTHER_REASONS: Final = frozenset(("SPAM", "AD", "IRRELEVANT_CONTENT", "MISINFORMATION"))
"""Reasons of a rejection that say nothing of incivility."""

_REASONS: Final = {"COMMENT_DETECTED_BANNED_WORD": BANNED, "COMMENT_DETECTED_TOXIC": TOXIC}
_HISTORIES: Final = ("statusHistory", "status_history", "moderationActions", "commentModerationActions")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralAct:
    """A change of status. ``person`` is false where Coral itself made it."""

    comment: str
    revision: str
    status: int
    person: bool
    other_reason: bool
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralFlag:
    """What a phase of Coral found in a comment, as bits."""

    comment: str
    bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralComment:
    """A comment as its last revision has it; moments in milliseconds, -1 where unknown.

    ``score`` is Perspective's for that revision, ``None`` where it never came; ``calls`` counts
    the revisions that have one.
    """

    id: str
    story: str
    text: str
    revision: str
    revisions: int
    calls: int
    score: float | None
    model: str
    status: int
    flags: int
    deleted: bool
    created: int
    revised: int
    acts: tuple[CoralAct, ...]


def parse(raw: Mapping[str, Any]) -> CoralComment | CoralAct | CoralFlag | None:
    """Read one record; ``None`` for a story, whose comments are all that is wanted.

    Raises
    ------
    ValueError
        For a record that is none of these; the message names no content.
    InputError
        For a body that no comment has.

    >>> parse({"commentID": "c1", "status": "REJECTED", "moderatorID": "m1"}).person
    True
    >>> comment = parse({"id": "c1", "status": "NONE", "revisions": [{"id": "r1", "body": "<b>Oui</b>",
    ...     "metadata": {"perspective": {"score": {"$numberDouble": "0.91"}, "model": "TOXICITY"}}}]})
    >>> comment.text, comment.score, comment.model
    ('Oui', 0.91, 'TOXICITY')
    """
    if raw.get("commentID") and raw.get("actionType"):
        found = _REASONS.get(str(raw.get("reason")), 0) if not raw.get("userID") else 0
        return CoralFlag(comment=_id(raw["commentID"]), bits=found)
    if raw.get("commentID") and raw.get("status"):
        return _act(raw, _id(raw["commentID"]))
    if "revisions" in raw or "revision" in raw or "body" in raw:
        return _comment(raw)
    if "url" in raw or "metadata" in raw:
        return None
    raise ValueError("no comment, moderation action, flag or story of Coral")


def _comment(raw: Mapping[str, Any]) -> CoralComment:
    key = _id(raw.get("id")) or _id(raw.get("_id"))
    if not key:
        raise ValueError("a comment without an id")
    held = raw.get("revisions")
    revisions = [r for r in held if isinstance(r, Mapping)] if isinstance(held, list) else []
    last: Mapping[str, Any] = revisions[-1] if revisions else _mapping(raw.get("revision")) or raw
    body = last.get("body") if last.get("body") is not None else raw.get("body")
    if not isinstance(body, str | None):
        raise ValueError("a body that is no text")
    score, model = _perspective(last)
    created = moment(raw.get("createdAt"))
    revised = moment(last.get("createdAt"))
    calls = sum(_perspective(revision)[0] is not None for revision in revisions or [last])
    return CoralComment(
        id=key,
        story=_id(raw.get("storyID")) or _id(_mapping(raw.get("story")).get("id")),
        text=html_to_text(body) if body else "",
        revision=_id(last.get("id")) if last is not raw else "",
        revisions=max(1, len(revisions)),
        calls=calls,
        score=score,
        model=model,
        status=status_of(raw.get("status")),
        flags=_flags(raw, last),
        deleted=bool(raw.get("deletedAt")),
        created=created if created >= 0 else revised,
        revised=max(revised, created),
        acts=tuple(_act(act, key) for act in _history(raw)),
    )


def _act(raw: Mapping[str, Any], comment: str) -> CoralAct:
    moderator = raw.get("moderatorID") or _mapping(raw.get("moderator")).get("id") or raw.get("assigned_by")
    reason = _mapping(raw.get("rejectionReason"))
    return CoralAct(
        comment=comment,
        revision=_id(raw.get("commentRevisionID")) or _id(_mapping(raw.get("revision")).get("id")),
        status=status_of(raw.get("status") or raw.get("type")),
        person=bool(moderator),
        other_reason=str(reason.get("code") or reason.get("reason")) in OTHER_REASONS,
        at=moment(raw.get("createdAt") or raw.get("created_at")),
    )


def _history(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    for name in _HISTORIES:
        acts = raw.get(name)
        acts = acts.get("nodes") if isinstance(acts, Mapping) else acts
        if isinstance(acts, list):
            return [act for act in acts if isinstance(act, Mapping)]
    return []


def _flags(raw: Mapping[str, Any], last: Mapping[str, Any]) -> int:
    bits = 0
    for holder in (last, raw):
        counts = _mapping(holder.get("actionCounts"))
        reasons = _mapping(_mapping(counts.get("flag")).get("reasons"))
        for reason, bit in _REASONS.items():
            found = counts.get(f"FLAG__{reason}"), reasons.get(reason)
            bits |= bit if any((number(count) or 0) > 0 for count in found) else 0
    metadata = _mapping(last.get("metadata"))
    bits |= BANNED if _mapping(metadata.get("wordList")).get("bannedWords") else 0
    phases = metadata.get("externalModeration")
    for phase in phases if isinstance(phases, list) else ():
        said = _mapping(_mapping(phase).get("result")).get("status")
        bits |= EXTERNAL if said and said != "NONE" and said == raw.get("status") else 0
    tags = raw.get("tags")
    for tag in tags if isinstance(tags, list) else ():
        kind = _mapping(tag).get("type") or _mapping(tag).get("code")
        bits |= STAFF if kind in ("STAFF", "ADMIN", "MODERATOR", "EXPERT") else 0
    return bits


def _perspective(revision: Mapping[str, Any]) -> tuple[float | None, str]:
    held = _mapping(_mapping(revision.get("metadata")).get("perspective"))
    score = number(held.get("score"))
    model = held.get("model")
    if score is None or not 0 <= score <= 1:
        return None, ""
    return score, model[:80] if isinstance(model, str) else ""


def status_of(value: Any) -> int:
    """Code of a status, ``UNKNOWN`` for what is none."""
    name = str(value).upper()
    name = {"ACCEPTED": "APPROVED"}.get(name, name)
    return STATUSES.index(name) if name in STATUSES else UNKNOWN


def number(value: Any) -> float | None:
    """Read a number, also as a database export wraps it.

    >>> number({"$numberInt": "3"}), number(True), number("0.5")
    (3.0, None, None)
    """
    if isinstance(value, Mapping) and len(value) == 1:
        ((kind, inner),) = value.items()
        try:
            value = float(inner) if str(kind).startswith("$number") else None
        except (TypeError, ValueError):
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def moment(value: Any) -> int:
    """Read a moment as milliseconds since 1970: ISO 8601, milliseconds, or either inside ``$date``; else -1.

    >>> moment({"$date": "2026-01-02T00:00:00Z"}) == moment({"$date": {"$numberLong": "1767312000000"}})
    True
    """
    value = value.get("$date") if isinstance(value, Mapping) and "$date" in value else value
    if isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            return max(-1, int(at.timestamp() * 1000))
        except (ValueError, OverflowError):
            return -1
    milliseconds = number(value)
    return int(milliseconds) if milliseconds is not None and 0 <= milliseconds < 2**53 else -1


def _id(value: Any) -> str:
    value = value.get("$oid") if isinstance(value, Mapping) else value
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
