"""Held-out figures of a training run, from out-of-fold log-odds; they go into the manifest."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from data.taxonomy import STANCES
from model.encoder import Vectors
from model.heads import probability, softmax
from model.policy import stance_divisors
from training.dataset import Columns
from training.metrics import Figures, Floats, Integers, binary_figures, class_figures
from training.report_points import head_details

_ROUNDED = 4


def heldout_incivility(
    logits: Vectors,
    labels: Columns,
    rows: npt.NDArray[np.bool_],
    group: Integers,
    thresholds: Mapping[str, float],
) -> dict[str, Figures]:
    """Figures of every learnt 0/1 head on ``rows`` (those of the native corpus), groups resampled."""
    figures: dict[str, Figures] = {}
    for i, (name, values) in enumerate(labels.items()):
        known = rows & ~np.isnan(values)
        if len(np.unique(values[known])) == 2:
            chances = probability(logits[known, i])
            threshold = thresholds.get(name, 0.5)
            figures[name] = _short(binary_figures(values[known], chances, threshold, group[known]))
            figures[name]["points"] = _points(values[known].astype(np.float64), chances.astype(np.float64))
    return figures


def heldout_stance(
    logits: Vectors, labels: Columns, group: Integers, thresholds: Mapping[str, float]
) -> dict[str, Figures]:
    """Figures of the stance heads; rows without a stance are left out."""
    gold = np.full(len(logits), -1)
    for name, values in labels.items():
        gold[values == 1] = STANCES.index(name)
    known = gold >= 0
    chances = softmax(logits[known]).astype(np.float64)
    divisors = stance_divisors(thresholds)
    return {"stance": _short(class_figures(gold[known], chances, STANCES, group[known], divisors=divisors))}


def _points(gold: Floats, chances: Floats) -> Figures:
    """What a wished recall costs, and the recall that 1 % of false alarms buys."""
    details = head_details(gold, chances)
    return {name: _rounded(details[name]) for name in ("operating_points", "recall_at_fpr_1pct")}


def _short(figures: Figures) -> Figures:
    return {"n": sum(figures["support"].values()), **_rounded(figures)}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return round(value, _ROUNDED) if isinstance(value, float) else value
