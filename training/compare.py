"""Candidate against base on the same rows, with paired intervals; the gate of a retraining."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score, roc_auc_score

from data.record import Comment
from data.taxonomy import STANCES
from model.encoder import Vectors
from model.heads import probability, softmax
from model.policy import stance_divisors
from training.learn import Fitted
from training.metrics import Ranking
from training.splits import groups

_RESAMPLES: Final = 300
_TOLERANCE: Final = 0.01
"""A candidate may fall this far behind on the point estimate before the gate fails."""

Measure = Callable[[npt.NDArray[np.int64]], tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One head: figures of base and candidate, and the paired difference with its 95 % interval.

    ``measure`` is ``auc`` for 0/1 labels and ``macro_f1`` for stance.
    """

    head: str
    n: int
    measure: str
    base: float
    candidate: float
    difference: float
    interval: tuple[float, float]
    details: Mapping[str, float]

    @property
    def passed(self) -> bool:
        """Whether the candidate does not lose against the base."""
        return self.difference >= -_TOLERANCE and self.interval[1] >= 0

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "head": self.head,
            "n": self.n,
            "measure": self.measure,
            "base": round(self.base, 4),
            "candidate": round(self.candidate, 4),
            "difference": round(self.difference, 4),
            "ci95": [round(bound, 4) for bound in self.interval],
            "passed": self.passed,
            **{name: round(value, 4) for name, value in self.details.items()},
        }


def compare_binary(
    comments: Sequence[Comment],
    fitted: Fitted,
    base_logits: Vectors,
    base_thresholds: Mapping[str, float],
    thresholds: Mapping[str, float],
) -> list[Comparison]:
    """Compare every learnt incivility head with the base's, out of fold."""
    group = groups(comments)
    comparisons = []
    for i, (name, values) in enumerate(fitted.labels.items()):
        known = np.flatnonzero(~np.isnan(values))
        gold = values[known].astype(int)
        before, after = probability(base_logits[known, i]), probability(fitted.out_of_fold[known, i])
        details = {
            "base_accuracy": float(((before >= base_thresholds[name]) == gold).mean()),
            "candidate_accuracy": float(((after >= thresholds.get(name, 0.5)) == gold).mean()),
            "base_ece": _calibration_error(before, gold),
            "candidate_ece": _calibration_error(after, gold),
        }
        measure = _pair(roc_auc_score, gold, before, after)
        comparisons.append(_compared(name, "auc", measure, group[known], details))
    return comparisons


def compare_stance(
    comments: Sequence[Comment],
    fitted: Fitted,
    base_logits: Vectors,
    base_thresholds: Mapping[str, float],
    thresholds: Mapping[str, float],
) -> Comparison:
    """Compare the stance heads; macro-F1 over the stances that occur."""
    gold = np.array([STANCES.index(c.labels.stance or "none") for c in comments])
    before = (softmax(base_logits) / stance_divisors(base_thresholds)).argmax(axis=1)
    after = (softmax(fitted.out_of_fold) / stance_divisors(thresholds)).argmax(axis=1)
    present = sorted(set(gold.tolist()))

    def macro(truth: npt.NDArray[np.int64], given: npt.NDArray[np.int64]) -> float:
        return float(f1_score(truth, given, labels=present, average="macro", zero_division=0))

    details = {
        "base_accuracy": float((before == gold).mean()),
        "candidate_accuracy": float((after == gold).mean()),
    }
    group = groups(comments, by_target=True)
    return _compared("stance", "macro_f1", _pair(macro, gold, before, after), group, details)


def _calibration_error(chances: Vectors, gold: npt.NDArray[Any]) -> float:
    everything = np.ones((1, len(gold)))
    return float(
        Ranking(chances.astype(np.float64)).calibration_error(everything, gold.astype(np.float64))[0]
    )


def _pair(
    score: Callable[..., float], gold: npt.NDArray[Any], before: npt.NDArray[Any], after: npt.NDArray[Any]
) -> Measure:
    def measure(rows: npt.NDArray[np.int64]) -> tuple[float, float]:
        return float(score(gold[rows], before[rows])), float(score(gold[rows], after[rows]))

    def guarded(rows: npt.NDArray[np.int64]) -> tuple[float, float]:
        return measure(rows) if len(np.unique(gold[rows])) > 1 else (np.nan, np.nan)

    return guarded


def _compared(
    head: str, name: str, measure: Measure, group: npt.NDArray[np.int64], details: Mapping[str, float]
) -> Comparison:
    """Point estimates, and a paired bootstrap over groups (threads, authors, copies)."""
    base, candidate = measure(np.arange(len(group)))
    members = [np.flatnonzero(group == g) for g in np.unique(group)]
    random = np.random.default_rng(0)
    differences = []
    for _ in range(_RESAMPLES):
        drawn = random.integers(0, len(members), len(members))
        first, second = measure(np.concatenate([members[i] for i in drawn]))
        differences.append(second - first)
    low, high = np.nanpercentile(differences, [2.5, 97.5])
    return Comparison(
        head=head,
        n=len(group),
        measure=name,
        base=base,
        candidate=candidate,
        difference=candidate - base,
        interval=(float(low), float(high)),
        details=details,
    )
