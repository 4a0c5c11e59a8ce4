"""What a fit over the dense view makes: a network of one kind or the other, and what it says out of fold."""

from collections.abc import Sequence
from dataclasses import dataclass

from model.encoder import Vectors
from model.heads import HeadSet
from model.network import Network


@dataclass(frozen=True, slots=True)
class Meaning:
    """Landmarks of a kernel network with their weights, or a network of rectified units, for K labels.

    Attributes
    ----------
    out_of_fold : ndarray of shape (n, K)
        What is said of the training rows; NaN where a row lacks the label.
    intercepts : ndarray of shape (K,)
    landmarks, gammas, alphas
        As in a :class:`HeadSet`.
    """

    out_of_fold: Vectors
    intercepts: Vectors
    landmarks: Vectors
    gammas: Vectors
    alphas: Vectors
    network: Network | None = None

    def heads(self, names: Sequence[str], chars: Vectors, words: Vectors) -> HeadSet:
        """Heads with these n-gram weights."""
        dense = self.landmarks, self.gammas, self.alphas
        return HeadSet(tuple(names), chars, words, *dense, self.intercepts, self.network)
