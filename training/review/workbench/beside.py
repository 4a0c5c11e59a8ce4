"""What stands beside a comment: its thread, its author's history, others that say the same."""

from typing import Any, Final

from data.store import QueueItem, Store
from training.review.language import moment
from training.review.workbench.cards import author_name, clip

THREAD_LIMIT: Final = 50
SAME_LIMIT: Final = 100
_MAX_TEXT: Final = 600
_MAX_RECENT: Final = 160


def beside(store: Store, item: QueueItem) -> dict[str, Any]:
    """Surroundings of a comment, from the store.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    comment = item.comment
    thread = store.thread(comment.thread_id, THREAD_LIMIT, around=comment.id) if comment.thread_id else []
    return {
        "v": item.version,
        "thread": [_in_thread(one, comment.id) for one in thread] if len(thread) > 1 else [],
        "cut": len(thread) >= THREAD_LIMIT,
        "history": _history(store, comment.author),
        "same": [_same(one) for one in store.duplicates(comment.id, limit=SAME_LIMIT)],
    }


def _in_thread(item: QueueItem, here: str) -> dict[str, Any]:
    comment = item.comment
    return {
        "here": comment.id == here,
        "status": item.status,
        "author": author_name(comment.author),
        "when": comment.created_at and moment(comment.created_at),
        "text": clip(comment.text, _MAX_TEXT),
    }


def _history(store: Store, author: str | None) -> dict[str, Any] | None:
    if not author:
        return None
    history = store.author_history(author)
    return {
        "decided": history.decided,
        "rejected": history.rejected,
        "rate": history.rate,
        "recent": [
            {"status": one.status, "text": clip(one.comment.text, _MAX_RECENT)} for one in history.recent
        ],
    }


def _same(item: QueueItem) -> dict[str, Any]:
    comment = item.comment
    return {
        "id": comment.id,
        "v": item.version,
        "author": author_name(comment.author),
        "when": comment.created_at and moment(comment.created_at),
        "title": comment.article_title and clip(comment.article_title, _MAX_RECENT),
    }
