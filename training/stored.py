"""Comments of the decision store with their scores, through what the store offers."""

import heapq
from collections.abc import Iterator, Sequence
from typing import Final

from data.store import QueueItem, Store

DECIDED: Final = ("approved", "rejected")
EVERY: Final = ("pending", "skipped", *DECIDED, "imported")

_PAGE: Final = 5000


def stored(store: Store, statuses: Sequence[str] = EVERY) -> Iterator[QueueItem]:
    """Stream every comment of these statuses; at most a page of them is held at once."""
    for status in statuses:
        seen: set[str] = set()
        while page := store.next_items(status, limit=_PAGE, exclude=seen):
            seen.update(item.comment.id for item in page)
            yield from page


def latest(store: Store, count: int) -> list[QueueItem]:
    """The ``count`` comments that were written, or else decided, last; the newest first."""
    return heapq.nlargest(count, stored(store), key=_when)


def _when(item: QueueItem) -> tuple[str, str]:
    return item.comment.created_at or item.decided_at or "", item.comment.id
