"""From a judgement's probabilities to a proposed action; people decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.taxonomy import STANCES, SUBTYPES

LEVELS: Final = ("p_impolite", "p_uncivil", "p_intolerable")
"""Names of P(severity >= 1), P(severity >= 2) and P(severity >= 3)."""

INCIVILITY_HEADS: Final = (*LEVELS, *SUBTYPES)

THRESHOLDS: Final = (
    *INCIVILITY_HEADS,
    "review",
    "hold",
    "hold_intolerable",
    *(f"stance_{stance}" for stance in STANCES),
)
"""What a bundle's thresholds must name."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Probabilities from which a comment is proposed for review or held.

    ``hold`` and ``review`` apply to incivility, ``intolerable`` holds on P(severity >= 3).
    """

    review: float
    hold: float
    intolerable: float

    @classmethod
    def of(cls, thresholds: Mapping[str, float]) -> "Policy":
        """The policy fitted with a bundle."""
        return cls(thresholds["review"], thresholds["hold"], thresholds["hold_intolerable"])

    def action(self, p_uncivil: float, p_intolerable: float) -> str:
        """Propose ``publish``, ``review`` or ``hold``.

        >>> Policy(0.5, 0.9, 0.8).action(0.6, 0.1)
        'review'
        """
        if p_uncivil >= self.hold or p_intolerable >= self.intolerable:
            return "hold"
        return "review" if p_uncivil >= self.review else "publish"


def stance_divisors(thresholds: Mapping[str, float]) -> tuple[float, ...]:
    """What each stance's probability is divided by before the largest is taken; 1 where none is fitted.

    >>> stance_divisors({"stance_against": 0.5})
    (1.0, 0.5, 1.0)
    """
    return tuple(float(thresholds.get(f"stance_{stance}", 1.0)) for stance in STANCES)


def severity_level(
    p_impolite: float, p_uncivil: float, p_intolerable: float, thresholds: Mapping[str, float]
) -> int:
    """Highest severity whose probability, and those of all below it, reach their thresholds.

    >>> severity_level(0.9, 0.6, 0.2, {"p_impolite": 0.5, "p_uncivil": 0.5, "p_intolerable": 0.5})
    2
    """
    levels = zip(LEVELS, (p_impolite, p_uncivil, p_intolerable), strict=True)
    level = 0
    for name, probability in levels:
        if probability < thresholds[name]:
            break
        level += 1
    return level
