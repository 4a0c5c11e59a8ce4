"""Reddit: the Pushshift archives, one JSON object a line, comments (RC) and submissions (RS)."""

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from data.errors import InputError
from data.formats.threads import Threads

_USED: Final = frozenset(("body", "link_id", "created_utc"))
_GONE: Final = frozenset(("[deleted]", "[removed]", "[supprimé]"))


def convert(record: Mapping[str, Any], threads: Threads) -> dict[str, Any] | None:
    r"""Columns of a comment; ``None`` for a submission, whose title later comments take.

    Raises
    ------
    InputError
        For a comment of which only its removal is left.

    >>> row = convert({"id": "b", "body": "&gt; Non\n\nSi", "link_id": "t3_x", "parent_id": "t1_a",
    ...     "created_utc": 1700000000, "subreddit": "france"}, Threads())
    >>> row["text"], row["parent_id"], row["created_at"], row["subreddit"]
    ('> Non\n\nSi', 'a', '2023-11-14T22:13:20+00:00', 'france')
    """
    key = _text(record.get("id"))
    body = record.get("body")
    if body is None and "title" in record:
        threads.add(f"t3_{key}", _unescaped(record.get("title")), _text(record.get("permalink")))
        return None
    if isinstance(body, str) and body.strip() in _GONE:
        raise InputError("deleted by its author or removed")
    thread_id = _text(record.get("link_id"))
    known = threads.get(thread_id)
    parent = _text(record.get("parent_id")) or ""
    columns: dict[str, Any] = {
        "id": key,
        "text": _unescaped(body),
        "thread_id": thread_id,
        "parent_id": parent.removeprefix("t1_") if parent.startswith("t1_") else None,
        "author": _text(record.get("author")),
        "created_at": _date(record.get("created_utc")),
        "article_title": _unescaped(record.get("link_title")) or known.title,
        "url": _text(record.get("permalink")) or known.url,
    }
    return columns | {k: v for k, v in record.items() if k not in columns and k not in _USED}


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and value != "" else None


def _unescaped(value: Any) -> Any:
    """Markdown as it was typed: the archives escape ``>``, which begins a quotation."""
    return html.unescape(value) if isinstance(value, str) else value


def _date(value: Any) -> str | None:
    try:
        return datetime.fromtimestamp(int(value), UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None
