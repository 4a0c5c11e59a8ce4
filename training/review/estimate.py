"""A share as it is shown: with its interval, or the interval alone where that is too wide."""

from dataclasses import dataclass, replace
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
    """A share with Wilson's interval.

    >>> share(8, 10)
    Estimate(value=0.8, low=0.4902, high=0.9433)
    """
    if whole <= 0:
        return NOTHING
    interval = binomtest(part, whole).proportion_ci(method="wilson")
    return Estimate(part / whole, round(float(interval.low), 4), round(float(interval.high), 4))


def narrow(estimate: Estimate) -> Estimate:
    """Leave out a share whose interval is wider than ``WIDEST`` on either side, and keep the interval.

    >>> narrow(share(8, 10)).value, narrow(share(32, 40)).value
    (None, 0.8)
    """
    wide = estimate.low is None or estimate.high is None or estimate.high - estimate.low > 2 * WIDEST
    return replace(estimate, value=None) if wide else estimate
