"""What the review screens may do with the store; every step is committed before it returns."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from data.errors import ConflictError, StoreError
from data.record import Comment, Labels
from data.store import QueueItem, Store
from model.judgement import Judgement, Reason
from training.review.language import say
from training.review.safe_html import read_reasons

if TYPE_CHECKING:  # the model is slow to import, and the queue does without it
    from model.scorer import Scorer

View = Literal["pending", "skipped", "approved", "rejected"]
VIEWS: Final[tuple[View, ...]] = ("pending", "skipped", "approved", "rejected")

Action = Literal["approve", "reject", "skip"]
STATUS: Final[dict[Action, View]] = {"approve": "approved", "reject": "rejected", "skip": "skipped"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an action: a sentence for the moderator, and whether the screen moves on."""

    level: Literal["success", "warning", "error"]
    message: str
    moves_on: bool = True
    shows: str | None = None
    """Id of the comment to show next, where it is not simply the next one."""


@dataclass(frozen=True, slots=True)
class ReviewService:
    """One moderator at work on one store.

    Every action takes the id *and the version* that the moderator had on screen, so that it
    can never touch a comment, or a state of it, that they have not seen.
    """

    store: Store
    moderator: str
    load_scorer: "Callable[[], Scorer]"

    def current(self, view: View, pinned: str | None, passed: Sequence[str]) -> QueueItem | None:
        """Choose the comment to show: the pinned one while it exists, else the next of ``view``."""
        if pinned is not None:
            with suppress(StoreError):  # erased in the meantime: the next one takes its place
                return self.store.item(pinned)
        items = self.store.next_items(status=view, limit=1, exclude=tuple(passed))
        return items[0] if items else None

    def decide(self, comment_id: str, version: int, action: Action) -> Outcome:
        """Approve, reject or skip what the moderator saw."""
        try:
            self.store.decide(comment_id, action, moderator=self.moderator, version=version)
        except ConflictError:
            return self._conflict(comment_id, STATUS[action])
        except StoreError as error:
            return _failed(error)
        return Outcome("success", say(f"done.{action}"))

    def relabel(self, comment_id: str, version: int, labels: Labels) -> Outcome:
        """Write the moderator's labels; the decision, if there is one, stays."""
        try:
            self.store.relabel(comment_id, labels, moderator=self.moderator, version=version)
        except ConflictError:
            return self._conflict(comment_id, None)
        except StoreError as error:
            return _failed(error)
        return Outcome("success", say("done.relabel"), moves_on=False)

    def undo(self) -> Outcome:
        """Take back this moderator's last decision and show its comment again."""
        try:
            item = self.store.undo(self.moderator)
        except ConflictError as error:
            return Outcome("warning", say("error.store", what=str(error)), moves_on=False)
        except StoreError as error:
            return _failed(error)
        if item is None:
            return Outcome("warning", say("done.undo.nothing"), moves_on=False)
        return Outcome("success", say("done.undo"), shows=item.comment.id)

    def _conflict(self, comment_id: str, wanted: View | None) -> Outcome:
        try:
            item = self.store.item(comment_id)
        except StoreError:
            return Outcome("warning", say("conflict.gone"))
        if item.status == "pending":
            who = item.decided_by or say("conflict.someone")
            return Outcome("warning", say("conflict.changed", who=who), moves_on=False, shows=comment_id)
        status = say(f"status.{item.status}")
        if item.decided_by == self.moderator:
            if item.status == wanted:  # the same key pressed twice: done is done
                return Outcome("success", say(f"done.{_action(wanted)}"))
            return Outcome("warning", say("conflict.self", status=status))
        who = item.decided_by or say("conflict.someone")
        return Outcome("warning", say("conflict.other", who=who, status=status))

    def judge(self, comment: Comment) -> Judgement:
        """Judge a comment that need not be in the store, with its evidence."""
        return self.load_scorer().score(comment, spans=True)

    def explain(self, item: QueueItem) -> tuple[tuple[Reason, ...], str | None]:
        """Evidence of a queued comment, and the bundle it comes from when that is another one.

        Rows that were scored without spans get theirs here, when they are shown.
        """
        if explained(item):
            return read_reasons(item.scores["reasons"]), None
        judgement = self.judge(item.comment)
        other = judgement.bundle if judgement.bundle != item.scores.get("bundle") else None
        return judgement.reasons or (), other


def explained(item: QueueItem) -> bool:
    """Whether the comment was scored with its evidence, be it none."""
    return bool(item.scores.get("reasons"))


def _action(status: View) -> Action:
    return next(action for action, name in STATUS.items() if name == status)


def _failed(error: StoreError) -> Outcome:
    return Outcome("error", say("error.store", what=str(error)), moves_on=False)
