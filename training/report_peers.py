"""Other systems on the same rows: their figures recomputed, and McNemar's test of ours against each."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binomtest

from data.record import Comment
from training.metrics import Floats, binary_figures, number

SCORES: Final = {"perspective": "perspective_TOXICITY"}
"""Column of probabilities that belongs to a column of verdicts."""

_SCORE_PREFIX: Final = "perspective_"


def compare(
    comments: Sequence[Comment], gold: Floats, chances: Floats, threshold: float, peers: pd.DataFrame
) -> dict[str, Any] | None:
    """Set our verdicts beside those of published systems.

    Parameters
    ----------
    gold, chances
        Shape (n,); incivility 0/1 and its probability.
    peers
        As ``data.corpora.peer_predictions``: 0/1 columns, indexed by the corpus's own row id.

    Returns
    -------
    dict or None
        ``n``; ``ours``; ``peers``, best first, each with its figures, the rows that only one of
        the two has right, and the exact two-sided ``p_value``. ``None`` when no row is shared.
    """
    own = [c.id.partition(":")[2] or c.id for c in comments]
    shared = np.array([name in peers.index for name in own])
    if not shared.any():
        return None
    table = peers.loc[[name for name, kept in zip(own, shared, strict=True) if kept]]
    gold, chances = gold[shared], chances[shared]
    right = (chances >= threshold) == (gold == 1)
    verdicts = [c for c in table.columns if c != "label" and not str(c).startswith(_SCORE_PREFIX)]
    rows = [_peer(str(name), table, gold, right) for name in verdicts]
    ours = binary_figures(gold, chances, threshold, resamples=0)
    return {
        "n": int(shared.sum()),
        "ours": {
            "accuracy": ours["accuracy"],
            "f1": _f1((chances >= threshold).astype(float), gold),
            "auc": ours["auc"],
        },
        "peers": sorted(rows, key=lambda row: -row["accuracy"]),
        "label_differs": int((table["label"].to_numpy(np.float64) != gold).sum()),
    }


def _peer(name: str, table: pd.DataFrame, gold: Floats, ours: npt.NDArray[np.bool_]) -> dict[str, Any]:
    said = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
    known = ~np.isnan(said)
    right = (said == gold)[known]
    mine = ours[known]
    only_ours, only_theirs = int((mine & ~right).sum()), int((~mine & right).sum())
    auc = None
    if SCORES.get(name) in table:
        scores = pd.to_numeric(table[SCORES[name]], errors="coerce").to_numpy(np.float64)
        scored = ~np.isnan(scores)
        auc = binary_figures(gold[scored], scores[scored], 0.5, resamples=0)["auc"] if scored.any() else None
    return {
        "system": name,
        "n": int(known.sum()),
        "accuracy": number(float(right.mean())) if len(right) else 0.0,
        "f1": _f1(said[known], gold[known]),
        "auc": auc,
        "only_ours_right": only_ours,
        "only_theirs_right": only_theirs,
        "p_value": mcnemar(only_ours, only_theirs),
    }


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p-value that two systems err alike, from the rows that one alone has right.

    >>> mcnemar(5, 5), round(mcnemar(0, 6), 5)
    (1.0, 0.03125)
    """
    both = only_first + only_second
    return float(binomtest(only_first, both, 0.5).pvalue) if both else 1.0


def _f1(said: Floats, gold: Floats) -> float | None:
    hit = float((said * gold).sum())
    total = float(said.sum() + gold.sum())
    return number(2 * hit / total) if total else None
