"""Fit the views of one set of heads: n-gram regressions and the kernel network, in and out of fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

from model.encoder import Vectors
from model.features.space import Rows
from model.heads import HeadSet, half, kernel
from training.linear import Linear, begin_fits, joined
from training.linear import Targets as Targets
from training.splits import Folds

VIEWS: Final = ("chars", "words", "meaning")


@dataclass(frozen=True, slots=True)
class Views:
    """Fitted views of every head, and what they say of rows they were not fitted on.

    ``heads`` has zero intercepts except the views' own, one head set a view; ``out_of_fold`` is of
    shape (rows, views) for each label, NaN for rows without the label.
    """

    heads: Mapping[str, HeadSet]
    out_of_fold: Mapping[str, Vectors]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSettings:
    """Penalties and kernel of the views."""

    chars_penalty: float
    words_penalty: float
    landmarks: int
    gamma: float
    ridge: float
    seed: int


def fit_views(
    rows: Rows,
    targets: Targets,
    folds: Folds,
    settings: ViewSettings,
    weights: npt.NDArray[np.float64] | None = None,
) -> Views:
    """Fit every view of every label of ``targets`` on all rows, and out of fold for stacking.

    Labels must have both values in every training part; see :func:`learnable`. ``weights`` says how
    much each row counts.
    """
    weights = np.ones(len(rows)) if weights is None else weights
    names = tuple(targets)
    # Begun before the landmarks are sought, which keeps one process busy while two others fit the n-grams;
    # the kernel waits for them, as all of it together would not fit in 4 GB with 100,000 rows.
    penalties = {"chars": settings.chars_penalty, "words": settings.words_penalty}
    fits = begin_fits(rows, targets, folds, weights, penalties, settings.seed)
    landmarks = half(_landmarks(rows.dense, settings))
    chars, words = ([joined(fits, labels, folds) for labels in targets.values()] for _ in range(2))
    gammas = np.full(len(landmarks), settings.gamma, np.float32)
    similar = kernel(rows.dense, landmarks, gammas)
    among = kernel(landmarks, landmarks, gammas)
    network = _network(similar, among, targets, weights, folds, settings.ridge)
    out_of_fold = {
        name: np.stack([chars[i].out_of_fold, words[i].out_of_fold, network.out_of_fold[:, i]], axis=1)
        for i, name in enumerate(names)
    }
    width = rows.dense.shape[1]
    none = np.zeros((0, width), np.float32), np.zeros(0, np.float32), np.zeros((0, len(names)), np.float32)
    no_chars = np.zeros((rows.chars.shape[1], len(names)), np.float32)
    no_words = np.zeros((rows.words.shape[1], len(names)), np.float32)
    by_view = {
        "chars": HeadSet(names, _columns(chars), no_words, *none, _intercepts(chars)),
        "words": HeadSet(names, no_chars, _columns(words), *none, _intercepts(words)),
        "meaning": HeadSet(names, no_chars, no_words, landmarks, gammas, network.alphas, network.intercepts),
    }
    return Views(by_view, out_of_fold)


def learnable(labels: npt.NDArray[np.float32], folds: Folds, least: int = 5) -> bool:
    """Whether every training part has at least ``least`` rows of both values."""
    return all(min((labels[a] == 0).sum(), (labels[a] == 1).sum()) >= least for a, _ in folds)


def _columns(fits: Sequence[Linear]) -> Vectors:
    return half(np.stack([fit.weights for fit in fits], axis=1))


def _intercepts(fits: Sequence[Linear]) -> Vectors:
    return np.array([fit.intercept for fit in fits], np.float32)


def _landmarks(dense: Vectors, settings: ViewSettings) -> Vectors:
    """Centres of the rows, or the rows themselves when there are few."""
    if len(dense) <= settings.landmarks:
        return dense
    with threadpool_limits(1):  # one thread gives the same centres on every machine
        clusters = MiniBatchKMeans(
            settings.landmarks,
            init="random",
            n_init=1,
            batch_size=4096,
            max_iter=20,
            random_state=settings.seed,
        )
        return np.asarray(clusters.fit(dense).cluster_centers_, np.float32)


@dataclass(frozen=True, slots=True)
class _Network:
    alphas: Vectors
    intercepts: Vectors
    out_of_fold: Vectors


def _network(
    similar: Vectors,
    among: Vectors,
    targets: Targets,
    weights: npt.NDArray[np.float64],
    folds: Folds,
    ridge: float,
) -> _Network:
    """Kernel ridge regression of each label as -1/+1; labels known on the same rows share the algebra."""
    labels = np.stack(list(targets.values()), axis=1)
    known = ~np.isnan(labels)
    patterns: dict[bytes, list[int]] = {}
    for column in range(labels.shape[1]):
        patterns.setdefault(known[:, column].tobytes(), []).append(column)
    alphas = np.zeros((similar.shape[1], labels.shape[1]), np.float32)
    intercepts = np.zeros(labels.shape[1], np.float32)
    out_of_fold = np.full(labels.shape, np.nan, np.float32)
    for columns in patterns.values():
        mask = known[:, columns[0]]
        signs = np.where(labels[:, columns] > 0, 1.0, -1.0)
        parts = [_sums(similar, signs, weights, test[mask[test]]) for _, test in folds]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.plus(part, 1.0)
        for part, (_, test) in zip(parts, folds, strict=True):
            coefficients, shift = _ridge(whole.plus(part, -1.0), among, ridge)
            inside = test[mask[test]]
            out_of_fold[np.ix_(inside, np.array(columns))] = similar[inside] @ coefficients + shift
        alphas[:, columns], intercepts[columns] = _ridge(whole, among, ridge)
    return _Network(alphas, intercepts, out_of_fold)


@dataclass(frozen=True, slots=True)
class _Sums:
    """What ridge regression needs of some rows; those of all rows less a fold's are its training part's."""

    gram: npt.NDArray[np.float64]
    columns: npt.NDArray[np.float64]
    moments: npt.NDArray[np.float64]
    signs: npt.NDArray[np.float64]
    total: float

    def plus(self, other: "_Sums", factor: float) -> "_Sums":
        return _Sums(
            self.gram + factor * other.gram,
            self.columns + factor * other.columns,
            self.moments + factor * other.moments,
            self.signs + factor * other.signs,
            self.total + factor * other.total,
        )


def _sums(
    similar: Vectors,
    signs: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    rows: npt.NDArray[np.int64],
) -> _Sums:
    # In float32 the sums lose the kernel's small directions, and the solution drowns in their noise.
    near = similar[rows].astype(np.float64)
    weighted = near * weights[rows, None]
    return _Sums(
        weighted.T @ near,
        weighted.sum(axis=0),
        weighted.T @ signs[rows],
        weights[rows] @ signs[rows],
        float(weights[rows].sum()),
    )


def _ridge(sums: _Sums, among: Vectors, ridge: float) -> tuple[Vectors, Vectors]:
    shift = sums.signs / sums.total
    system = sums.gram + ridge * among.astype(np.float64)
    system[np.diag_indices_from(system)] += 1e-6  # landmarks that almost coincide
    weights = np.linalg.solve(system, sums.moments - np.outer(sums.columns, shift))
    return weights.astype(np.float32), shift.astype(np.float32)
