"""Coral: comments and stories as its database or its API gives them, JSON array or JSON Lines."""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.html_text import html_to_text
from data.formats.threads import Threads

_USED: Final = frozenset(("id", "storyID", "parentID", "authorID", "createdAt"))


def convert(record: Mapping[str, Any], threads: Threads) -> dict[str, Any] | None:
    r"""Columns of a comment; ``None`` for a story, whose title later comments take.

    The body is that of the last revision. ``body`` rides along where it is not the text itself,
    and Perspective's score becomes the column ``perspective_score``.

    >>> convert({"id": "s1", "url": "/a", "metadata": {"title": "La réforme"}}, threads := Threads())
    >>> row = convert({"id": "c1", "storyID": "s1", "parentID": None, "status": "APPROVED",
    ...     "revisions": [{"body": "<p>Oui<br>non</p>", "metadata": {"perspective": {"score": 0.2}}}]
    ... }, threads)
    >>> row["text"], row["article_title"], row["perspective_score"], row["status"]
    ('Oui\nnon', 'La réforme', 0.2, 'APPROVED')
    """
    revisions = record.get("revisions")
    last = revisions[-1] if isinstance(revisions, list) and revisions else _mapping(record.get("revision"))
    last = _mapping(last)
    story, author = _mapping(record.get("story")), _mapping(record.get("author"))
    key = _text(record.get("id")) or _text(record.get("_id"))
    if "body" not in record and not last and ("url" in record or "metadata" in record):
        threads.add(key or "", _title(record), record.get("url"))
        return None
    body = record.get("body") if record.get("body") is not None else last.get("body")
    thread_id = _text(record.get("storyID")) or _text(story.get("id"))
    known = threads.get(thread_id)
    text = html_to_text(body) if isinstance(body, str) else body
    columns: dict[str, Any] = {
        "id": key,
        "text": text,
        "thread_id": thread_id,
        "parent_id": _text(record.get("parentID")) or _text(_mapping(record.get("parent")).get("id")),
        "author": _text(record.get("authorID")) or _text(author.get("id")) or _text(author.get("username")),
        "created_at": _date(record.get("createdAt")),
        "article_title": _title(story) or known.title,
        "url": _text(story.get("url")) or known.url,
        "perspective_score": _score(last) if _score(last) is not None else _score(record),
    }
    rest = {name: value for name, value in record.items() if name not in _USED and name not in columns}
    if text == body:
        rest.pop("body", None)
    return columns | rest


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    """An id: text, or the ``$oid`` of a database export."""
    if isinstance(value, Mapping):
        value = value.get("$oid")
    return str(value) if isinstance(value, (str, int)) and value != "" else None


def _title(story: Mapping[str, Any]) -> str | None:
    return _text(_mapping(story.get("metadata")).get("title")) or _text(story.get("title"))


def _date(value: Any) -> Any:
    """A date as text: a database export wraps it in ``$date``, in milliseconds or ISO 8601."""
    value = value.get("$date", value) if isinstance(value, Mapping) else value
    value = value.get("$numberLong", value) if isinstance(value, Mapping) else value
    return str(value) if isinstance(value, (str, int)) else None


def _score(holder: Mapping[str, Any]) -> Any:
    score = _mapping(_mapping(holder.get("metadata")).get("perspective")).get("score")
    return score if isinstance(score, (int, float)) else None
