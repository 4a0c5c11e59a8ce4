"""The decision store."""

from data.store.connection import default_store_url
from data.store.filters import ORDERS, SCORED_LABELS, Order, QueueFilter
from data.store.insights import Judged, StanceRow, Target
from data.store.queue_records import AuthorHistory, BatchResult, Facets, SavedView
from data.store.records import STATUSES, Decision, ImportSummary, QueueItem, Status, StoredKey, Verdict
from data.store.store import Store
from data.store.tasks import Draft, Task
from data.store.watching import Arrival, Reading

__all__ = [
    "ORDERS",
    "SCORED_LABELS",
    "STATUSES",
    "Arrival",
    "AuthorHistory",
    "BatchResult",
    "Decision",
    "Draft",
    "Facets",
    "ImportSummary",
    "Judged",
    "Order",
    "QueueFilter",
    "QueueItem",
    "Reading",
    "SavedView",
    "StanceRow",
    "Status",
    "Store",
    "StoredKey",
    "Target",
    "Task",
    "Verdict",
    "default_store_url",
]
