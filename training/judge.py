"""What measuring needs of ``model.scorer.Scorer``, so that tests and gates can pass another."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from data.record import Comment
from model.judgement import Judgement


class Judge(Protocol):
    """Comments in, judgements out, under a name and with thresholds."""

    bundle_name: str

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Decision threshold by head."""

    def score_many(self, comments: Sequence[Comment]) -> Sequence[Judgement]:
        """Judge comments in order."""
