"""What thresholds cost and catch: comments held, hours, recall and precision; no screen in here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from data.store import Judged
from training.review.estimate import NOTHING, Estimate, narrow, share

USUAL_PACE: Final = 80.0
"""Comments an hour that a large French moderation service reports of one moderator."""

FEWEST_DECISIONS: Final = 30
"""Intervals between decisions below which a team's own pace says little."""

SHORTEST_READING: Final = 1.0
"""Seconds below which nobody read the comment: a duplicate, a slip of the key, a script."""

FEWEST_JUDGED: Final = 39
"""Comments from which Wilson's 95 % interval of any share is within ``WIDEST`` on either side."""

WINDOW: Final = 28
"""Days of arrivals that the daily number is the mean of."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Comments that came in: the mean a day over ``days`` days that end with the latest comment's."""

    per_day: float
    days: int
    comments: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Comments that one moderator decides in an hour; ``measured`` tells from a usual figure."""

    an_hour: float
    measured: bool
    decisions: int


@dataclass(frozen=True, slots=True)
class Catch:
    """Recall and precision of one label at one threshold, and what they rest on.

    ``exact`` is false where the figure is of another threshold, ``at``, the only one measured.
    """

    recall: Estimate
    precision: Estimate
    n: int = 0
    positives: int = 0
    at: float | None = None
    exact: bool = True
    blind: bool = False

    @property
    def rates(self) -> tuple[Estimate, Estimate]:
        """Recall and precision."""
        return self.recall, self.precision


def arrivals(daily: Mapping[str, int], window: int = WINDOW) -> Arrivals:
    """Mean arrivals a day over the last days of a store; days without a comment count.

    Parameters
    ----------
    daily
        Comments by ISO date, as ``store.daily`` gives them.

    >>> arrivals({"2026-11-01": 10, "2026-11-04": 30})
    Arrivals(per_day=10.0, days=4, comments=40)
    """
    days = {day: n for text, n in daily.items() if (day := _day(text)) is not None}
    if not days:
        return Arrivals(0.0, 0, 0)
    last = max(days)
    recent = {day: n for day, n in days.items() if (last - day).days < window}
    span, many = (last - min(recent)).days + 1, sum(recent.values())
    return Arrivals(many / span, span, many)


def pace(gaps: Sequence[float]) -> Pace:
    """The team's own pace from the seconds between its decisions, else the usual one.

    >>> pace([30.0] * 40 + [0.2])
    Pace(an_hour=120.0, measured=True, decisions=40)
    >>> pace([1.0]).an_hour
    80.0
    """
    read = [gap for gap in gaps if gap >= SHORTEST_READING]
    if len(read) < FEWEST_DECISIONS:
        return Pace(USUAL_PACE, False, len(read))
    return Pace(3600 * len(read) / sum(read), True, len(read))


def hours(held_a_day: float, speed: Pace) -> float:
    return held_a_day / speed.an_hour


def reported(metrics: Mapping[str, Any], label: str, threshold: float) -> Catch | None:
    """Held-out recall and precision of a bundle at a threshold, from its manifest's metrics.

    Between measured thresholds figures and intervals are interpolated. A bundle without operating
    curves has measured one threshold only, whose figures are given as they are.
    """
    head = "p_uncivil" if label == "incivility" else label
    curve = _at(_at(metrics, "operating"), head)
    if curve:
        try:
            return _on_curve(curve, threshold)
        except (KeyError, TypeError, ValueError):  # a manifest may hold anything
            pass
    return _one_point(_at(_at(metrics, "heldout"), head), threshold)


def decided(judged: Sequence[Judged], threshold: float) -> Catch | None:
    """Recall and precision on what the team itself said; blind readings alone where there are any.

    Without blind readings the figures lean on what the queue showed first, so ``blind`` is false
    and whoever shows them must say so. Intervals are Wilson's; recall rests on the comments that are
    positive, precision on those flagged, and either rate is left out where its interval is too wide.
    """
    by_lot = [j for j in judged if j.blind]
    chosen = by_lot if len(by_lot) >= FEWEST_JUDGED else list(judged)
    if len(chosen) < FEWEST_JUDGED:
        return None
    positives = sum(j.truth for j in chosen)
    flagged = [j for j in chosen if j.score >= threshold]
    found = sum(j.truth for j in flagged)
    return Catch(
        recall=narrow(share(found, positives)),
        precision=narrow(share(found, len(flagged))),
        n=len(chosen),
        positives=positives,
        blind=chosen is by_lot,
    )


def promised(counts: Sequence[int], threshold: float) -> Catch:
    """Recall and precision if the probabilities are true, from the scores' own histogram.

    ``counts`` are comments in equal slices of 0 to 1; each counts with the middle of its slice.
    """
    step = 1 / len(counts)
    above = all_true = true_above = 0.0
    for n, many in enumerate(counts):
        start, middle = n * step, (n + 0.5) * step
        inside = min(1.0, max(0.0, (start + step - threshold) / step)) * many
        above, true_above, all_true = above + inside, true_above + inside * middle, all_true + many * middle
    return Catch(
        recall=Estimate(true_above / all_true) if all_true else NOTHING,
        precision=Estimate(true_above / above) if above else NOTHING,
        n=sum(counts),
    )


def _on_curve(curve: Mapping[str, Any], threshold: float) -> Catch:
    grid = [float(t) for t in curve["thresholds"]]
    if (
        len(grid) < 2
        or grid != sorted(grid)
        or not len(curve["recall"]) == len(curve["precision"]) == len(grid)
    ):
        raise ValueError
    after = next((n for n, t in enumerate(grid) if t >= threshold), len(grid) - 1)
    before = after if grid[after] <= threshold else max(0, after - 1)
    part = 0.0 if after == before else (threshold - grid[before]) / (grid[after] - grid[before])
    recall, precision = (_between(curve[k][before], curve[k][after], part) for k in ("recall", "precision"))
    return Catch(
        recall,
        precision,
        int(curve["n"]),
        int(curve["positives"]),
        at=grid[-1] if threshold > grid[-1] else None,
        exact=threshold <= grid[-1],
    )


def _between(one: Sequence[float] | None, two: Sequence[float] | None, part: float) -> Estimate:
    if one is None or two is None:
        return NOTHING
    value, low, high = (a + (b - a) * part for a, b in zip(one, two, strict=True))
    if not all(math.isfinite(v) for v in (value, low, high)):
        raise ValueError
    return Estimate(value, low, high)


def _one_point(figures: Mapping[str, Any], threshold: float) -> Catch | None:
    at, support = figures.get("threshold"), _at(figures, "support")
    if not isinstance(at, int | float):
        return None
    positives, negatives = (support.get(k, 0) for k in ("positives", "negatives"))
    recall, precision = (_measured(figures, name) for name in ("recall", "precision"))
    exact = abs(at - threshold) < 0.005
    return Catch(
        recall, precision, int(positives) + int(negatives), int(positives), at=float(at), exact=exact
    )


def _measured(figures: Mapping[str, Any], name: str) -> Estimate:
    value, interval = figures.get(name), _at(figures, "ci95").get(name)
    if not isinstance(value, int | float):
        return NOTHING
    low, high = interval if isinstance(interval, list) and len(interval) == 2 else (None, None)
    return Estimate(float(value), low, high)


def _at(found: Any, name: str) -> Mapping[str, Any]:
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
