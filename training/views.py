"""Fit the views of one set of heads in and out of fold: n-gram regressions, a network over the meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.encoder import Vectors
from model.features.space import Rows
from model.heads import HeadSet, half
from training.kernel import fit_kernel, landmarks_of
from training.linear import Linear, begin_fits, joined
from training.linear import Targets as Targets
from training.network import NetworkSettings, fit_network
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
    """Penalties and kernel of the views; where a ``network`` is given it reads the meaning, and no kernel."""

    chars_penalty: float
    words_penalty: float
    landmarks: int
    gamma: float
    ridge: float
    seed: int
    network: NetworkSettings | None = None


def fit_views(
    rows: Rows,
    targets: Targets,
    folds: Folds,
    settings: ViewSettings,
    weights: npt.NDArray[np.float64] | None = None,
) -> Views:
    """Fit every view of every label of ``targets`` on all rows, and out of fold for stacking.

    Labels must have both values in every training part; see :func:`learnable`. ``weights`` says how
    much each row counts; a network heeds all alike.
    """
    weights = np.ones(len(rows)) if weights is None else weights
    names = tuple(targets)
    # Begun before the landmarks are sought, which keeps one process busy while two others fit the n-grams;
    # the rest waits for them, as all of it together would not fit in 4 GB with 100,000 rows.
    penalties = {"chars": settings.chars_penalty, "words": settings.words_penalty}
    fits = begin_fits(rows, targets, folds, weights, penalties, settings.seed)
    network = settings.network
    landmarks = rows.dense[:0] if network else landmarks_of(rows.dense, settings.landmarks, settings.seed)
    chars, words = ([joined(fits, labels, folds) for labels in targets.values()] for _ in range(2))
    if network:
        meaning = fit_network(rows.dense, targets, folds, network)
    else:
        meaning = fit_kernel(rows.dense, landmarks, settings.gamma, settings.ridge, targets, folds, weights)
    out_of_fold = {
        name: np.stack([chars[i].out_of_fold, words[i].out_of_fold, meaning.out_of_fold[:, i]], axis=1)
        for i, name in enumerate(names)
    }
    width, count = rows.dense.shape[1], len(names)
    none = np.zeros((0, width), np.float32), np.zeros(0, np.float32), np.zeros((0, count), np.float32)
    no_chars = np.zeros((rows.chars.shape[1], len(names)), np.float32)
    no_words = np.zeros((rows.words.shape[1], len(names)), np.float32)
    by_view = {
        "chars": HeadSet(names, _columns(chars), no_words, *none, _intercepts(chars)),
        "words": HeadSet(names, no_chars, _columns(words), *none, _intercepts(words)),
        "meaning": meaning.heads(names, no_chars, no_words),
    }
    return Views(by_view, out_of_fold)


def learnable(labels: npt.NDArray[np.float32], folds: Folds, least: int = 5) -> bool:
    """Whether every training part has at least ``least`` rows of both values."""
    return all(min((labels[a] == 0).sum(), (labels[a] == 1).sum()) >= least for a, _ in folds)


def _columns(fits: Sequence[Linear]) -> Vectors:
    return half(np.stack([fit.weights for fit in fits], axis=1))


def _intercepts(fits: Sequence[Linear]) -> Vectors:
    return np.array([fit.intercept for fit in fits], np.float32)
