"""WordPress: the comments inside the items of a WXR export."""

from typing import Any, Final

from data.errors import InputError
from data.formats.html_text import html_to_text
from data.formats.threads import Threads
from data.formats.xml_records import XmlRecord, XmlShape

SHAPE: Final = XmlShape(
    "rss", {"item": frozenset(("comment",))}, {"item": frozenset(("title", "link", "post_id"))}
)
_USED: Final = frozenset(("comment_id", "comment_content", "comment_author", "comment_parent"))
_LINKS: Final = frozenset(("pingback", "trackback"))


def convert(record: XmlRecord, threads: Threads) -> dict[str, Any] | None:
    """Columns of a comment.

    Raises
    ------
    InputError
        For a pingback or trackback: no reader wrote it.
    """
    del threads
    fields, item = record.fields, record.context
    if _one(fields.get("comment_type")) in _LINKS:
        raise InputError("a pingback or trackback, not a comment")
    date = _one(fields.get("comment_date_gmt")) or ""
    parent = _one(fields.get("comment_parent"))
    columns: dict[str, Any] = {
        "id": _one(fields.get("comment_id")),
        "text": html_to_text(_one(fields.get("comment_content")) or "", keep_newlines=True),
        "thread_id": item.get("post_id") or item.get("link") or None,
        "parent_id": None if parent == "0" else parent,
        "author": _one(fields.get("comment_author")),
        "created_at": date.replace(" ", "T") + "Z" if date and date[0] != "0" else None,
        "article_title": html_to_text(item.get("title", "")) or None,
        "url": item.get("link") or None,
    }
    rest = {name.replace("/", "_").replace("@", "_"): v for name, v in fields.items() if name not in _USED}
    return columns | {f"wp_{name}" if name in columns else name: value for name, value in rest.items()}


def _one(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) else value
    return first.strip() or None if isinstance(first, str) else None
