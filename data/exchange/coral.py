"""Coral: comments with what moderators decided, as its database or a table of it gives them.

Coral decides by itself too: it withholds what a model finds toxic and rejects banned words. Such
rows would teach the model another model's opinion, so they are left out and counted.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from data.exchange.records import rejected
from data.exchange.tools import LeftOut, Read, Users, dig, person, record
from data.formats import Row
from data.formats.html_text import html_to_text
from data.record import Labels

NAME: Final = "coral"
_DECIDED: Final = {"APPROVED": 0, "ACCEPTED": 0, "REJECTED": 1}
_UNDECIDED: Final = {
    "NONE": "not decided by anyone",
    "PREMOD": "waiting for a moderator",
    "SYSTEM_WITHHELD": "withheld by the system",
}
_HISTORIES: Final = ("statusHistory", "status_history", "moderationActions", "commentModerationActions")
_BANNED: Final = ("FLAG__COMMENT_DETECTED_BANNED_WORD", "flag.reasons.COMMENT_DETECTED_BANNED_WORD")


def matches(values: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a comment of Coral."""
    body = "body" in values or isinstance(values.get("revisions"), list)
    return body and str(values.get("status")).upper() in _DECIDED.keys() | _UNDECIDED.keys()


def read(row: Row, users: Users) -> Iterator[Read]:
    """Incivility 0 for what a moderator approved, 1 for what one rejected."""
    values = row.values
    status = str(values.get("status")).upper()
    if status in _UNDECIDED:
        yield LeftOut(_UNDECIDED[status])
        return
    if status not in _DECIDED:
        yield rejected(row, "status", "no status of Coral")
        return
    if values.get("deletedAt") or values.get("deleted_at"):
        yield LeftOut("deleted")
        return
    revisions = values.get("revisions")
    revision = revisions[-1] if isinstance(revisions, list) and revisions else values
    history = _history(values)
    last = next((act for act in reversed(history) if _status(act) == status), None)
    who = _first(last or values, "moderatorID", "moderator_id", "assigned_by", "moderator.id")
    if who in (None, "") and (last is not None or _banned(values, revision)):
        yield LeftOut("decided by a rule of Coral")
        return
    body = dig(revision, "body") or values.get("body")
    if not isinstance(body, str):
        yield rejected(row, "body", "empty" if not body else "not a string")
        return
    fields = {
        "text": html_to_text(body),
        "source": NAME,
        **_context(values),
        **_perspective(values, revision),
    }
    at = _date(_first(last or {}, "createdAt", "created_at"))
    labels = Labels(incivility=_DECIDED[status])
    by = person(who, users, NAME) or NAME
    yield record(row, fields, labels, by=by, at=at, default_id=f"{NAME}-{row.number}")


def _history(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    for name in _HISTORIES:
        acts = values.get(name)
        if isinstance(acts, list):
            return [act for act in acts if isinstance(act, Mapping)]
    return []


def _status(act: Mapping[str, Any]) -> str:
    return str(act.get("status") or act.get("type")).upper()


def _banned(values: Mapping[str, Any], revision: Any) -> bool:
    counts = [dig(of, name) for of in (revision, values) for name in ("actionCounts", "action_counts")]
    return any(dig(count, path) for count in counts for path in _BANNED) or bool(
        dig(revision, "metadata.wordList.bannedWords")
    )


def _context(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        "id": _first(values, "id", "_id"),
        "thread_id": _first(values, "storyID", "story_id", "asset_id", "story.id"),
        "parent_id": _first(values, "parentID", "parent_id", "parent.id"),
        "author": _first(values, "authorID", "author_id", "author.id"),
        "article_title": _first(values, "story.metadata.title", "story.title"),
        "url": _first(values, "story.url", "storyURL"),
        "created_at": _date(_first(values, "createdAt", "created_at")),
    }
    return {
        name: dig(value, "$oid") if isinstance(value, Mapping) else value
        for name, value in found.items()
        if value
    }


def _perspective(values: Mapping[str, Any], revision: Any) -> dict[str, Any]:
    """Perspective's score rides along: it is no label, but bench and moderators may want it."""
    held = dig(revision, "metadata.perspective") or dig(values, "metadata.perspective")
    score = dig(held, "score") if held else dig(values, "metadata.perspective.score")
    score = score if score is not None else dig(values, "metadata.perspective.SEVERE_TOXICITY.summaryScore")
    named = {"perspective_score": score, "perspective_model": dig(held, "model")}
    return {name: value for name, value in named.items() if value not in (None, "")}


def _first(values: Mapping[str, Any], *paths: str) -> Any:
    return next((found for path in paths if (found := dig(values, path)) not in (None, "")), None)


def _date(value: Any) -> Any:
    """Read MongoDB's own ways to write a moment: text, milliseconds, or either inside ``$date``."""
    while isinstance(value, Mapping):
        value = value.get("$date", value.get("$numberLong"))
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000, UTC).isoformat()
        except (OverflowError, OSError, ValueError):
            return str(value)
    return value
