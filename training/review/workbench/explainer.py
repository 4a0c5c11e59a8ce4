"""Evidence for what is on screen or next, computed beside the queue so that no key waits for it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final

from data.errors import BundleError
from data.store import QueueItem
from model.judgement import Reason
from training.review.service import explained
from training.review.workbench.marks import evidence

Explain = Callable[[QueueItem], tuple[tuple[Reason, ...], str | None]]
Known = dict[str, Any]

KEPT: Final = 600
"""Comments whose evidence is remembered, among all moderators of this process."""

MAX_WORDS: Final = 12
"""Most disguised words listed; a comment made of nothing else would fill the page."""


class Explainer:
    """One thread that explains the comments asked for last, the newest wish first.

    Explaining takes a hundred times as long as a decision: what a moderator has gone past before
    its turn came is not explained at all.
    """

    def __init__(self, explain: Explain) -> None:
        self._explain = explain
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()
        self._wanted: dict[str, list[QueueItem]] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def ask(self, who: str, items: Sequence[QueueItem]) -> dict[str, Known]:
        """Give what is known of ``items``; the rest becomes all that ``who`` wishes for."""
        for item in items:
            if explained(item) and _key(item) not in self._known:  # needs no model, and no time
                self._keep(item, self._known_of(item))
        with self._changed:
            found = {item.comment.id: self._known[_key(item)] for item in items if _key(item) in self._known}
            missing = [item for item in items if item.comment.id not in found]
            self._wanted[who] = missing
            if missing:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._work, name="courtois-explain", daemon=True)
                    self._thread.start()
                self._changed.notify()
            return found

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to explain; False when ``seconds`` were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not any(self._wanted.values()), seconds)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: any(self._wanted.values()), timeout=60):
                    self._thread = None
                    return
                item = next(items[0] for items in reversed(self._wanted.values()) if items)
            self._keep(item, self._known_of(item))
            with self._changed:
                for who, items in list(self._wanted.items()):
                    if left := [one for one in items if _key(one) != _key(item)]:
                        self._wanted[who] = left
                    else:
                        del self._wanted[who]
                self._changed.notify_all()

    def _keep(self, item: QueueItem, known: Known) -> None:
        with self._changed:
            self._known[_key(item)] = known
            while len(self._known) > KEPT:
                self._known.popitem(last=False)

    def _known_of(self, item: QueueItem) -> Known:
        try:
            reasons, other = self._explain(item)
        except BundleError as error:
            return {"labels": [], "read": disguised(item.comment.text), "error": str(error)}
        return {
            "labels": evidence(item.comment.text, reasons),
            "read": disguised(item.comment.text),
            "bundle": other,
        }


def disguised(text: str) -> list[list[str]]:
    """Words that the model reads in another spelling, as [written, read] pairs.

    >>> disguised("quel c0n.n4rd")
    [['c0n.n4rd', 'connard']]
    """
    from model.text import normalise  # only comments on screen need it, and it takes a while to import

    changes = normalise(text).changes
    return [[change.before, change.after] for change in changes[:MAX_WORDS]]


def _key(item: QueueItem) -> tuple[str, str]:
    return item.comment.id, str(item.scores.get("bundle"))
