"""What the review screens may do with the store; every step is committed before it returns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from data.errors import ConflictError, StoreError
from data.record import Comment, Labels
from data.store import QueueItem, Store
from model.judgement import Judgement, Reason
from training.review.language import say
from training.review.safe_html import read_reasons

if TYPE_CHECKING:  # the model is slow to import, and the queue does without it
    from model.scorer import Scorer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an action: a sentence for the moderator, and whether the screen moves on."""

    level: Literal["success", "warning", "error"]
    message: str


@dataclass(frozen=True, slots=True)
class ReviewService:
    """One moderator at work on one store.

    Every action takes the id *and the version* that the moderator had on screen, so that it
    can never touch a comment, or a state of it, that they have not seen.
    """

    store: Store
    moderator: str
    load_scorer: "Callable[[], Scorer]"

    def relabel(self, comment_id: str, version: int, labels: Labels) -> Outcome:
        """Write the moderator's labels; the decision, if there is one, stays."""
        try:
            self.store.relabel(comment_id, labels, moderator=self.moderator, version=version)
        except ConflictError:
            return self._conflict(comment_id)
        except StoreError as error:
            return _failed(error)
        return Outcome("success", say("done.relabel"))

    def _conflict(self, comment_id: str) -> Outcome:
        try:
            item = self.store.item(comment_id)
        except StoreError:
            return Outcome("warning", say("conflict.gone"))
        return Outcome("warning", say("conflict.changed", who=item.decided_by or say("conflict.someone")))

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


def _failed(error: StoreError) -> Outcome:
    return Outcome("error", say("error.store", what=str(error)))
