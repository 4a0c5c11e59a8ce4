"""What two sets of comments are told apart by: the shares of their scores, and their unknown words."""

from typing import Final

import numpy as np
from scipy.stats import chi2

from model.features.grams import character_grams
from model.features.space import CHARACTER_BITS, FeatureSpace
from model.text import normalise
from training.metrics import Floats

BINS: Final = 10

_EDGES: Final = np.linspace(0, 1, BINS + 1)
_SMALLEST: Final = 0.005
_WORD_LONG: Final = 4
_SURE: Final = 0.99


def shares(chances: Floats) -> Floats:
    """Shares of probabilities in ten bins of equal width."""
    counts = np.histogram(np.clip(chances, 0, 1), _EDGES)[0]
    return np.asarray(counts / max(counts.sum(), 1), np.float64)


def stability(expected: Floats, found: Floats) -> float:
    """Population stability index of two distributions over the same bins; above 0.25 they differ.

    >>> stability(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    0.0
    >>> round(stability(np.array([0.5, 0.5]), np.array([0.9, 0.1])), 2)
    0.88
    """
    one, other = np.maximum(expected, _SMALLEST), np.maximum(found, _SMALLEST)
    return float(((other - one) * np.log(other / one)).sum())


def stability_by_chance(one: int, other: int) -> float:
    """Index that two samples of these sizes from one distribution stay under 99 times in 100.

    >>> round(stability_by_chance(50, 200), 2), round(stability_by_chance(2000, 2000), 2)
    (0.54, 0.02)
    """
    return float(chi2.ppf(_SURE, BINS - 1) * (1 / one + 1 / other))


class UnknownWords:
    """Words of four letters or more with a character n-gram that no training text had.

    Word n-grams are hashed into so few buckets that a new word seldom meets an empty one; most
    buckets of character n-grams are empty, and one of them is enough to tell a new word.
    """

    def __init__(self, space: FeatureSpace) -> None:
        self._unseen = space.chars.idf_ >= space.chars.idf_.max()

    def count(self, text: str) -> tuple[int, int]:
        """How many words were known and how many were not."""
        words = [w for w in normalise(text).text.split() if w.isalpha() and len(w) >= _WORD_LONG]
        if not words:
            return 0, 0
        grams = character_grams(words, sizes=(2, 5), bits=CHARACTER_BITS)
        new = np.unique(grams.text[self._unseen[grams.bucket]])
        return len(words) - len(new), len(new)
