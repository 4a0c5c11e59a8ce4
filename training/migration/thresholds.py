"""The new threshold that holds as many comments, or finds as many of the rejected ones, as the old."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from training.migration.counts import BAD, GOOD, STEPS, Counts, above, figure, ratio
from training.migration.table import Floats

Keep = Literal["hold-rate", "recall"]

FEWEST: Final = 30
"""Rejected comments below which nothing is said of recall."""

FEW: Final = 200
"""Rejected comments below which the interval must be read before the figure."""

_PERCENT: Final = STEPS // 100
MAP_POINTS: Final = (*range(5, 100, 5), 99)


@dataclass(frozen=True, slots=True)
class Rates:
    """What each threshold does, in the export (first) and in each resample.

    ``held``, ``recall`` and ``wrong`` have shape (1 + r, 1001): shares of all, of the rejected and of
    the approved comments above k / 1000. The same under the old score and threshold have shape
    (1 + r,); ``old_held_at`` is (1 + r, 1001).
    """

    held: Floats
    recall: Floats
    wrong: Floats
    old_held: Floats
    old_recall: Floats
    old_wrong: Floats
    old_held_at: Floats


def rates(counts: Counts) -> Rates:
    """All rates from the counts."""
    new = counts.new.sum(axis=2)
    total = new.sum(axis=(1, 2))
    over = counts.new[:, :, 1].sum(axis=2)
    of = new.sum(axis=2)

    def shares(judged: int) -> Floats:
        return ratio(above(new[:, judged]), of[:, judged, None])

    return Rates(
        held=ratio(above(new.sum(axis=1)), total[:, None]),
        recall=shares(BAD),
        wrong=shares(GOOD),
        old_held=ratio(over.sum(axis=1), total),
        old_recall=ratio(over[:, BAD], of[:, BAD]),
        old_wrong=ratio(over[:, GOOD], of[:, GOOD]),
        old_held_at=ratio(above(counts.old.sum(axis=1)), total[:, None]),
    )


def propose(found: Rates, keep: Keep, wanted: float | None) -> dict[str, Any]:
    """Choose the whole percent for Coral's form, and the exact threshold with its interval.

    Parameters
    ----------
    wanted
        Share of comments to hold, instead of what the old score held.

    Returns
    -------
    dict
        ``percent``; ``exact`` as `figure`, in [0, 1]; ``target`` as `figure`.
    """
    if keep == "recall":
        target = found.old_recall
        # The highest threshold that finds as many.
        reached = found.recall >= np.nan_to_num(target, nan=2.0)[:, None] - 1e-12
        exact = np.where(reached.any(axis=1), np.maximum(reached.sum(axis=1) - 1, 0) / STEPS, np.nan)
        percents = found.recall[0, ::_PERCENT] >= target[0] - 1e-12
        percent = max(0, int(percents.sum()) - 1)
    else:
        target = found.old_held if wanted is None else np.full(len(found.held), wanted)
        exact = same_share(found.held, target) / STEPS
        off = np.abs(found.held[0, ::_PERCENT] - target[0])
        percent = int(np.flatnonzero(off <= off.min() + 1e-12)[-1])
    return {"percent": percent, "exact": figure(exact), "target": figure(target)}


def same_share(held: Floats, target: Floats) -> Floats:
    """Lowest k / 1000 above which no more than ``target`` is held, shape (r,) from (r, 1001).

    >>> same_share(np.array([[0.9, 0.5, 0.2, 0.0]]), np.array([0.3])).tolist()
    [2.0]
    """
    few = held <= target[:, None] + 1e-12
    return np.where(few.any(axis=1), few.argmax(axis=1), np.nan)


def at_percent(found: Rates, percent: int) -> dict[str, dict[str, float | None]]:
    """What one whole percent does: shares held, of the rejected found, of the approved held."""
    k = percent * _PERCENT
    return {
        "held": figure(found.held[:, k]),
        "recall": figure(found.recall[:, k]),
        "wrong": figure(found.wrong[:, k]),
    }


def score_map(found: Rates) -> list[dict[str, Any]]:
    """For some old scores the new one above which as many comments are; never falling.

    As all comments below the lowest map to it, points that hold everybody are left out.
    """
    points = []
    for percent in MAP_POINTS:
        share = found.old_held_at[:, percent * _PERCENT]
        mapped = same_share(found.held, share) / STEPS
        points.append({"old": percent / 100, "share": round(float(share[0]), 6), "new": figure(mapped)})
    return points


def ranking(cells: Floats) -> Floats:
    """ROC AUC of rejected against approved by cell, shape (1 + r,) from (1 + r, 3, 1001)."""
    bad, good = cells[:, BAD], cells[:, GOOD]
    wins = (good * (above(bad) + bad / 2)).sum(axis=1)
    return ratio(wins, bad.sum(axis=1) * good.sum(axis=1))
