"""One moderator's desk: which comments their browser holds, and the answer to each of its messages.

Streamlit may drop an answer when the next one is ready, never the last. Every answer therefore
stands alone: it follows from the message it answers and from the store.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from data.errors import StoreError
from data.store import QueueItem, Store
from data.store.filters import Order, QueueFilter
from training.review.people import Person
from training.review.workbench.applying import LEASE_SECONDS, Applied, apply_log
from training.review.workbench.beside import beside
from training.review.workbench.cards import card
from training.review.workbench.explainer import Explainer
from training.review.workbench.wire import MAX_HELD, Ask

FIRST: Final = 30
"""Comments sent before anything is on screen: few, so that it soon is."""

PREFETCH: Final = 120
"""Most comments sent at once: twenty-four seconds at five keys a second."""

COUNT_EVERY: Final = 3.0
"""Seconds between two counts of the whole queue."""


@dataclass(slots=True)
class Desk:
    """What is remembered between two messages of one session; the store holds all that matters."""

    store: Store
    person: Person
    explainer: Explainer
    filter: QueueFilter = field(default_factory=QueueFilter)
    order: Order = "risk"
    _answered: tuple[str, int] = ("", -1)
    _applied: Applied = field(default_factory=Applied)
    _counted: tuple[str, float] = ("", 0.0)
    _items: dict[str, QueueItem] = field(default_factory=dict)

    @property
    def queue(self) -> str:
        """Name of the queue that is asked for: another filter, order or person is another queue."""
        asked = json.dumps([self.filter.to_dict(), self.order, self.person.name], sort_keys=True)
        return hashlib.sha256(asked.encode()).hexdigest()[:16]

    def answer(self, ask: Ask) -> dict[str, Any]:
        """Apply the acts of a message and say what the browser needs next.

        Returns
        -------
        dict
            JSON values. What could not be read or written is in ``error``, and is asked for again.
        """
        said: dict[str, Any] = {"mount": ask.mount, "seq": ask.seq, "queue": self.queue}
        if (ask.mount, ask.seq) != self._answered:
            # a page drawn again for another reason carries the message that was answered before
            mine = ask.me == self.person.name
            self._applied = apply_log(self.store, ask, self.person) if mine else Applied()
            self._answered = (ask.mount, ask.seq)
        said |= {"acks": list(self._applied.acks), "error": self._applied.error}
        try:
            said |= self._fill(ask)
            said["counts"] = self._count(anew=ask.config)
        except StoreError as error:
            said["error"] = said["error"] or str(error)
        said["status"] = self.filter.status
        return said

    def _fill(self, ask: Ask) -> dict[str, Any]:
        held = ask.have if ask.queue == self.queue else ()
        gone = set(ask.have) - set(held)
        if gone:
            self.store.release(self.person.name, gone)
        said: dict[str, Any] = {"lost": sorted(self._renew(held) if ask.beat else ())}
        fresh = self._lease(ask, held)
        said["items"] = [card(item) for item in fresh]
        self._remember(fresh, held, ask.near)
        near = [self._item(id_) for id_ in (ask.near or [item.comment.id for item in fresh[:2]])]
        shown = [item for item in near if item is not None]
        said["beside"] = {item.comment.id: beside(self.store, item) for item in shown}
        said["evidence"] = self.explainer.ask(self.person.name, shown)
        said["wait"] = len(said["evidence"]) < len(shown)
        if ask.full and (item := self._item(ask.full)) is not None:
            said["full"] = card(item, whole=True)
        return said

    def _lease(self, ask: Ask, held: Sequence[str]) -> list[QueueItem]:
        wanted = FIRST if ask.want is None else min(ask.want, PREFETCH, MAX_HELD - len(held))
        if wanted <= 0:
            return []
        who = self.person.name
        if not self.person.may("decide"):  # who only reads must not keep anything from the others
            found = self.store.queue(self.filter, self.order, limit=wanted + len(held))
            return [item for item in found if item.comment.id not in set(held)][:wanted]
        return self.store.lease(who, self.filter, self.order, wanted, LEASE_SECONDS, exclude=held)

    def _renew(self, held: Sequence[str]) -> set[str]:
        if not held or not self.person.may("decide"):
            return set()
        return set(held) - self.store.renew(self.person.name, held, LEASE_SECONDS)

    def _count(self, *, anew: bool) -> dict[str, int] | None:
        """Count, but not at every key: ``None`` leaves it to the browser to count its own acts."""
        name, at = self._counted
        if not anew and name == self.queue and time.monotonic() - at < COUNT_EVERY:
            return None
        self._counted = (self.queue, time.monotonic())
        return self.store.status_counts(self.filter)

    def _remember(self, fresh: Sequence[QueueItem], held: Sequence[str], near: Sequence[str]) -> None:
        kept = {*held, *near}
        self._items = {id_: item for id_, item in self._items.items() if id_ in kept}
        self._items |= {item.comment.id: item for item in fresh}

    def _item(self, comment_id: str) -> QueueItem | None:
        if comment_id not in self._items:
            try:
                self._items[comment_id] = self.store.item(comment_id)
            except StoreError:  # erased while it was on screen; the next act on it says so
                return None
        return self._items[comment_id]
