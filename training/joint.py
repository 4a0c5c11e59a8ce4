"""Fit every view of a site's few labels at once, with the base's heads under them.

A Gaussian process for each label, whose kernel sums n-grams, meaning and what the base says. Where
labels are few this beats views that are fitted apart and then weighed: no label is spent on their
weights. What comes out is a plain head all the same.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from model.encoder import Vectors
from model.features.space import Rows
from model.heads import HeadSet, half, kernel
from training.laplace import Matrix, fit_mode
from training.splits import Folds
from training.stack import Stacked
from training.tier import Said
from training.views import Targets, ViewSettings

MOST: Final = 2000
"""Rows above which the views are fitted apart: time grows with the cube of their number."""

# Prior variances: of the meaning (over the ridge); of what the base's heads say and of each view's part
# in it, standardised, the label's own head counting four times its size; of the intercept.
_MEANING: Final = 8.0
_HEADS: Final = 0.05
_PARTS: Final = 0.0125
_OWN_HEAD: Final = 4.0
_INTERCEPT: Final = 10.0


def fit_joint(
    rows: Rows,
    targets: Targets,
    folds: Folds,
    settings: ViewSettings,
    weights: npt.NDArray[np.float64],
    base: HeadSet,
    said: Said,
) -> tuple[Stacked, Vectors]:
    """Fit a head of every label on top of a base, on at most :data:`MOST` rows.

    ``weights`` says how much each row counts, ``said`` what the base says of the rows.

    Returns
    -------
    stacked : Stacked
        Heads, and log-odds out of fold.
    parts : ndarray of shape (n, labels, 2)
        What n-grams, the base's included, say in the log-odds out of fold.
    """
    with threadpool_limits(1):  # sums in another order would give other bytes
        inputs = _Inputs.of(rows, settings, base, said)
        fits = [_fit(inputs, base.names.index(name), y, folds, weights) for name, y in targets.items()]
        heads = _merged(inputs, fits, tuple(targets), settings, base)
    out_of_fold = np.stack([fit.out_of_fold for fit in fits], axis=1)
    return Stacked(heads, out_of_fold), np.stack([fit.parts for fit in fits], axis=1)


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What all labels share, for n rows and the K heads of a base.

    ``grams`` are the kernels of characters and words and ``shared`` is the sum of all but the base's,
    (n, n). ``views`` is what the base's characters, words and meaning say, (3, n, K); ``said`` their sum
    and themselves side by side, centred by ``mean``, (n, 4 K); ``scale`` its deviations.
    """

    rows: Rows
    landmarks: Vectors
    variances: tuple[float, float, float]
    grams: tuple[Matrix, Matrix]
    shared: Matrix
    views: Matrix
    said: Matrix
    mean: Matrix
    scale: Matrix

    @classmethod
    def of(cls, rows: Rows, settings: ViewSettings, base: HeadSet, said: Said) -> Self:
        # Characters and words say nearly the same: they share what either would be allowed alone.
        variances = settings.chars_penalty / 2, settings.words_penalty / 2, _MEANING / settings.ridge
        chars, words = (
            variance * (grams @ grams.T).toarray().astype(np.float64)
            for variance, grams in zip(variances, (rows.chars, rows.words), strict=False)
        )
        landmarks = half(rows.dense)
        gammas = np.full(len(rows), settings.gamma, np.float32)
        shared = chars + words + variances[2] * kernel(landmarks, landmarks, gammas) + _INTERCEPT
        grams_said = said.parts[:, :, 0], said.parts[:, :, 1]
        meaning = said.logits - base.intercepts - grams_said[0] - grams_said[1]
        views = np.stack([*grams_said, meaning]).astype(np.float64)
        columns = np.hstack([views.sum(axis=0), *views])
        mean, scale = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1e-3)
        return cls(rows, landmarks, variances, (chars, words), shared, views, columns - mean, mean, scale)


@dataclass(frozen=True, slots=True)
class _Fit:
    """``alphas`` (n,) of the rows; ``blends`` (3, K): of the base's characters, words and meaning."""

    alphas: Matrix
    blends: Matrix
    shift: float
    out_of_fold: Vectors
    parts: Vectors


def _fit(
    inputs: _Inputs,
    own: int,
    labels: npt.NDArray[np.float32],
    folds: Folds,
    weights: npt.NDArray[np.float64],
) -> _Fit:
    known = np.flatnonzero(~np.isnan(labels))
    count = inputs.views.shape[2]
    factors = np.sqrt(np.repeat([_HEADS, _PARTS], [count, 3 * count])) / inputs.scale
    factors[own] *= _OWN_HEAD
    based = inputs.said * factors
    whole = inputs.shared + based @ based.T
    mode = fit_mode(whole[np.ix_(known, known)], labels[known], weights[known])

    def spread(alphas: Matrix) -> tuple[Matrix, Matrix]:
        """Coefficients of all rows and of the base's columns."""
        everywhere = np.zeros(len(labels))
        everywhere[known] = alphas
        return everywhere, factors * (based.T @ everywhere)

    out_of_fold = np.full(len(labels), np.nan, np.float32)
    parts = np.full((len(labels), 2), np.nan, np.float32)
    for _, test in folds:
        at = np.flatnonzero(np.isin(known, test))
        rows = known[at]
        alphas, columns = spread(mode.without(at))
        blends = _blends(columns)
        out_of_fold[rows] = whole[rows] @ alphas
        for view in (0, 1):
            parts[rows, view] = inputs.grams[view][rows] @ alphas + inputs.views[view, rows] @ blends[view]
    alphas, columns = spread(mode.alphas)
    shift = _INTERCEPT * alphas.sum() - inputs.mean @ columns
    return _Fit(alphas, _blends(columns), float(shift), out_of_fold, parts)


def _blends(columns: Matrix) -> Matrix:
    """Weights (3, K) of the base's views: each counts in its head's sum, and by itself."""
    return np.asarray(columns.reshape(4, -1)[1:] + columns.reshape(4, -1)[0])


def _merged(
    inputs: _Inputs, fits: list[_Fit], names: tuple[str, ...], settings: ViewSettings, base: HeadSet
) -> HeadSet:
    """The site's own part and the base's, mixed, as one head set."""
    alphas = np.stack([fit.alphas for fit in fits], axis=1)
    chars, words, meaning = (variance * alphas for variance in inputs.variances)
    own = HeadSet(
        names,
        np.asarray(inputs.rows.chars.T @ chars, np.float32),
        np.asarray(inputs.rows.words.T @ words, np.float32),
        inputs.landmarks,
        np.full(len(alphas), settings.gamma, np.float32),
        meaning.astype(np.float32),
        np.array([fit.shift for fit in fits], np.float32),
    )
    mixing = np.stack([fit.blends for fit in fits], axis=2).astype(np.float32)
    under = HeadSet(
        names,
        base.chars @ mixing[0],
        base.words @ mixing[1],
        base.landmarks,
        base.gammas,
        base.alphas @ mixing[2],
        np.zeros(len(names), np.float32),
        base.network and base.network.mixed(mixing[2]),
    )
    return own.plus(under)


__all__ = ["MOST", "fit_joint"]
