"""Scorers that judge by words alone, for the gates to find fault with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data.record import Comment
from data.taxonomy import SUBTYPES
from model.judgement import Judgement
from training.audit.sentences import stance_pairs


class Words:
    """Judges a comment by the words in it."""

    bundle_name = "mots@1"
    thresholds: Mapping[str, float] = {"identity_attack": 0.5, "p_uncivil": 0.5}

    def __init__(self, *words: str, score: float = 0.9) -> None:
        self.words, self.score = words, score

    def score_many(self, comments: Sequence[Comment]) -> list[Judgement]:
        return [self._judge(c) for c in comments]

    def _judge(self, comment: Comment) -> Judgement:
        p = self.score if any(word in comment.text for word in self.words) else 0.05
        return Judgement(
            p_impolite=p,
            p_uncivil=p,
            p_intolerable=0.0,
            severity=0,
            subtypes=dict.fromkeys(SUBTYPES, 0.0),
            stance=None,
            stance_probabilities={},
            action="review" if p >= 0.5 else "publish",
            bundle=self.bundle_name,
        )


class Told(Words):
    """Knows the stance of every pair."""

    def _judge(self, comment: Comment) -> Judgement:
        known = {c.id: s for p in stance_pairs() for c, s in zip((p.first, p.second), p.answers, strict=True)}
        return replace(super()._judge(comment), stance=known.get(comment.id))  # type: ignore[arg-type]
