"""Counts of pairs of scores by cell, of the whole export and of its resamples: all figures come from them.

A resample draws articles, not comments: comments under one article resemble each other. Scores are
kept to a thousandth, which is finer than Coral's whole percents.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from training.metrics import interval, number
from training.migration.table import KEPT, REFUSED, Booleans, Floats, Integers

STEPS: Final = 1000
"""Cells of a score over [0, 1]."""

UNJUDGED, GOOD, BAD = range(3)
"""Of a comment: no moderator's decision that counts, approved, rejected."""

_GRID: Final = np.arange(STEPS + 1) / STEPS
_FEW, _MANY, _LARGE = 300, 1000, 100_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Comments that can be compared, shape (n,) each.

    ``old`` is NaN throughout where the export has no scores. ``group`` numbers the articles.
    """

    place: Integers
    old: Floats
    new: Floats
    judged: Integers
    group: Integers
    day: Integers

    @classmethod
    def of(cls, found: dict[str, npt.NDArray[np.generic]], chosen: Booleans) -> "Pairs":
        """Take the chosen rows of ``Table.latest``."""
        held = {name: column[chosen] for name, column in found.items()}
        verdict = held["verdict"]
        created = held["created"].astype(np.int64)
        return cls(
            place=held["place"].astype(np.int64),
            old=held["old"].astype(np.float64),
            new=held["new"].astype(np.float64),
            judged=np.select([verdict == KEPT, verdict == REFUSED], [GOOD, BAD], UNJUDGED),
            group=np.unique(held["story"], return_inverse=True)[1].astype(np.int64),
            day=np.where(created >= 0, created // 86_400_000, -1),
        )

    def __len__(self) -> int:
        return len(self.new)


def cell(scores: Floats) -> Integers:
    """Cell b of each score, so that a score is above k / 1000 exactly when b > k.

    >>> cell(np.array([0.0, 0.8, 0.8001, 1.0])).tolist()
    [0, 800, 801, 1000]
    """
    return np.searchsorted(_GRID, scores, side="left")


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of the whole export (first) and of each resample.

    ``new`` has shape (1 + r, 3, 2, 1001): by judgement, by whether the old score was over its
    threshold, by cell of the new score. ``old`` has shape (1 + r, 3, 1001), by cell of the old one.
    """

    new: Floats
    old: Floats


def count(pairs: Pairs, threshold: float, *, seed: int = 0, resamples: int | None = None) -> Counts:
    """Count all pairs, and in ``resamples`` draws of articles; a thousand draws take 110 MB."""
    draws = resamples if resamples is not None else (_MANY if len(pairs) <= _LARGE else _FEW)
    groups = int(pairs.group.max()) + 1 if len(pairs) else 0
    draws = draws if groups > 1 else 0
    over = (np.nan_to_num(pairs.old, nan=-1.0) > threshold).astype(np.int64)
    width = STEPS + 1
    at_new = (pairs.judged * 2 + over) * width + cell(pairs.new)
    at_old = pairs.judged * width + cell(np.nan_to_num(pairs.old, nan=0.0))
    random = np.random.default_rng(seed)
    new = np.empty((1 + draws, 3, 2, width), np.float32)
    old = np.empty((1 + draws, 3, width), np.float32)
    for draw in range(1 + draws):
        weights = None
        if draw:
            chosen = random.integers(0, groups, groups)
            weights = np.bincount(chosen, minlength=groups).astype(np.float64)[pairs.group]
        new[draw] = np.bincount(at_new, weights, 6 * width).reshape(3, 2, width)
        old[draw] = np.bincount(at_old, weights, 3 * width).reshape(3, width)
    return Counts(new.astype(np.float64), old.astype(np.float64))


def above(cells: Floats) -> Floats:
    """Number above k / 1000 for each k from 0 to 1000, over the last axis.

    >>> above(np.array([1.0, 0.0, 2.0])).tolist()
    [2.0, 2.0, 0.0]
    """
    total: Floats = cells.sum(axis=-1, keepdims=True) - np.cumsum(cells, axis=-1)
    return total


def ratio(part: Floats, whole: Floats) -> Floats:
    """Divide where there is something to divide by; NaN elsewhere."""
    part, whole = np.broadcast_arrays(part, whole)
    result = np.full(part.shape, np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


Figure = dict[str, float | None]
"""``value``, ``low`` and ``high``."""


def figure(values: Floats) -> Figure:
    """A figure and its 95 % interval, from its value in the export and in each resample.

    The interval is widened to hold the figure; without resamples, or where most leave the figure
    undefined, there is none.
    """
    low, high = interval(values[0], values[1:]) or (None, None)
    return {"value": number(values[0]), "low": low, "high": high}
