"""A share as it is shown: with its interval, or the interval alone where that is too wide."""

from dataclasses import dataclass
from typing import Final

from scipy.stats import binomtest

WIDEST: Final = 0.15
"""Half of the widest interval beside which a rate is shown: a wider one would be read as the rate."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share and its 95 % interval; ``None`` where nothing can be said, or the interval alone can."""

    value: float | None
    low: float | None = None
    high: float | None = None


NOTHING: Final = Estimate(None)


def share(part: int, whole: int) -> Estimate:
    """A share with Wilson's interval; where that is too wide, the interval alone.

    >>> share(32, 40), share(8, 10)
    (Estimate(value=0.8, low=0.6524, high=0.895), Estimate(value=None, low=0.4902, high=0.9433))
    """
    if whole <= 0:
        return NOTHING
    interval = binomtest(part, whole).proportion_ci(method="wilson")
    low, high = float(interval.low), float(interval.high)
    shown = part / whole if high - low <= 2 * WIDEST else None
    return Estimate(shown, round(low, 4), round(high, 4))
