"""Learn heads from labelled comments: views, stacking, calibration; out of fold and for good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from data.record import Comment
from model.encoder import Vectors
from model.features.space import FeatureSpace, Rows, read_text
from model.features.stance import stance_rows
from model.heads import HeadSet
from training.calibrate import BELIEF, platt
from training.config import TrainConfig
from training.dataset import Columns, incivility_columns, stance_columns
from training.doubts import DOUBTED_WEIGHT, MAIN, MOST, Doubts, find_doubts
from training.folds import label_folds, source_folds
from training.joint import MOST as MOST_JOINT
from training.joint import fit_joint
from training.lean import leaning
from training.network import NetworkSettings
from training.stack import Stacked, stack_binary, stack_stance
from training.tier import Said, linear_parts
from training.views import ViewSettings, fit_views, learnable

Progress = Callable[[str], None]

_CARRIED: Final[Mapping[str, float]] = {"words": 0.5}
"""What views keep of their weight in a base: words are worth less on text of other places than our folds
say (each corpus left out in turn: mean area under the curve 0.002 higher elsewhere, the same at home)."""

_CAUTION: Final = 0.25
"""How far slopes go from those of our own corpus (0) to those of corpora that others labelled (1)."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head set with its training rows' log-odds out of fold and the labels that it learnt.

    ``parts``, of shape (rows, labels, 2), is what n-grams say in them, for the fast tier; ``base`` what
    all heads of the base say of the rows. Both for incivility only.
    """

    heads: HeadSet
    out_of_fold: Vectors
    labels: Columns
    parts: Vectors = field(default_factory=lambda: np.zeros((0, 0, 2), np.float32))
    doubts: Doubts | None = None
    base: Said | None = None


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
    """Fit the severity and subtype heads that the labels allow; ``None`` when they allow none.

    Where there is a base, rows whose incivility label looks wrong count less, if that helps to tell the
    labels of rows not learnt from.
    """
    columns = incivility_columns(data.comments)
    folds = label_folds(data.comments, config) if base else source_folds(data.comments, config)
    learnt = {n: y for n, y in columns.items() if folds and learnable(y, folds)}
    if not learnt:
        return None
    progress(f"fitting {len(learnt)} incivility heads on {len(data.comments)} comments")
    before = Said.of(base, data.rows) if base else None
    logits = before.logits if before else np.zeros((len(data.rows), 0), np.float32)
    settings = _settings(config, config.landmarks, config.gamma)
    if base is None:  # the network wants many rows
        settings = replace(settings, network=network_settings(config))

    def fitted(counts: npt.NDArray[np.float64]) -> tuple[Stacked, Vectors]:
        if base is not None and before is not None and len(data.rows) <= MOST_JOINT:
            return fit_joint(data.rows, learnt, folds, settings, counts, base, before)
        views = fit_views(data.rows, learnt, folds, settings, counts)
        if before is None:
            stacked = stack_binary(views, learnt, folds, None, logits, _CARRIED, native)
            return leaning(stacked, linear_parts(views, stacked.weights))
        stacked = stack_binary(views, learnt, folds, base, logits)
        parts = linear_parts(views, stacked.weights)
        return stacked, parts + np.stack([before.parts[:, :, v] @ stacked.blend for v in (0, 1)], axis=2)

    counts = np.where(native, 1.0, config.foreign_weight)
    stacked, parts = fitted(counts)
    doubts = None
    if base is not None and MAIN in learnt and len(data.comments) <= MOST:
        at = list(learnt).index(MAIN)
        doubts = find_doubts(learnt[MAIN], stacked.out_of_fold[:, at])
        if len(doubts.rows):
            progress(f"fitting again with less weight on {len(doubts.rows)} labels that look wrong")
            counts[doubts.rows] *= DOUBTED_WEIGHT
            second = fitted(counts)
            doubts = doubts.weighed(learnt[MAIN], stacked.out_of_fold[:, at], second[0].out_of_fold[:, at])
            stacked, parts = second if doubts.helped else (stacked, parts)
    return replace(
        _calibrated(stacked, learnt, native, parts, BELIEF if base else 0.0), doubts=doubts, base=before
    )


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


def network_settings(config: TrainConfig) -> NetworkSettings:
    """What a configuration says of the network."""
    return NetworkSettings(
        units=config.units, networks=config.networks, passes=config.passes, seed=config.seed
    )


def _both(labels: npt.NDArray[np.float32]) -> bool:
    """Whether there are enough rows of both values to calibrate on."""
    return min(int((labels == 0).sum()), int((labels == 1).sum())) >= 20


def _calibrated(
    stacked: Stacked, labels: Columns, native: npt.NDArray[np.bool_], parts: Vectors, belief: float
) -> Fitted:
    """Recalibrate each head on the native rows where they can carry it, more cautious for foreign ones."""
    slopes, shifts = np.ones(len(labels)), np.zeros(len(labels))
    for i, values in enumerate(labels.values()):
        said, known = stacked.out_of_fold[:, i], ~np.isnan(values)
        if _both(values[native & known]):
            slopes[i], shifts[i] = platt(said[native & known], values[native & known], belief)
            if _both(values[~native & known]):
                foreign, _ = platt(said[~native & known], values[~native & known])
                caution = min(1.0, (foreign / slopes[i]) ** _CAUTION)
                slopes[i], shifts[i] = slopes[i] * caution, shifts[i] * caution
    heads = stacked.heads.mixed(np.diag(slopes)).shifted(shifts).rounded()
    slope, shift = slopes.astype(np.float32), shifts.astype(np.float32)
    return Fitted(heads, stacked.out_of_fold * slope + shift, labels, parts * slope[:, None])
