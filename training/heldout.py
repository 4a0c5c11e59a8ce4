"""Held-out figures of a training run, from out-of-fold log-odds; they go into the manifest."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, roc_auc_score

from data.taxonomy import STANCES
from model.encoder import Vectors
from model.heads import probability, softmax
from training.dataset import Columns


def heldout_metrics(
    logits: Vectors, labels: Columns, rows: npt.NDArray[np.bool_] | None
) -> dict[str, dict[str, Any]]:
    """AUC, average precision, accuracy, macro-F1 and calibration error of every learnt head.

    ``rows`` restricts incivility heads to the native corpus; ``None`` says that ``logits`` are the
    stances'.
    """
    if rows is None:
        return {"stance": _stance(logits, labels)}
    figures: dict[str, dict[str, Any]] = {}
    for i, (name, values) in enumerate(labels.items()):
        known = rows & ~np.isnan(values)
        if len(np.unique(values[known])) == 2:
            figures[name] = _binary(probability(logits[known, i]), values[known])
    return figures


def _binary(chances: Vectors, values: npt.NDArray[np.float32]) -> dict[str, Any]:
    return {
        "n": len(values),
        "positives": int(values.sum()),
        "auc": round(float(roc_auc_score(values, chances)), 4),
        "average_precision": round(float(average_precision_score(values, chances)), 4),
        "accuracy": round(float(accuracy_score(values, chances >= 0.5)), 4),
        "ece": round(calibration_error(chances, values), 4),
    }


def _stance(logits: Vectors, labels: Columns) -> dict[str, Any]:
    names: list[str] = list(STANCES)
    gold = np.full(len(logits), -1)
    for name, values in labels.items():
        gold[values == 1] = names.index(name)
    known = gold >= 0
    chances = softmax(logits[known])
    best = chances.argmax(axis=1)
    return {
        "n": int(known.sum()),
        "accuracy": round(float(accuracy_score(gold[known], best)), 4),
        "macro_f1": round(float(f1_score(gold[known], best, average="macro")), 4),
        "ece": round(calibration_error(chances.max(axis=1), (best == gold[known]).astype(np.float32)), 4),
    }


def calibration_error(chances: Vectors, hits: npt.NDArray[np.float32], bins: int = 10) -> float:
    """Expected calibration error over bins of equal mass (Nixon et al. 2019)."""
    order = np.argsort(chances, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(chances[part].mean() - hits[part].mean())) * len(part) for part in parts]
    return sum(gaps) / max(len(chances), 1)
