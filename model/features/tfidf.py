"""Hashed n-grams weighed by how rare they are, as rows of a sparse matrix."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from model.features.grams import Grams, Integers


class HashedTfidf(TransformerMixin, BaseEstimator):
    """Sublinear term frequency times inverse document frequency, rows of unit length.

    Works on the output of ``grams``, a function from a sequence of texts to
    :class:`~model.features.grams.Grams`, so that the same occurrences serve scoring and reasons.

    Attributes
    ----------
    idf_ : ndarray of shape (2 ** bits,), float32
        Weight of each bucket.
    """

    def __init__(self, grams: Callable[[Sequence[Any]], Grams], bits: int = 18) -> None:
        self.grams = grams
        self.bits = bits

    def fit(self, texts: Sequence[Any], y: None = None) -> Self:
        """Count in how many texts each bucket occurs."""
        found = self.grams(texts)
        pairs = np.unique(found.text << self.bits | found.bucket)
        documents = np.bincount(pairs & ((1 << self.bits) - 1), minlength=1 << self.bits)
        idf = np.log((1 + len(texts)) / (1 + documents)) + 1
        self.idf_ = idf.astype(np.float16).astype(np.float32)
        return self

    def transform(self, texts: Sequence[Any]) -> sparse.csr_array:
        """Return a float32 matrix of shape (len(texts), 2 ** bits)."""
        check_is_fitted(self)
        return self.weigh(self.grams(texts), len(texts))

    def weigh(self, found: Grams, rows: int) -> sparse.csr_array:
        """Turn occurrences into rows of unit length."""
        pairs, counts = np.unique(found.text << self.bits | found.bucket, return_counts=True)
        row, bucket = pairs >> self.bits, pairs & ((1 << self.bits) - 1)
        values = (1 + np.log(counts, dtype=np.float32)) * self.idf_[bucket]
        norms = np.sqrt(np.bincount(row, weights=np.square(values, dtype=np.float64), minlength=rows))
        values /= np.maximum(norms, 1e-12)[row].astype(np.float32)
        pointers = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        indices, indptr = bucket.astype(np.int32), pointers.astype(np.int32)  # liblinear reads no wider ones
        return sparse.csr_array((values, indices, indptr), shape=(rows, 1 << self.bits))

    def shares(self, found: Grams, coefficients: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """What each occurrence adds to a linear score of its text; they sum to the row's product."""
        rows = int(found.text.max()) + 1 if len(found.text) else 0
        matrix = self.weigh(found, rows)
        keys = found.text << self.bits | found.bucket
        order, counts = np.unique(keys, return_counts=True)
        place: Integers = np.searchsorted(order, keys)
        weighed = matrix.data * coefficients[matrix.indices] / counts
        share: npt.NDArray[np.float32] = weighed[place]
        return share
