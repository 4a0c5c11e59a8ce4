"""Heads: sums of linear and kernel views that give one log-odds a label.

A head adds the weights of a comment's n-grams, what a radial-basis kernel network (Nyström
approximation, Williams & Seeger 2001) and a layer of rectified units say of its meaning, and an
intercept. All heads of a set share the landmarks and the units, so that one pass scores them
together. Sums of heads are heads: a site's own head and the base head under it are merged into one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from model.encoder import Vectors
from model.features.space import Rows
from model.network import Network, beside

_STRETCH: Final = 256


@dataclass(frozen=True, slots=True)
class HeadSet:
    """K heads over the same views.

    Attributes
    ----------
    names : tuple of K labels
    chars, words : ndarray of shape (2 ** bits, K), float32
    landmarks : ndarray of shape (m, d), float32
        Points of the dense view.
    gammas : ndarray of shape (m,), float32
        Kernel width of each landmark.
    alphas : ndarray of shape (m, K), float32
    intercepts : ndarray of shape (K,), float32
    network : Network, optional
        Rectified units over the dense view.
    """

    names: tuple[str, ...]
    chars: Vectors
    words: Vectors
    landmarks: Vectors
    gammas: Vectors
    alphas: Vectors
    intercepts: Vectors
    network: Network | None = None

    def logits(self, rows: Rows) -> Vectors:
        """Log-odds of shape (len(rows), K)."""
        return self.summed(*self.grams(rows.chars, rows.words), rows.dense)

    def summed(self, chars: Vectors, words: Vectors, dense: Vectors) -> Vectors:
        """Log-odds from what :meth:`grams` gave, and the dense view."""
        return np.asarray(chars + words + self.meaning(dense) + self.intercepts, np.float32)

    def grams(self, chars: sparse.csr_array, words: sparse.csr_array) -> tuple[Vectors, Vectors]:
        """What character and word n-grams add, each of shape (n, K)."""
        return np.asarray(chars @ self.chars), np.asarray(words @ self.words)

    def meaning(self, dense: Vectors) -> Vectors:
        """What the kernel network and the units add, of shape (n, K)."""
        said = kernel(dense, self.landmarks, self.gammas) @ self.alphas
        return said if self.network is None else said + self.network.said(dense)

    def take(self, names: Sequence[str]) -> "HeadSet":
        """The named heads, in that order."""
        at = [self.names.index(name) for name in names]
        return HeadSet(
            tuple(names),
            self.chars[:, at],
            self.words[:, at],
            self.landmarks,
            self.gammas,
            self.alphas[:, at],
            self.intercepts[at],
            self.network and self.network.take(at),
        )

    def mixed(self, matrix: npt.NDArray[np.float64], names: Sequence[str] | None = None) -> "HeadSet":
        """Heads whose log-odds are these heads' times ``matrix`` of shape (K, number of new heads)."""
        mixing = matrix.astype(np.float32)
        return HeadSet(
            tuple(names or self.names),
            self.chars @ mixing,
            self.words @ mixing,
            self.landmarks,
            self.gammas,
            self.alphas @ mixing,
            self.intercepts @ mixing,
            self.network and self.network.mixed(mixing),
        )

    def shifted(self, shifts: npt.NDArray[np.float64]) -> "HeadSet":
        """The heads with a constant added to each log-odds."""
        return replace(self, intercepts=self.intercepts + shifts.astype(np.float32))

    def plus(self, other: "HeadSet") -> "HeadSet":
        """Heads whose log-odds are the sums of both; names must agree."""
        if self.names != other.names:
            raise ValueError(f"cannot add heads {other.names} to {self.names}")
        return HeadSet(
            self.names,
            self.chars + other.chars,
            self.words + other.words,
            np.concatenate([self.landmarks, other.landmarks]),
            np.concatenate([self.gammas, other.gammas]),
            np.concatenate([self.alphas, other.alphas]),
            self.intercepts + other.intercepts,
            beside(self.network, other.network),
        )

    def spread(self, names: Sequence[str]) -> "HeadSet":
        """The same heads among ``names``; those that this set lacks say nothing (log-odds 0)."""
        matrix = np.zeros((len(self.names), len(names)))
        for i, name in enumerate(self.names):
            matrix[i, list(names).index(name)] = 1
        return self.mixed(matrix, names)

    def compact(self) -> "HeadSet":
        """The same heads with every landmark once: sums repeat those that their parts share."""
        points = np.column_stack([self.landmarks, self.gammas])
        _, first, place = np.unique(points, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        alphas = np.zeros((len(first), len(self.names)), np.float32)
        np.add.at(alphas, rank[place.ravel()], self.alphas)
        kept = first[order]
        return replace(self, landmarks=self.landmarks[kept], gammas=self.gammas[kept], alphas=alphas)

    def rounded(self) -> "HeadSet":
        """The heads at the precision a bundle stores, so that what is measured is what is shipped."""
        chars, words, landmarks = (half(values) for values in (self.chars, self.words, self.landmarks))
        network = self.network and replace(self.network, weights=half(self.network.weights))
        return replace(self, chars=chars, words=words, landmarks=landmarks, network=network)


def half(values: Vectors) -> Vectors:
    """Round to float16 and back."""
    return values.astype(np.float16).astype(np.float32)


def kernel(dense: Vectors, landmarks: Vectors, gammas: Vectors) -> Vectors:
    """``exp(-gamma * squared distance)`` of every row to every landmark, shape (n, m).

    Worked out in its own memory, a stretch of rows at a time: it is the largest array of a retraining.
    """
    near = dense @ landmarks.T
    rows, points = (np.einsum("ij,ij->i", one, one) for one in (dense, landmarks))
    for start in range(0, len(near), _STRETCH):
        part = near[start : start + _STRETCH]
        squares = rows[start : start + _STRETCH, None] + points
        np.maximum(np.subtract(squares, 2 * part, out=part), 0, out=part)
        np.exp(np.multiply(-gammas, part, out=part), out=part)
    return np.asarray(near, np.float32)


def probability(logits: Vectors) -> Vectors:
    """Logistic function, safe for large arguments."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), np.float32)


def softmax(logits: Vectors) -> Vectors:
    """Probabilities over the columns of each row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
