"""What judging a labelled corpus in the fast tier costs against the full one, row by row."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from model.judgement import Judgement
from model.tier import FAST_MARK
from training.report_slices import Head


def tier_cost(
    fast: Sequence[Judgement],
    full: Sequence[Judgement],
    fast_heads: Mapping[str, Head],
    full_heads: Mapping[str, Head],
) -> dict[str, Any]:
    """Compare both tiers' judgements of the same comments.

    Parameters
    ----------
    fast, full
        Judgements in the order of the comments.
    fast_heads, full_heads
        Gold labels, NaN where there is none, probabilities and threshold of each 0/1 head.

    Returns
    -------
    dict
        ``encoded``, the share that the encoder read; ``actions_differ``, the share of rows whose
        proposed action is another; ``auc_losses``, the full tier's AUC less the fast tier's by
        head, null for a head with one class.
    """
    encoded = [not judgement.bundle.endswith(FAST_MARK) for judgement in fast]
    differ = [one.action != other.action for one, other in zip(fast, full, strict=True)]
    return {
        "encoded": round(float(np.mean(encoded)), 4),
        "actions_differ": round(float(np.mean(differ)), 4),
        "auc_losses": {name: _loss(head, full_heads[name]) for name, head in fast_heads.items()},
    }


def _loss(fast: Head, full: Head) -> float | None:
    gold, chances, _ = fast
    rows = ~np.isnan(gold)
    if len(np.unique(gold[rows])) < 2:
        return None
    aucs = (roc_auc_score(gold[rows], scored[rows]) for scored in (full[1], chances))
    return round(float(next(aucs) - next(aucs)), 4)
