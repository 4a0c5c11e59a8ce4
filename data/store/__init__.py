"""The decision store."""

from data.store.connection import default_store_url
from data.store.records import Decision, ImportSummary, QueueItem, StoredKey, Verdict
from data.store.store import Store

__all__ = ["Decision", "ImportSummary", "QueueItem", "Store", "StoredKey", "Verdict", "default_store_url"]
