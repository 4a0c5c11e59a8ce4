"""The fast tier: heads without the sentence encoder, and the bands in which they are not sure enough."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, Self, get_args

import numpy as np
import numpy.typing as npt

from model.encoder import Vectors
from model.policy import INCIVILITY_HEADS, Policy

TierName = Literal["full", "fast"]
TIERS: Final[tuple[TierName, ...]] = get_args(TierName)

DECISIONS: Final[Mapping[str, str]] = {
    "review": "p_uncivil",
    "hold": "p_uncivil",
    "hold_intolerable": "p_intolerable",
}
"""Threshold of the policy to the head whose probability it cuts."""

FAST_MARK: Final = "/fast"
"""Ends the bundle's name beside scores that the encoder had no part in."""


@dataclass(frozen=True, slots=True)
class Band:
    """Probabilities [low, high) of a decision's head between which the encoder is asked.

    ``threshold`` is the one that the band was fitted for.
    """

    low: float
    high: float
    threshold: float

    def around(self, threshold: float) -> tuple[float, float]:
        """Edges for another threshold, at the same distances in log-odds.

        >>> low, high = Band(0.4, 0.6, 0.5).around(0.8)
        >>> round(low, 2), round(high, 2)
        (0.73, 0.86)
        """
        shift = log_odds(threshold) - log_odds(self.threshold)
        low, high = (1 / (1 + np.exp(-(log_odds(edge) + shift))) for edge in (self.low, self.high))
        return float(low), float(high)


@dataclass(frozen=True, slots=True)
class LexicalHeads:
    """Heads over what is known without the encoder.

    They weigh what each full head's n-grams say, so that one product serves both tiers, and add what
    the lexicons say.

    Attributes
    ----------
    chars, words, intercepts : ndarray of shape (K,), float32
        Weight of each full head's character and word part, and what is added.
    lexicon : ndarray of shape (number of lexical features, K), float32
    bands : mapping of decision to band
    """

    chars: Vectors
    words: Vectors
    lexicon: Vectors
    intercepts: Vectors
    bands: Mapping[str, Band]

    def logits(self, chars: Vectors, words: Vectors, lexical: Vectors) -> Vectors:
        """Log-odds of shape (n, K).

        Parameters
        ----------
        chars, words
            The full heads' n-gram parts, of shape (n, K).
        lexical
            Lexical features on the kernel's scale.
        """
        # In double precision: a row must not fall in or out of a band with the number of its neighbours.
        said = lexical.astype(np.float64) @ self.lexicon.astype(np.float64)
        total = chars * self.chars + words * self.words + said.astype(np.float32) + self.intercepts
        return np.asarray(total, np.float32)

    def uncertain(self, chances: Vectors, policy: Policy) -> npt.NDArray[np.bool_]:
        """Rows that the encoder has to see, of shape (n,), for probabilities of shape (n, K)."""
        return inside(self.bands, {head: chances[:, i] for i, head in enumerate(INCIVILITY_HEADS)}, policy)

    def described(self) -> dict[str, dict[str, float]]:
        """The bands as JSON values."""
        return {decision: asdict(band) for decision, band in self.bands.items()}

    @classmethod
    def of(cls, arrays: Mapping[str, Vectors], described: Mapping[str, Any]) -> Self:
        """Put stored arrays and the manifest's bands together.

        Raises
        ------
        ValueError
            For bands that are no bands.
        """
        try:
            if set(described) != set(DECISIONS):
                raise ValueError(f"bands are not {', '.join(DECISIONS)}")
            bands = {decision: Band(**described[decision]) for decision in DECISIONS}
            usable = [0 < b.low <= b.threshold <= b.high < 1 for b in bands.values()]
        except TypeError as error:
            raise ValueError("a band lacks an edge or has a wrong one") from error
        if not all(usable):
            raise ValueError("a band's edges are not around its threshold")
        return cls(**{name: arrays[name] for name in PARTS}, bands=bands)


PARTS: Final[Sequence[str]] = ("chars", "words", "lexicon", "intercepts")
"""Arrays of :class:`LexicalHeads`."""


def cuts(policy: Policy) -> dict[str, float]:
    """Threshold of each decision."""
    return {"review": policy.review, "hold": policy.hold, "hold_intolerable": policy.intolerable}


def inside(
    bands: Mapping[str, Band], chances: Mapping[str, Vectors], policy: Policy
) -> npt.NDArray[np.bool_]:
    """Rows inside any band, of shape (n,), for each head's probabilities of shape (n,)."""
    asked = np.zeros(len(next(iter(chances.values()))), bool)
    at = cuts(policy)
    for decision, band in bands.items():
        low, high = band.around(at[decision])
        column = chances[DECISIONS[decision]]
        asked |= (column >= low) & (column < high)
    return asked


def log_odds(probability: float) -> float:
    """Log-odds of a probability, kept within +-12."""
    bounded = min(max(probability, 6e-6), 1 - 6e-6)
    return float(np.log(bounded / (1 - bounded)))
