"""Calibration on rows of the kind a newsroom has, and the thresholds that live in the bundle."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_recall_curve

from data.taxonomy import STANCES
from model.encoder import Vectors
from model.heads import probability, softmax

FEW: Final = 3000
"""Rows below which the threshold is read off the probabilities, which vary less than the labels."""

BELIEF: Final = 50.0
"""Rows that a site's labels must outweigh before its heads' log-odds are stretched or shifted."""

_NEAR_BEST: Final = 0.003
_HOLD_PRECISION: Final = 0.95
_POWERS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_GRID: Final = np.linspace(0.15, 0.85, 71)


def platt(logits: Vectors, labels: npt.NDArray[np.float32], belief: float = 0.0) -> tuple[float, float]:
    """Slope and shift that calibrate log-odds (Platt 1999); the slope is never negative.

    ``belief`` is how many rows it takes to doubt the log-odds as they are, those of a model that knows
    what they mean: without it, a few rows that are told apart wholly would make every other one certain.
    """
    inputs, chances = logits[:, None], probability(logits)
    each = belief / len(labels)
    # Each row is also there as likely as its log-odds say: a prior around slope 1 and shift 0.
    model = LogisticRegression(C=100.0, max_iter=1000).fit(
        np.concatenate([inputs, inputs, inputs]) if belief else inputs,
        np.concatenate([labels, np.ones_like(labels), np.zeros_like(labels)]) if belief else labels,
        np.concatenate([np.ones(len(labels)), each * chances, each * (1 - chances)]) if belief else None,
    )
    return max(float(model.coef_[0, 0]), 0.05), float(model.intercept_[0])


def decision_threshold(logits: Vectors, labels: npt.NDArray[np.float32]) -> float:
    """Probability from which a label is given: best macro-F1, nearest to one half among equals."""
    chances = probability(logits)
    scores = np.array([f1_score(labels, chances >= t, average="macro", zero_division=0) for t in _GRID])
    return _nearest_to_half(scores)


def expected_threshold(logits: Vectors) -> float:
    """Do as :func:`decision_threshold` does, with the macro-F1 that calibrated log-odds promise.

    >>> expected_threshold(np.array([-3, -2, 2, 3], np.float32))
    0.5
    """
    chances = probability(logits).astype(np.float64)
    flagged = chances >= _GRID[:, None]
    right, missed = flagged @ chances, ~flagged @ chances
    alarms, spared = flagged @ (1 - chances), ~flagged @ (1 - chances)
    wrong = missed + alarms
    return _nearest_to_half(right / (2 * right + wrong) + spared / (2 * spared + wrong))


def _nearest_to_half(scores: npt.NDArray[np.float64]) -> float:
    """The threshold of the grid nearest to one half among those whose score is near the best."""
    good = _GRID[scores >= scores.max() - _NEAR_BEST]
    return round(float(good[np.abs(good - 0.5).argmin()]), 4)


def stance_thresholds(logits: Vectors, labels: Mapping[str, npt.NDArray[np.float32]]) -> dict[str, float]:
    """What each stance's probability is divided by before the largest is taken.

    The likeliest stance is right most often but leaves the rarer ones unsaid; powers of the classes'
    shares are tried and the one with the best macro-F1 is kept, the mildest among equals.

    Parameters
    ----------
    logits
        Shape (n, stances), NaN where unlabelled.
    labels
        0/1 of each learnt stance.
    """
    names = list(labels)
    gold = np.stack([labels[name] for name in names], axis=1)
    known = gold.sum(axis=1) == 1
    truth = gold[known].argmax(axis=1)
    at = [STANCES.index(name) for name in STANCES if name in names]
    chances = softmax(logits[known])[:, at]
    shares = gold[known].mean(axis=0)
    tried = [shares**power for power in _POWERS]
    scores = [f1_score(truth, (chances / t).argmax(axis=1), average="macro", zero_division=0) for t in tried]
    best = next(t for t, score in zip(tried, scores, strict=True) if score >= max(scores) - _NEAR_BEST)
    fitted = dict(zip(names, best.tolist(), strict=True))
    return {f"stance_{name}": round(float(fitted.get(name, 1.0)), 4) for name in STANCES}


def hold_threshold(logits: Vectors, labels: npt.NDArray[np.float32], *, least: float) -> float:
    """Lowest probability at or above ``least`` from which 95 % of the flagged deserve it."""
    chances = probability(logits)
    precision, _, thresholds = precision_recall_curve(labels, chances)
    enough = thresholds[(precision[:-1] >= _HOLD_PRECISION) & (thresholds >= least)]
    return round(min(float(enough.min(initial=0.99)), 0.99), 4)
