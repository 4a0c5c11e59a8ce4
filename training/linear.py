"""Fit n-gram regressions, in and out of fold, in two processes where that pays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from model.encoder import Vectors
from model.features.space import Rows
from training.splits import Folds

Targets = Mapping[str, npt.NDArray[np.float32]]
"""Label name to 0/1 of each row, NaN where the row does not carry the label."""

WORTH_PROCESSES: Final = 3000
"""Rows from which a second process saves more time than it takes to start."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit says of its test rows, or the weights of a fit on all rows."""

    values: Vectors
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class Linear:
    """A regression on all rows, and what those without each fold say of it."""

    weights: Vectors
    intercept: float
    out_of_fold: Vectors


def begin_fits(
    rows: Rows,
    targets: Targets,
    folds: Folds,
    weights: npt.NDArray[np.float64],
    penalties: Mapping[str, float],
    seed: int,
) -> Iterator[Fit]:
    """Begin a fit for each view of ``penalties``, label and fold, and one on all rows after the folds.

    The caller can work on something else before it takes them, in that order, with `joined`.
    """
    # Never threads: liblinear draws from one generator a process, and weights would depend on their pace.
    jobs = 2 if len(rows) >= WORTH_PROCESSES else 1
    everything = np.arange(len(rows)), np.zeros(0, np.int64)
    fits: Iterator[Fit] = Parallel(n_jobs=jobs, prefer="processes", return_as="generator")(
        delayed(_linear)(getattr(rows, view), labels, weights, train, test, penalty, seed)
        for view, penalty in penalties.items()
        for labels in targets.values()
        for train, test in (*folds, everything)
    )
    return fits


def _linear(
    matrix: sparse.csr_array,
    labels: npt.NDArray[np.float32],
    weights: npt.NDArray[np.float64],
    train: npt.NDArray[np.int64],
    test: npt.NDArray[np.int64],
    penalty: float,
    seed: int,
) -> Fit:
    """Fit on the labelled rows of ``train``: log-odds of ``test``, weights only where that is empty."""
    part = np.zeros(len(labels), bool)
    part[train] = True
    part &= ~np.isnan(labels)
    # liblinear's dual solver: an order of magnitude faster than lbfgs on hashed n-grams.
    model = LogisticRegression(C=penalty, solver="liblinear", dual=True, max_iter=400, random_state=seed)
    model.fit(matrix[part], labels[part], sample_weight=weights[part])
    if len(test):
        return Fit(np.asarray(model.decision_function(matrix[test]), np.float32))
    return Fit(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def joined(fits: Iterator[Fit], labels: npt.NDArray[np.float32], folds: Folds) -> Linear:
    """Take the next fits, those of one view and label."""
    out_of_fold = np.full(len(labels), np.nan, np.float32)
    for _, test in folds:
        out_of_fold[test] = next(fits).values
    out_of_fold[np.isnan(labels)] = np.nan
    whole = next(fits)
    return Linear(whole.values, whole.intercept, out_of_fold)
