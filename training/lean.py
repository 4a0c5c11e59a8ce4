"""Let incivility lean on the heads beside it, so that it carries over to text that others labelled.

A guide draws the line of incivility where it wants; coarseness and insults lie near it in all of them.
A head that leans a little on theirs is less its own corpus's. Measured with each corpus left out in
turn (MLMA, FTR, Jigsaw) and on two that train nothing (ToxiFrench's annotated comments, CyberAgression),
the area under the curve rises on all five, by 0.005 to 0.023, and falls by 0.005 at home.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from model.encoder import Vectors
from training.stack import Stacked

LEANS: Final[Mapping[str, Mapping[str, float]]] = {
    "p_uncivil": {"p_impolite": 0.1, "insult": 0.15, "profanity": 0.075},
}
"""What a head takes of others, in standard deviations of its log-odds by theirs."""


def leaning(stacked: Stacked, parts: Vectors) -> tuple[Stacked, Vectors]:
    """Add to heads a share of those they lean on; those that were not learnt are left out.

    Parameters
    ----------
    stacked
        Heads with their log-odds out of fold, of shape (n, K), NaN where a row lacks the label. Such a
        row takes of a head that it cannot ask what its own head says, so that rows stay comparable.
    parts
        What n-grams say in the log-odds, of shape (n, K, 2).
    """
    names, said = stacked.heads.names, stacked.out_of_fold
    spreads = np.nanstd(said, axis=0).astype(np.float64)
    means = np.nanmean(said, axis=0).astype(np.float64)
    mixing = _mixing(names, spreads)
    grams = [_mixed(parts[:, :, v], mixing, spreads, np.zeros(len(names))) for v in (0, 1)]
    mixed = _mixed(said, mixing, spreads, means)
    return replace(stacked, heads=stacked.heads.mixed(mixing), out_of_fold=mixed), np.stack(grams, axis=2)


def _mixing(names: Sequence[str], spreads: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    mixing = np.eye(len(names))
    for name, others in LEANS.items():
        for other, share in others.items():
            if name in names and other in names:
                own, theirs = names.index(name), names.index(other)
                mixing[theirs, own] = share * spreads[own] / max(spreads[theirs], 1e-6)
    return mixing


def _mixed(
    values: Vectors,
    mixing: npt.NDArray[np.float64],
    spreads: npt.NDArray[np.float64],
    means: npt.NDArray[np.float64],
) -> Vectors:
    mixed = values.astype(np.float64)
    for theirs, own in zip(*np.nonzero(mixing - np.eye(len(mixing))), strict=True):
        scale = spreads[theirs] / max(spreads[own], 1e-6)
        instead = means[theirs] + (values[:, own] - means[own]) * scale
        asked = np.where(np.isnan(values[:, theirs]), instead, values[:, theirs])
        mixed[:, own] += asked * mixing[theirs, own]
    return np.asarray(mixed, np.float32)
