"""Fit the fast tier: lexical heads that follow the full ones, and bands that keep their actions.

The lexical heads learn the full heads' out-of-fold probabilities (distillation, Hinton et al. 2015),
not the labels: what counts is that both tiers propose the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from model.encoder import Vectors
from model.features.space import Rows, lexical_part
from model.heads import HeadSet, probability
from model.policy import INCIVILITY_HEADS, Policy
from model.tier import LexicalHeads
from training.dataset import Columns
from training.splits import Folds
from training.tier_bands import HEADS, Decided, fit_bands
from training.views import Views

FEWEST: Final = 300
"""Rows below which bands cannot be fitted and measured."""

MOST_AUC_LOSS: Final = 0.008
EQUAL: Final = (0.972, 0.98, 0.985, 0.99, 0.995, 1.0)
"""Shares of equal actions that are tried until the AUC suffers little enough."""

_PENALTY: Final = 0.1
_DECIDING: Final = [INCIVILITY_HEADS.index(name) for name in HEADS]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Said:
    """What heads say of n rows: log-odds of shape (n, K), and the n-grams' part in them, (n, K, 2)."""

    logits: Vectors
    parts: Vectors

    @classmethod
    def of(cls, heads: HeadSet, rows: Rows) -> Self:
        """Ask heads once for both."""
        grams = heads.grams(rows.chars, rows.words)
        return cls(heads.summed(*grams, rows.dense), np.stack(grams, axis=2))


@dataclass(frozen=True, slots=True)
class TierData:
    """What the tier is fitted on, for K heads in the order of ``INCIVILITY_HEADS``.

    Attributes
    ----------
    full : ndarray of shape (n, K)
        Out-of-fold log-odds of the full heads, NaN where a row had no part in a head.
    parts : ndarray of shape (n, K, 2)
        What character and word n-grams say in them.
    lexical : ndarray of shape (n, lexical features)
    """

    full: Vectors
    parts: Vectors
    lexical: Vectors

    @classmethod
    def of(
        cls,
        rows: Rows,
        labels: Columns,
        learnt: Said,
        base: Said | None,
    ) -> Self:
        """Put the learnt heads' columns, out of fold, among those of the base, which did not learn them."""
        shape = len(rows), len(INCIVILITY_HEADS)
        full, parts = np.full(shape, np.nan, np.float32), np.full((*shape, 2), np.nan, np.float32)
        if base is not None:
            full[:], parts[:] = base.logits, base.parts
        at = [INCIVILITY_HEADS.index(name) for name in labels]
        full[:, at], parts[:, at] = learnt.logits, learnt.parts
        return cls(full, parts, lexical_part(rows.dense))


def linear_parts(views: Views, weights: Vectors) -> Vectors:
    """What the n-gram views say in stacked heads, out of fold, of shape (n, K, 2).

    ``weights``, of shape (K, views), are those that stacking gave the views of the K heads.
    """
    columns = []
    for i, name in enumerate(views.heads["chars"].names):
        own = [
            (views.out_of_fold[name][:, v] - views.heads[view].intercepts[i]) * weights[i, v]
            for v, view in enumerate(("chars", "words"))
        ]
        columns.append(np.stack(own, axis=1))
    return np.asarray(np.stack(columns, axis=1), np.float32)


def fit_tier(
    data: TierData, labels: Columns, native: Mask, folds: Folds, thresholds: Mapping[str, float]
) -> tuple[LexicalHeads | None, dict[str, Any]]:
    """Fit the lexical heads and bands on native rows.

    Returns
    -------
    heads : LexicalHeads or None
        ``None`` where fewer than :data:`FEWEST` rows have a decision.
    tiers : dict
        For the manifest: bands and held-out figures; empty without heads.
    """
    usable = native & np.isfinite(data.full[:, _DECIDING]).all(axis=1)
    if usable.sum() < FEWEST or not folds:
        return None, {}
    lexical = np.full_like(data.full, np.nan)
    for train, test in folds:
        part = np.zeros(len(native), bool)
        part[train] = True
        lexical[test] = _fitted(data, native & part).logits(*_of(data, test))
    policy = Policy.of(thresholds)
    for equal in EQUAL:
        figures = _measured(data.full, lexical, labels, usable, folds, policy, equal)
        if figures["auc_loss"] is None or figures["auc_loss"] <= MOST_AUC_LOSS:
            break
    bands = fit_bands(_decided(data.full, lexical, usable, policy), policy, equal)
    heads = _fitted(data, native)
    heads = LexicalHeads(heads.chars, heads.words, heads.lexicon, heads.intercepts, bands)
    return heads, {"fast": {"bands": heads.described(), "heldout": figures}}


def _of(data: TierData, rows: npt.NDArray[Any]) -> tuple[Vectors, Vectors, Vectors]:
    parts = np.nan_to_num(data.parts[rows])
    return parts[:, :, 0], parts[:, :, 1], data.lexical[rows]


def _fitted(data: TierData, chosen: Mask) -> LexicalHeads:
    """Heads without bands, fitted on the chosen rows, or on all where a head has none of them."""
    weights, shifts = [], []
    for i in range(data.full.shape[1]):
        known = np.isfinite(data.full[:, i]) & np.isfinite(data.parts[:, i]).all(axis=1)
        rows = known & chosen if (known & chosen).any() else known
        inputs = np.hstack([data.parts[rows, i], data.lexical[rows]])
        chances = probability(data.full[rows, i])
        # Each row twice, as likely as the full head says: a regression on probabilities.
        model = LogisticRegression(C=_PENALTY, max_iter=2000).fit(
            np.vstack([inputs, inputs]),
            np.repeat([1, 0], len(inputs)),
            sample_weight=np.concatenate([chances, 1 - chances]),
        )
        weights.append(model.coef_[0])
        shifts.append(model.intercept_[0])
    table = np.asarray(weights, np.float32)
    return LexicalHeads(table[:, 0], table[:, 1], table[:, 2:].T.copy(), np.asarray(shifts, np.float32), {})


def _decided(full: Vectors, lexical: Vectors, rows: npt.NDArray[Any], policy: Policy) -> Decided:
    return Decided.of(full[rows][:, _DECIDING], lexical[rows][:, _DECIDING], policy)


def _measured(
    full: Vectors,
    lexical: Vectors,
    labels: Columns,
    usable: Mask,
    folds: Folds,
    policy: Policy,
    equal: float,
) -> dict[str, Any]:
    """What the tier costs on rows that fitted neither its heads nor its bands."""
    asked = np.zeros(len(usable), bool)
    differ = np.zeros(len(usable), bool)
    for _, test in folds:
        here = np.zeros(len(usable), bool)
        here[test] = True
        bands = fit_bands(_decided(full, lexical, usable & ~here, policy), policy, equal)
        at = np.flatnonzero(usable & here)
        decided = _decided(full, lexical, at, policy)
        asked[at] = decided.inside(bands, policy)
        differ[at] = decided.differ & ~asked[at]
    mixed = np.where(asked[:, None], full, lexical)
    losses = {}
    for name, values in labels.items():
        column = INCIVILITY_HEADS.index(name)
        rows = usable & ~np.isnan(values) & np.isfinite(full[:, column])
        if len(np.unique(values[rows])) == 2:
            aucs = [roc_auc_score(values[rows], scores[rows, column]) for scores in (full, mixed)]
            losses[name] = round(float(aucs[0] - aucs[1]), 4)
    return {
        "n": int(usable.sum()),
        "encoded": round(float(asked[usable].mean()), 4),
        "actions_differ": round(float(differ[usable].mean()), 4),
        "auc_loss": losses.get("p_uncivil"),
        "auc_losses": losses,
    }
