"""The decision store."""

from data.store.connection import default_store_url
from data.store.records import Decision, ImportSummary, QueueItem, StoredKey, Verdict
from data.store.store import Store
from data.store.tasks import Draft, Task

__all__ = [
    "Decision",
    "Draft",
    "ImportSummary",
    "QueueItem",
    "Store",
    "StoredKey",
    "Task",
    "Verdict",
    "default_store_url",
]
