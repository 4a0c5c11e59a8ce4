"""Batches that teach more than their worthiest rows alone: typical ones to begin with, then unlike ones."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans

from model.encoder import Vectors
from training.splits import folded

NEAR: Final = 0.9
"""Cosine of two sentence vectors from which two comments count as near-duplicates."""

CANDIDATES: Final = 10
"""Worthiest rows that stand for one choice."""

_ALIKE: Final = 0.02
_NEIGHBOURS: Final = 20
_FEWEST: Final = 2
_ROUNDS: Final = 25

Values = npt.NDArray[np.float64]


def typical(vectors: Vectors, texts: Sequence[str], count: int) -> list[int]:
    """Choose the most typical row of each of ``count`` clusters, the largest cluster first.

    Before a model knows anything of a site its doubts are noise, and what most comments are like
    teaches more (TypiClust, Hacohen et al. 2022).

    Parameters
    ----------
    vectors
        Sentence vectors of unit length, shape (n, dimensions).

    Returns
    -------
    list of int
        At most ``count`` rows, no two of them near-duplicates.
    """
    cluster = _clusters(vectors, np.ones(len(vectors)), count)
    if cluster is None:
        return diverse(np.ones(len(vectors)), vectors, texts, count)
    density = np.zeros(len(vectors))
    for name in np.unique(cluster):
        rows = np.flatnonzero(cluster == name)
        near = np.sort(vectors[rows] @ vectors[rows].T, axis=1)[:, ::-1]
        density[rows] = near[:, 1 : _NEIGHBOURS + 1].mean(axis=1) if len(rows) > 1 else -1.0
    sizes = np.bincount(cluster)
    return _one_each(cluster, density, lambda name: float(sizes[name]), vectors, texts, count)


def clustered(worth: Values, vectors: Vectors, texts: Sequence[str], count: int) -> list[int]:
    """Choose the worthiest row of each of ``count`` clusters of the worthiest rows, weighed by worth.

    After Zhdanov (2019), with the worthiest row in the place of the middle one.

    Returns
    -------
    list of int
        At most ``count`` rows, no two of them near-duplicates, the worthiest first.
    """
    best = np.argsort(-worth, kind="stable")[: CANDIDATES * count]
    part, near = worth[best], vectors[best]
    cluster = _clusters(near, np.maximum(part, 1e-3), count)
    if cluster is None:
        return diverse(worth, vectors, texts, count)
    top = [float(part[cluster == name].max()) for name in range(int(cluster.max()) + 1)]
    chosen = _one_each(cluster, part, lambda name: top[name], near, [texts[i] for i in best], count)
    return [int(best[i]) for i in chosen]


def diverse(worth: Values, vectors: Vectors, texts: Sequence[str], count: int) -> list[int]:
    """Choose rows from the worthiest down, less for likeness to those taken; never near-duplicates."""
    return _filled([], worth, vectors, texts, count)


def _clusters(vectors: Vectors, weights: Values, count: int) -> npt.NDArray[np.int64] | None:
    """Cluster of each row; ``None`` where there are too few rows to choose from."""
    if len(vectors) < _FEWEST * count or count < _FEWEST:
        return None
    means = KMeans(count, n_init=1, max_iter=_ROUNDS, random_state=0)
    # where many rows say the same there are fewer clusters than asked: the rest is filled by worth
    distinct = len(np.unique(vectors.round(6), axis=0))
    if distinct < count:
        return None
    return np.asarray(means.fit(vectors, sample_weight=weights).labels_, np.int64)


def _one_each(
    cluster: npt.NDArray[np.int64],
    worth: Values,
    order: Callable[[int], float],
    vectors: Vectors,
    texts: Sequence[str],
    count: int,
) -> list[int]:
    names = sorted(np.unique(cluster).tolist(), key=lambda name: (-order(name), name))
    first = [
        int(rows[np.argmax(worth[rows])]) for name in names if len(rows := np.flatnonzero(cluster == name))
    ]
    return _filled(first, worth, vectors, texts, count)


def _filled(
    first: Sequence[int], worth: Values, vectors: Vectors, texts: Sequence[str], count: int
) -> list[int]:
    """Take ``first`` in its order, then the worthiest of the rest; skip what says nearly the same."""
    chosen: list[int] = []
    likeness = np.zeros(len(worth))
    seen: set[str] = set()
    left = worth.astype(np.float64).copy()
    wanted = list(first)
    while len(chosen) < count:
        if wanted:
            best = wanted.pop(0)
        else:
            best = int(np.argmax(np.where(np.isfinite(left), left - _ALIKE * likeness, -np.inf)))
            if not np.isfinite(left[best]):
                break
        left[best] = -np.inf
        text = folded(texts[best]) or texts[best]
        if likeness[best] >= NEAR or text in seen:
            continue
        seen.add(text)
        chosen.append(best)
        likeness = np.maximum(likeness, vectors @ vectors[best])
    return chosen
