"""What every threshold of a head buys on held-out comments; goes into the manifest."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.encoder import Vectors
from model.heads import probability
from training.metrics import CELLS, RESAMPLES, Floats, Integers, resampled

GRID: Final = (*(round(0.05 * step, 2) for step in range(20)), 0.98)
"""Thresholds that are measured; in between, readers of the manifest interpolate."""

_ROUNDED: Final = 4


def operating_curve(
    gold: Floats, chances: Floats, group: Integers, *, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, Any]:
    """Recall and precision at each threshold of ``GRID``, with 95 % intervals.

    Parameters
    ----------
    gold, chances
        Shape (n,); 0/1 and probabilities in [0, 1].
    group
        Rows that are resampled together, shape (n,).

    Returns
    -------
    dict
        ``n``, ``positives``, ``thresholds`` (k,), and for ``recall`` and ``precision`` k times
        [figure, low, high], ``None`` where nothing reaches the threshold.

    >>> curve = operating_curve(np.array([0, 1.0]), np.array([0.2, 0.7]), np.arange(2), resamples=10)
    >>> curve["thresholds"][:2], curve["recall"][0][0], curve["precision"][0][0]
    ([0.0, 0.05], 1.0, 0.5)
    """
    flagged = (chances[:, None] >= np.asarray(GRID)).astype(np.float64)
    cells = np.concatenate([flagged * gold[:, None], flagged, gold[:, None]], axis=1)
    numbers = np.unique(group, return_inverse=True)[1]
    groups = int(numbers.max()) + 1
    # Summed by group once: resampling groups is then a product of small matrices.
    sums = np.zeros((groups, cells.shape[1]))
    np.add.at(sums, numbers, cells)
    drawn = [_rates(sums.sum(axis=0, keepdims=True))]
    draws = resampled(groups, resamples, at_once=CELLS // groups, seed=seed)
    drawn += [_rates(times @ sums) for times in draws]
    recall, precision = (np.concatenate(part) for part in zip(*drawn, strict=True))
    return {
        "n": len(gold),
        "positives": int(gold.sum()),
        "thresholds": list(GRID),
        "recall": [_estimate(column) for column in recall.T],
        "precision": [_estimate(column) for column in precision.T],
    }


def operating_curves(
    logits: Vectors,
    labels: Mapping[str, npt.NDArray[np.float32]],
    rows: npt.NDArray[np.bool_],
    group: Integers,
) -> dict[str, Any]:
    """Curves of every learnt 0/1 head on ``rows``, from out-of-fold log-odds (n, heads)."""
    curves: dict[str, Any] = {}
    for i, (name, values) in enumerate(labels.items()):
        known = rows & ~np.isnan(values)
        if len(np.unique(values[known])) == 2:
            chances = probability(logits[known, i]).astype(np.float64)
            curves[name] = operating_curve(values[known].astype(np.float64), chances, group[known])
    return curves


def _rates(sums: Floats) -> tuple[Floats, Floats]:
    """Recall and precision of each row of summed cells, NaN where undefined."""
    count = len(GRID)
    found, flagged, positives = sums[:, :count], sums[:, count:-1], sums[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        return found / positives, found / flagged


def _estimate(values: Floats) -> list[float] | None:
    """Figure, and 2.5 % and 97.5 % points of its resamples, widened to hold it."""
    point, defined = values[0], values[1:][~np.isnan(values[1:])]
    if np.isnan(point) or not len(defined):
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return [round(float(v), _ROUNDED) for v in (point, min(low, point), max(high, point))]
