"""Fit the kernel network of few rows: ridge regression on landmarks, in and out of fold."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

from model.encoder import Vectors
from model.heads import half, kernel
from training.linear import Targets
from training.meaning import Meaning
from training.splits import Folds


def landmarks_of(dense: Vectors, count: int, seed: int) -> Vectors:
    """Centres of the rows, or the rows themselves when there are few."""
    if len(dense) <= count:
        return half(dense)
    with threadpool_limits(1):  # one thread gives the same centres on every machine
        clusters = MiniBatchKMeans(
            count,
            init="random",
            n_init=1,
            batch_size=4096,
            max_iter=20,
            random_state=seed,
        )
        return half(np.asarray(clusters.fit(dense).cluster_centers_, np.float32))


def fit_kernel(
    dense: Vectors,
    landmarks: Vectors,
    gamma: float,
    ridge: float,
    targets: Targets,
    folds: Folds,
    weights: npt.NDArray[np.float64],
) -> Meaning:
    """Kernel ridge regression of each label as -1/+1; labels known on the same rows share the algebra.

    Parameters
    ----------
    dense : ndarray of shape (n, d)
    landmarks : ndarray of shape (m, d)
    weights : ndarray of shape (n,)
        How much each row counts.
    """
    gammas = np.full(len(landmarks), gamma, np.float32)
    similar, among = kernel(dense, landmarks, gammas), kernel(landmarks, landmarks, gammas)
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
    return Meaning(out_of_fold, intercepts, landmarks, gammas, alphas)


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
