"""Disqus: the XML export, threads first and posts after them."""

from typing import Any, Final

from data.formats.html_text import html_to_text
from data.formats.threads import Threads
from data.formats.xml_records import XmlRecord, XmlShape

SHAPE: Final = XmlShape("disqus", {"disqus": frozenset(("thread", "post"))})
_USED: Final = frozenset(("@id", "message", "createdAt", "thread@id", "parent@id"))


def convert(record: XmlRecord, threads: Threads) -> dict[str, Any] | None:
    """Columns of a post; ``None`` for a thread, whose title its posts take."""
    fields = record.fields
    key = _one(fields.get("@id"))
    if record.name == "thread":
        threads.add(key or "", _one(fields.get("title")), _one(fields.get("link")))
        return None
    thread_id = _one(fields.get("thread@id"))
    known = threads.get(thread_id)
    columns: dict[str, Any] = {
        "id": key,
        "text": html_to_text(_one(fields.get("message")) or ""),
        "thread_id": thread_id,
        "parent_id": _one(fields.get("parent@id")),
        "author": _one(fields.get("author/username")) or _one(fields.get("author/name")),
        "created_at": _one(fields.get("createdAt")),
        "article_title": known.title,
        "url": known.url,
    }
    # An element of a post called like a column of ours keeps its value under another name.
    rest = {f"post_{k}" if k in columns else k: v for k, v in fields.items() if k not in _USED}
    return columns | {name.replace("/", "_").replace("@", "_"): value for name, value in rest.items()}


def _one(value: Any) -> str | None:
    """The text of an element; of the first where it is repeated."""
    first = value[0] if isinstance(value, list) else value
    return first.strip() or None if isinstance(first, str) else None
