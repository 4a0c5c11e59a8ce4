"""Gaussian-process classification by Laplace's approximation (Rasmussen & Williams 2006, section 3.4)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

_STEPS: Final = 40
_HALVINGS: Final = 8
_CLOSE: Final = 1e-4

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mode:
    """The likeliest log-odds of n rows: ``kernel @ alphas``.

    ``inverse``, (n, n), is that of the kernel with the noise of the labels on its diagonal.
    """

    alphas: Matrix
    inverse: Matrix

    def without(self, rows: npt.NDArray[np.int64]) -> Matrix:
        """Coefficients had these rows' labels not been there, shape (n,); zero at the rows themselves.

        Exact for the approximation, whose curvature still is the one found with them.
        """
        inside = self.inverse[np.ix_(rows, rows)]
        left = self.alphas - self.inverse[:, rows] @ np.linalg.solve(inside, self.alphas[rows])
        left[rows] = 0.0
        return np.asarray(left)


def fit_mode(kernel: Matrix, labels: npt.NDArray[np.float32], weights: Matrix) -> Mode:
    """Find the mode by Newton's method.

    Parameters
    ----------
    kernel : ndarray of shape (n, n)
        Prior covariance of the log-odds.
    labels, weights : ndarray of shape (n,)
        0/1, and how much each row counts (above 0).

    >>> mode = fit_mode(4 * np.eye(2), np.array([0, 1], np.float32), np.ones(2))
    >>> mode.alphas.round(2).tolist(), mode.without(np.array([1])).round(2).tolist()
    ([-0.26, 0.26], [-0.26, 0.0])
    """
    truth = labels.astype(np.float64)
    alphas, odds = np.zeros(len(truth)), np.zeros(len(truth))
    worth = _worth(alphas, odds, truth, weights)
    for _ in range(_STEPS):
        slopes, root, factor = _curved(kernel, odds, truth, weights)
        wanted = root**2 * odds + slopes
        step = wanted - root * cho_solve(factor, root * (kernel @ wanted), check_finite=False) - alphas
        moved = kernel @ step
        share = 1.0
        for _ in range(_HALVINGS):
            tried = alphas + share * step, odds + share * moved
            gained = _worth(*tried, truth, weights)
            if gained >= worth:
                break
            share /= 2
        else:
            break
        (alphas, odds), worth = tried, gained
        if np.abs(share * moved).max() < _CLOSE:
            break
    _, root, factor = _curved(kernel, odds, truth, weights)
    inverse = root[:, None] * cho_solve(factor, np.diag(root), check_finite=False)
    return Mode(alphas, inverse)


def _worth(alphas: Matrix, odds: Matrix, truth: Matrix, weights: Matrix) -> float:
    """Log-posterior of the log-odds, but for a constant."""
    return float(weights @ (truth * odds - np.logaddexp(0, odds)) - 0.5 * alphas @ odds)


def _curved(
    kernel: Matrix, odds: Matrix, truth: Matrix, weights: Matrix
) -> tuple[Matrix, Matrix, tuple[Matrix, bool]]:
    """Gradient of the likelihood, root of its curvature, and the factor of the system to solve."""
    chances = 0.5 * (1 + np.tanh(0.5 * odds))
    root = np.sqrt(np.maximum(weights * chances * (1 - chances), 1e-9))
    system = root[:, None] * kernel * root
    system[np.diag_indices_from(system)] += 1.0
    return weights * (truth - chances), root, cho_factor(system, lower=True, check_finite=False)
