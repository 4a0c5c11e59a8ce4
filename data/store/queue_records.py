"""What the store says of its queue: facets, batches, histories and saved views."""

from dataclasses import dataclass

from data.store.filters import Order, QueueFilter
from data.store.records import QueueItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Values that the queue can be narrowed to, with how many comments have them, the most first.

    ``threads`` holds (thread id, article title, comments).
    """

    sites: tuple[tuple[str, int], ...]
    sections: tuple[tuple[str, int], ...]
    threads: tuple[tuple[str, str | None, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What an act on many comments did.

    ``batch`` names the act in the journal; ``conflicts`` are the ids that were left as they were,
    since someone had decided, held or erased them meanwhile.
    """

    batch: str
    done: int
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorHistory:
    """What became of a pseudonymous author's comments; ``rate`` is rejected / decided.

    ``recent`` holds the latest decided ones, newest decision first.
    """

    decided: int
    approved: int
    rejected: int
    rate: float | None
    recent: tuple[QueueItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A filter and an order under a name of its owner's choice."""

    name: str
    filter: QueueFilter
    order: Order
