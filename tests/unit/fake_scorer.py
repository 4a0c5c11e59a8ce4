"""A scorer of the product's shape, for the mechanics of batch scoring."""

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from data.record import Comment
from data.taxonomy import SUBTYPES
from model.judgement import Judgement, Reason

LOADED: list[Path | None] = []


class FakeScorer:
    """Judges by length; ``slow`` in the bundle's name makes each chunk take a moment."""

    def __init__(self, bundle: Path | None) -> None:
        self.bundle_name = bundle.name if bundle else "fake-1"
        self.calls: list[int] = []

    def score_many(self, comments: Sequence[Comment], *, spans: bool = False) -> list[Judgement]:
        self.calls.append(len(comments))
        if "slow" in self.bundle_name:
            time.sleep(0.05)
        if len(self.calls) > int(os.environ.get("COURTOIS_TEST_STUCK_AFTER", "1000000")):
            time.sleep(600)
        return [self._judge(comment, spans) for comment in comments]

    def _judge(self, comment: Comment, spans: bool) -> Judgement:
        p = len(comment.text) % 10 / 10
        target = comment.stance_target
        return Judgement(
            p_impolite=p,
            p_uncivil=p / 2,
            p_intolerable=p / 4,
            severity=int(p > 0.5),
            subtypes=dict.fromkeys(SUBTYPES, p / 3),
            stance="against" if target else None,
            # The parent's length shows in a column, so that tests see what the scorer saw.
            stance_probabilities={"favor": float(len(comment.parent_text or "")), "against": 0.5, "none": 0.5}
            if target
            else {},
            action="review" if p > 0.5 else "publish",
            bundle=self.bundle_name,
            reasons=(Reason("incivility", 0, len(comment.text), p),) if spans else None,
        )


def load(bundle: Path | None) -> FakeScorer:
    LOADED.append(bundle)
    return FakeScorer(bundle)


def load_mortal(bundle: Path | None) -> FakeScorer:
    scorer = FakeScorer(bundle)
    if os.environ.get("COURTOIS_TEST_PARENT") != str(os.getpid()):
        os._exit(9)
    return scorer


def load_by_process(bundle: Path | None) -> FakeScorer:
    """Another bundle in every process that is not the first."""
    scorer = FakeScorer(bundle)
    if "distributed.worker" in sys.modules and multiprocessing.parent_process() is not None:
        scorer.bundle_name = "fake-worker"
    return scorer
