"""Candidate against base on the same rows, with paired intervals; the gate of a retraining.

Where enough rows were drawn by lot and read blind, they alone are compared on: the rest was chosen,
by the queue or by what to label next, with the very model in mind that the candidate is to beat.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.record import Comment
from data.taxonomy import STANCES
from model.encoder import Vectors
from model.heads import probability, softmax
from model.policy import stance_divisors
from training.blind import drawn_blind, enough
from training.learn import Fitted
from training.metrics import CELLS, Floats, Ranking, resampled
from training.splits import groups

_RESAMPLES: Final = 300
_TOLERANCE: Final = 0.01
"""A candidate may fall this far behind on the point estimate before the gate fails."""

Measure = Callable[[Floats], Floats]
"""Figures of both under each row of weights: (k, n) to (k, 2), NaN where undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One head: figures of base and candidate, and the paired difference with its 95 % interval.

    ``measure`` is ``auc`` for 0/1 labels and ``macro_f1`` for stance. ``blind`` counts the labels that
    were given blind; ``on_blind`` says that the comparison is made on these alone.
    """

    head: str
    n: int
    measure: str
    base: float
    candidate: float
    difference: float
    interval: tuple[float, float]
    details: Mapping[str, float]
    blind: int = 0
    on_blind: bool = False

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
            "blind": self.blind,
            "on_blind": self.on_blind,
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
    group, blind = groups(comments), drawn_blind(comments)
    comparisons = []
    for i, (name, values) in enumerate(fitted.labels.items()):
        known = np.flatnonzero(~np.isnan(values))
        rows, count, on_blind = _chosen(known, blind, values[known])
        gold = values[rows].astype(int)
        before, after = probability(base_logits[rows, i]), probability(fitted.out_of_fold[rows, i])
        details = {
            "base_accuracy": float(((before >= base_thresholds[name]) == gold).mean()),
            "candidate_accuracy": float(((after >= thresholds.get(name, 0.5)) == gold).mean()),
            "base_ece": _calibration_error(before, gold),
            "candidate_ece": _calibration_error(after, gold),
        }
        measure = _areas(gold, before, after)
        found = _compared(name, "auc", measure, group[rows], details)
        comparisons.append(replace(found, blind=count, on_blind=on_blind))
    return comparisons


def compare_stance(
    comments: Sequence[Comment],
    fitted: Fitted,
    base_logits: Vectors,
    base_thresholds: Mapping[str, float],
    thresholds: Mapping[str, float],
) -> Comparison:
    """Compare the stance heads; macro-F1 over the stances that occur."""
    every = np.array([STANCES.index(c.labels.stance or "none") for c in comments])
    rows, count, on_blind = _chosen(np.arange(len(every)), drawn_blind(comments), every)
    gold = every[rows]
    before = (softmax(base_logits[rows]) / stance_divisors(base_thresholds)).argmax(axis=1)
    after = (softmax(fitted.out_of_fold[rows]) / stance_divisors(thresholds)).argmax(axis=1)
    details = {
        "base_accuracy": float((before == gold).mean()),
        "candidate_accuracy": float((after == gold).mean()),
    }
    group = groups(comments, by_target=True)[rows]
    found = _compared("stance", "macro_f1", _macro_f1(gold, before, after), group, details)
    return replace(found, blind=count, on_blind=on_blind)


def _chosen(
    known: npt.NDArray[np.int64], blind: npt.NDArray[np.bool_], values: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.int64], int, bool]:
    """Rows to compare on, out of those ``known`` to carry ``values``; how many are blind; whether all."""
    by_lot = blind[known]
    on_blind = enough(values[by_lot], values)
    return (known[by_lot] if on_blind else known), int(by_lot.sum()), on_blind


def _calibration_error(chances: Vectors, gold: npt.NDArray[Any]) -> float:
    everything = np.ones((1, len(gold)))
    return float(
        Ranking(chances.astype(np.float64)).calibration_error(everything, gold.astype(np.float64))[0]
    )


def _areas(gold: npt.NDArray[Any], before: Vectors, after: Vectors) -> Measure:
    rankings = [Ranking(chances.astype(np.float64)) for chances in (before, after)]
    truth = gold.astype(np.float64)

    def measure(weights: Floats) -> Floats:
        return np.stack([ranking.area(weights, truth)[0] for ranking in rankings], axis=1)

    return measure


def _macro_f1(gold: npt.NDArray[Any], before: npt.NDArray[Any], after: npt.NDArray[Any]) -> Measure:
    """Mean F1 over the stances that occur; a stance that is neither said nor right counts 0."""
    classes = np.unique(gold)
    right = (gold[:, None] == classes).astype(np.float64)
    said = [(given[:, None] == classes).astype(np.float64) for given in (before, after)]

    def measure(weights: Floats) -> Floats:
        there = weights @ right
        figures = []
        for given in said:
            either = there + weights @ given
            f1 = np.divide(
                2 * (weights @ (right * given)), either, out=np.zeros_like(either), where=either > 0
            )
            figures.append(f1.mean(axis=1))
        one_class = (there > 0).sum(axis=1) < 2
        return np.where(one_class[:, None], np.nan, np.stack(figures, axis=1))

    return measure


def _compared(
    head: str, name: str, measure: Measure, group: npt.NDArray[np.int64], details: Mapping[str, float]
) -> Comparison:
    """Point estimates, and a paired bootstrap over groups (threads, authors, copies)."""
    base, candidate = measure(np.ones((1, len(group))))[0]
    members = np.unique(group, return_inverse=True)[1]
    draws = resampled(int(members.max()) + 1, _RESAMPLES, at_once=CELLS // len(group), seed=0)
    figures = np.concatenate([measure(times[:, members]) for times in draws])
    low, high = np.nanpercentile(figures[:, 1] - figures[:, 0], [2.5, 97.5])
    return Comparison(
        head=head,
        n=len(group),
        measure=name,
        base=float(base),
        candidate=float(candidate),
        difference=float(candidate - base),
        interval=(float(low), float(high)),
        details=details,
    )
