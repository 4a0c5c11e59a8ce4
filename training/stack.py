"""Weigh fitted views by what they were worth out of fold, and merge them into plain heads.

Stacked generalisation (Wolpert 1992) with logistic regression, which also calibrates: its log-odds
are fitted to labels that no view had seen. A base bundle's heads, trained on other text, are one
more view whose weight the rows at hand decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from data.taxonomy import STANCES, Stance
from model.encoder import Vectors
from model.heads import HeadSet
from training.splits import Folds
from training.views import VIEWS, Targets, Views, learnable

_PENALTY: Final = 1.0
_STANCE_PENALTY: Final = 0.1
_BLEND_PENALTY: Final = 0.1
_OWN_HEAD: Final = 4.0
_FEWEST: Final = 50
"""Rows of either value outside every fold that some rows must have to weigh the views alone."""


@dataclass(frozen=True, slots=True)
class Stacked:
    """Merged heads, and their log-odds for the training rows out of fold (NaN where unlabelled).

    ``weights``, of shape (labels, views), are those of the views and ``blend``, of shape (heads of the
    base, labels), those of the base's heads; binary heads only.
    """

    heads: HeadSet
    out_of_fold: Vectors
    weights: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    blend: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))


def stack_binary(
    views: Views,
    targets: Targets,
    folds: Folds,
    base: HeadSet | None,
    base_logits: Vectors,
    shares: Mapping[str, float] | None = None,
    asked: npt.NDArray[np.bool_] | None = None,
) -> Stacked:
    """Merge the views of independent 0/1 labels.

    ``shares`` says by view how much of its weight it keeps, all of it unless said; ``asked``, of shape
    (n,), which rows' labels weigh the views, all of them unless said or where those are too few.

    ``base_logits`` has a column for each head of ``base`` where it is given; no row of the training
    data may have trained ``base``. What a site calls uncivil may be another blend of insult, hate and
    coarseness than what the base calls so: the base's view of a label is a regression on all its heads.
    """
    names = tuple(targets)
    blends = np.zeros((base_logits.shape[1], len(names)))
    kept = np.array([(shares or {}).get(view, 1.0) for view in (*VIEWS, "base")])
    weights = np.zeros((len(names), len(VIEWS) + 1), np.float64)
    shifts = np.zeros(len(names))
    merged = np.full((len(base_logits), len(names)), np.nan, np.float32)
    for i, name in enumerate(names):
        known = _weighing(targets[name], asked, folds)
        columns = [views.out_of_fold[name]]
        if base is not None:
            blend, blends[:, i] = _blended(base_logits, base.names.index(name), targets[name], folds)
            columns.append(blend[:, None])
        inputs, labels = np.hstack(columns), targets[name]
        weights[i, : inputs.shape[1]], shifts[i] = _non_negative(inputs[known], labels[known])
        weights[i] *= kept
        blends[:, i] *= weights[i, -1]
        for train, test in folds:
            part = train[known[train]]
            w, b = _non_negative(inputs[part], labels[part])
            merged[test, i] = inputs[test] @ (w * kept[: len(w)]) + b
    parts = [views.heads[view].mixed(np.diag(weights[:, v])) for v, view in enumerate(VIEWS)]
    if base is not None:
        parts.append(base.mixed(blends, names))
    return Stacked(_sum(parts, names, shifts), merged, weights[:, : len(VIEWS)].astype(np.float32), blends)


def _weighing(
    labels: npt.NDArray[np.float32], asked: npt.NDArray[np.bool_] | None, folds: Folds
) -> npt.NDArray[np.bool_]:
    if asked is not None and learnable(own := np.where(asked, labels, np.float32(np.nan)), folds, _FEWEST):
        labels = own
    return ~np.isnan(labels)


def _blended(
    logits: Vectors, own: int, labels: npt.NDArray[np.float32], folds: Folds
) -> tuple[Vectors, npt.NDArray[np.float64]]:
    """A base's heads as one view of a label, out of fold, and their weights on all rows.

    The label's own head is penalised less than the others: few labels leave it alone.
    """
    known = ~np.isnan(labels)
    scale = 1 / np.maximum(logits[known].std(axis=0), 1e-3).astype(np.float64)
    scale[own] *= _OWN_HEAD

    def fitted(part: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        model = LogisticRegression(C=_BLEND_PENALTY, max_iter=1000).fit(logits[part] * scale, labels[part])
        return np.asarray(model.coef_[0] * scale)

    out_of_fold = np.full(len(labels), np.nan, np.float32)
    for train, test in folds:
        out_of_fold[test] = logits[test] @ fitted(train[known[train]])
    return out_of_fold, fitted(np.flatnonzero(known))


def _non_negative(inputs: Vectors, labels: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], float]:
    """Logistic regression whose weights are not negative: a view that would be turned round is left out."""
    kept = list(range(inputs.shape[1]))
    weights = np.zeros(inputs.shape[1])
    while kept:
        model = LogisticRegression(C=_PENALTY, max_iter=1000).fit(inputs[:, kept], labels)
        if (model.coef_[0] >= 0).all() or len(kept) == 1:
            weights[kept] = np.maximum(model.coef_[0], 0)
            return weights, float(model.intercept_[0])
        kept.pop(int(model.coef_[0].argmin()))
    raise AssertionError("unreachable: the loop ends with one view")


def stack_stance(
    views: Views, labels: Sequence[Stance | None], folds: Folds, base: HeadSet | None, base_logits: Vectors
) -> Stacked:
    """Merge the views of the stances into heads for a softmax.

    A stance that no row has gets no weight and the chance of a class not yet seen (rule of Laplace).
    Rows without a label do not weigh, but are judged like the others: theirs may be too rare a stance.
    """
    present = [s for s in STANCES if s in views.out_of_fold]
    known = np.array([label is not None for label in labels])
    classes = np.array([present.index(label) if label else -1 for label in labels])
    columns = [np.stack([views.out_of_fold[s][:, v] for s in present], axis=1) for v in range(len(VIEWS))]
    if base is not None:
        columns.append(base_logits)
    inputs = np.hstack(columns)
    merged = np.full((len(labels), len(STANCES)), np.nan, np.float32)
    unseen = float(np.log(0.5 / (known.sum() + 1.5)))
    for train, test in folds:
        part = train[known[train]]
        coefficients, shift = _multinomial(inputs[part], classes[part], len(present))
        merged[test] = unseen
        for k, stance in enumerate(present):
            merged[test, STANCES.index(stance)] = inputs[test] @ coefficients[:, k] + shift[k]
    coefficients, shift = _multinomial(inputs[known], classes[known], len(present))
    place = [STANCES.index(s) for s in present]
    mixing = np.zeros((inputs.shape[1], len(STANCES)))
    mixing[:, place] = coefficients
    shifts = np.full(len(STANCES), unseen)
    shifts[place] = shift
    width = len(present)
    parts = [
        views.heads[view].take(present).mixed(mixing[v * width : (v + 1) * width], STANCES)
        for v, view in enumerate(VIEWS)
    ]
    if base is not None:
        parts.append(base.mixed(mixing[len(VIEWS) * width :], STANCES))
    return Stacked(_sum(parts, STANCES, shifts), merged)


def _multinomial(
    inputs: Vectors, classes: npt.NDArray[np.int64], count: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Coefficients (inputs, classes) and intercepts whose softmax gives the classes' chances."""
    model = LogisticRegression(C=_STANCE_PENALTY, max_iter=2000).fit(inputs, classes)
    if count == 2:
        return np.hstack([-model.coef_.T / 2, model.coef_.T / 2]), np.array([-0.5, 0.5]) * model.intercept_[0]
    return model.coef_.T, model.intercept_


def _sum(parts: Sequence[HeadSet], names: Sequence[str], shifts: npt.NDArray[np.float64]) -> HeadSet:
    total = parts[0]
    for part in parts[1:]:
        total = total.plus(part)
    return total.shifted(shifts)
