"""Figures of merit with bootstrap intervals that keep a thread's comments together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Figures = dict[str, Any]
"""Figures by name, ``None`` where undefined, with ``ci95`` and ``support``; ready for JSON."""

FIGURES: Final = ("auc", "average_precision", "accuracy", "macro_f1", "precision", "recall", "ece", "brier")
"""Names of the estimated figures, in order."""

RESAMPLES: Final = 1000
BINS: Final = 10
CELLS: Final = 1_000_000
"""Weights held at once, so that memory does not grow with the corpus."""


def binary_figures(
    labels: npt.ArrayLike,
    chances: npt.ArrayLike,
    threshold: float,
    group: Integers | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Figures:
    """Measure one 0/1 head.

    Parameters
    ----------
    labels, chances
        Shape (n,); 0/1 and probabilities in [0, 1].
    threshold
        A comment is flagged when its probability reaches it.
    group
        Rows that are resampled together, shape (n,); each row by itself when not given.

    Returns
    -------
    dict
        The figures of ``FIGURES``; ``threshold``; ``ci95``, name to [low, high]; ``support``.
        Macro-F1 is over the classes that occur, precision is ``None`` when nothing is flagged,
        and AUC when there is one class only.

    >>> figures = binary_figures([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9], 0.5)
    >>> figures["auc"], figures["accuracy"], figures["support"]
    (1.0, 1.0, {'positives': 2, 'negatives': 2})
    """
    gold, scores = np.asarray(labels, np.float64), np.asarray(chances, np.float64)
    ranking = Ranking(scores)
    flagged = (scores >= threshold).astype(np.float64)
    cells = np.stack([y * f for f in (flagged, 1 - flagged) for y in (gold, 1 - gold)], axis=1)
    squares = (scores - gold) ** 2

    def measure(weights: Floats) -> Floats:
        tp, fp, fn, tn = (weights @ cells).T
        total = weights.sum(axis=1)
        auc, average_precision = ranking.area(weights, gold)
        f1 = np.stack([_over(2 * tp, 2 * tp + fp + fn), _over(2 * tn, 2 * tn + fp + fn)], axis=1)
        right, exact, found = _over(tp + tn, total), _over(tp, tp + fp), _over(tp, tp + fn)
        brier = _over(weights @ squares, total)
        ece = ranking.calibration_error(weights, gold)
        return np.stack([auc, average_precision, right, _mean(f1), exact, found, ece, brier], axis=1)

    figures = _estimated(measure, len(gold), group, resamples, seed)
    positives = int(gold.sum())
    figures["threshold"] = round(threshold, 6)
    figures["ci95"]["threshold"] = [figures["threshold"]] * 2
    figures["support"] = {"positives": positives, "negatives": len(gold) - positives}
    return figures


def class_figures(
    labels: Integers,
    chances: Floats,
    names: Sequence[str],
    group: Integers | None = None,
    *,
    divisors: Sequence[float] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Figures:
    """Measure a head that chooses one of several classes.

    Parameters
    ----------
    labels
        Index of the gold class in ``names``, shape (n,).
    chances
        Shape (n, classes).
    divisors
        The answer is the class whose probability over its divisor is largest; 1 where not given.

    Returns
    -------
    dict
        As ``binary_figures``: AUC and average precision one against the rest, precision, recall
        and F1 all macro over the classes present in the gold labels; ECE of the answer;
        Brier summed over the classes; ``threshold`` is ``None``. Also ``classes``, by name.
    """
    answers = (chances / (1.0 if divisors is None else np.asarray(divisors))).argmax(axis=1)
    count, present = len(names), np.unique(labels)
    pairs = np.eye(count * count)[labels * count + answers]
    rankings = [Ranking(chances[:, k]) for k in present]
    best = Ranking(np.take_along_axis(chances, answers[:, None], axis=1)[:, 0])
    right = (answers == labels).astype(np.float64)
    squares = ((chances - np.eye(count)[labels]) ** 2).sum(axis=1)

    def per_class(weights: Floats) -> Floats:
        table = (weights @ pairs).reshape(-1, count, count)
        hit = np.diagonal(table, axis1=1, axis2=2)[:, present]
        gold, said = table.sum(axis=2)[:, present], table.sum(axis=1)[:, present]
        return np.stack([_over(hit, said), _over(hit, gold), _over(2 * hit, gold + said)])

    def measure(weights: Floats) -> Floats:
        precision, recall, f1 = per_class(weights)
        # A class never answered has no precision of its own, but costs the macro average.
        macro = np.nan_to_num(precision).mean(axis=1)
        areas = [r.area(weights, (labels == k).astype(float)) for r, k in zip(rankings, present, strict=True)]
        auc, average_precision = np.mean(areas, axis=0)
        total = weights.sum(axis=1)
        accuracy, brier = _over(weights @ right, total), _over(weights @ squares, total)
        ece = best.calibration_error(weights, right)
        means = (_mean(f1), macro, _mean(recall))
        return np.stack([auc, average_precision, accuracy, *means, ece, brier], axis=1)

    figures = _estimated(measure, len(labels), group, resamples, seed)
    figures["threshold"] = figures["ci95"]["threshold"] = None
    figures["support"] = {names[k]: int((labels == k).sum()) for k in present}
    each = per_class(np.ones((1, len(labels))))[:, 0].T
    figures["classes"] = {
        names[k]: dict(zip(("precision", "recall", "f1"), map(number, row), strict=True))
        for k, row in zip(present, each, strict=True)
    }
    return figures


class Ranking:
    """Rows by falling score, tied rows kept together."""

    def __init__(self, scores: Floats) -> None:
        self.order = np.argsort(-scores, kind="stable")
        self.scores = scores[self.order]
        self.ends = np.flatnonzero(np.append(self.scores[1:] != self.scores[:-1], True))
        """Last place of each run of equal scores."""

    def area(self, weights: Floats, gold: Floats) -> tuple[Floats, Floats]:
        """ROC AUC and average precision under each row of ``weights`` (k, n); NaN where undefined."""
        ordered, gold = weights[:, self.order], gold[self.order]
        tp = np.cumsum(ordered * gold, axis=1)[:, self.ends]
        fp = np.cumsum(ordered * (1 - gold), axis=1)[:, self.ends]
        new_tp, new_fp = np.diff(tp, prepend=0, axis=1), np.diff(fp, prepend=0, axis=1)
        auc = _over((new_fp * (tp - new_tp / 2)).sum(axis=1), tp[:, -1] * fp[:, -1])
        precision = np.nan_to_num(_over(tp, tp + fp))
        return auc, _over((new_tp * precision).sum(axis=1), tp[:, -1])

    def bins(self) -> Integers:
        """Return the ends (exclusive) of at most ten bins of equal mass; tied scores are never parted."""
        wanted = np.linspace(0, len(self.scores), BINS + 1)[1:]
        return np.unique(self.ends[np.searchsorted(self.ends + 1, np.round(wanted), side="left")] + 1)

    def calibration_error(self, weights: Floats, gold: Floats) -> Floats:
        """Return the expected calibration error over the bins."""
        gaps = np.cumsum(weights[:, self.order] * (self.scores - gold[self.order]), axis=1)
        inside = np.diff(gaps[:, self.bins() - 1], prepend=0, axis=1)
        return _over(np.abs(inside).sum(axis=1), weights.sum(axis=1))

    def reliability(self, gold: Floats) -> list[dict[str, Any]]:
        """``n``, mean probability and share of true ones in the bins, the lowest first."""
        ordered = gold[self.order]
        return [
            {"n": b - a, "mean": number(self.scores[a:b].mean()), "share": number(ordered[a:b].mean())}
            for a, b in pairwise([0, *self.bins().tolist()])
        ][::-1]


def _estimated(
    measure: Callable[[Floats], Floats], count: int, group: Integers | None, resamples: int, seed: int
) -> Figures:
    """Figures of the whole sample and their percentile intervals under resampling of groups.

    An interval is widened to hold its figure: the resampled ECE is biased upwards.
    """
    numbers = np.arange(count) if group is None else np.unique(group, return_inverse=True)[1]
    groups = int(numbers.max()) + 1
    point = measure(np.ones((1, count)))[0]
    draws = resampled(groups, resamples if groups > 1 else 0, at_once=CELLS // count, seed=seed)
    drawn = [measure(times[:, numbers]) for times in draws]
    figures: Figures = {name: number(value) for name, value in zip(FIGURES, point, strict=True)}
    values = np.concatenate(drawn) if drawn else np.empty((0, len(FIGURES)))
    figures["ci95"] = {name: interval(point[i], values[:, i]) for i, name in enumerate(FIGURES)}
    return figures


def resampled(groups: int, resamples: int, *, at_once: int, seed: int) -> Iterator[Floats]:
    """How often each group is drawn in each resample: arrays of shape (at most ``at_once``, groups)."""
    random = np.random.default_rng(seed)
    for start in range(0, resamples, step := max(1, at_once)):
        size = min(step, resamples - start)
        chosen = random.integers(0, groups, (size, groups)) + groups * np.arange(size)[:, None]
        times = np.bincount(chosen.ravel(), minlength=size * groups).reshape(size, groups)
        yield times.astype(np.float64)


def interval(point: float, values: Floats) -> list[float] | None:
    """2.5 % and 97.5 % points of resamples, widened to hold the figure.

    ``None`` where the figure, or most of its resamples, are undefined (NaN), or there are none.
    """
    defined = values[~np.isnan(values)]
    if np.isnan(point) or not len(values) or len(defined) < len(values) / 2:
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return [round(float(min(low, point)), 6), round(float(max(high, point)), 6)]


def number(value: float) -> float | None:
    """Six decimals; ``None`` for what JSON cannot say.

    >>> number(float("nan")), number(1 / 3)
    (None, 0.333333)
    """
    return round(float(value), 6) if np.isfinite(value) else None


def comparable(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Only the figures of ``FIGURES``, without intervals."""
    return {name: figures[name] for name in FIGURES}


def _over(above: Floats, below: Floats) -> Floats:
    ratio = np.full(np.shape(above), np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio


def _mean(values: Floats) -> Floats:
    """Mean of each row over what is defined."""
    defined = ~np.isnan(values)
    return _over(np.where(defined, values, 0).sum(axis=1), defined.sum(axis=1).astype(np.float64))
