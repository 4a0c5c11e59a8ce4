"""Between records and table rows."""

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from data.record import Comment, Labels
from data.store.columns import UNSCORED, dated, likeness, place_values, queue_values
from data.store.texts import storable

CONTEXT: Final = (
    "thread_id",
    "parent_id",
    "parent_text",
    "created_at",
    "article_title",
    "target",
    "url",
    "source",
)
"""Optional strings of a comment that are stored as they are."""


def now() -> str:
    """Tell the time, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def fingerprint(text: str) -> str:
    """Sameness of two texts, whatever their line ends and Unicode form."""
    plain = " ".join(unicodedata.normalize("NFC", storable(text)).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def dumps(value: Any) -> str:
    """JSON of a cell; what JSON lacks (dates, numpy numbers, NaN) becomes the nearest it has."""
    try:
        text = json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False)
    except ValueError:
        text = json.dumps(_finite(value), default=_plain, allow_nan=False, ensure_ascii=False)
    return storable(text)


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        return _finite(value.item())
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(k): _finite(v) for k, v in value.items()}
    return [_finite(v) for v in value] if isinstance(value, (list, tuple)) else value


def comment_values(comment: Comment, *, author: str | None, at: str) -> dict[str, Any]:
    """Column values of a new, unscored comment."""
    context = {name: getattr(comment, name) for name in CONTEXT}
    return {
        "id": storable(comment.id),
        "text": storable(comment.text),
        "fingerprint": fingerprint(comment.text),
        **{name: value and storable(value) for name, value in context.items()},
        "author": author,
        "extra": dumps(dict(comment.extra)),
        **score_values({}),
        "status": "imported",
        "version": 0,
        "touched_at": at,
        **place_values(comment.extra),
        "dated_at": dated(comment.created_at, at),
        "near": likeness(storable(comment.text)),
    }


def score_values(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Column values that the queue is filtered and ordered by, and the scores themselves."""
    return {"scores": dumps(dict(scores)), **queue_values(scores)}


def to_comment(row: Mapping[str, Any], *, parent_text: str | None = None) -> Comment:
    """Read the record in a row of table ``comment``, without labels."""
    context = {name: row[name] for name in CONTEXT}
    context["parent_text"] = context["parent_text"] or parent_text
    extra = json.loads(row["extra"]) or {}
    return Comment(text=row["text"], id=row["id"], author=row["author"], extra=extra, **context)


def to_labels(cell: str) -> Labels:
    return Labels(**json.loads(cell))


__all__ = [
    "CONTEXT",
    "UNSCORED",
    "comment_values",
    "dumps",
    "fingerprint",
    "now",
    "score_values",
    "storable",
    "to_comment",
    "to_labels",
]
