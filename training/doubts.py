"""Labels that look wrong: found by what heads say that have not learnt from them, and counted less.

Confident learning (Northcutt et al. 2021, arXiv:1911.00068): a label is in doubt when the other value
is likelier than that value's own rows are on average.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from model.encoder import Vectors
from model.heads import probability

MAIN: Final = "p_uncivil"
"""The label whose doubts decide how much a row counts."""

DOUBTED_WEIGHT: Final = 0.1
LEAST_GAIN: Final = 0.005
"""AUC to be gained before they count less. Labels to be doubted are chosen by what all the others say, so
that a little is gained even where every label is right, and is lost on comments to come."""

MOST_SHARE: Final = 0.4
"""Share of the labels from which on it is the heads that are to be doubted."""

MOST: Final = 20_000
"""Rows above which a second fit costs more time than doubts are worth: wrong labels average out."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Numbers of the rows whose label looks wrong, the worst first, and whether doubting them helped.

    ``before`` and ``after`` are the AUC out of fold, on the labels as they were given, without and with
    less weight on the doubted rows.
    """

    rows: npt.NDArray[np.int64]
    known: int
    before: float = 0.0
    after: float = 0.0

    @property
    def helped(self) -> bool:
        """Whether rows not learnt from are told clearly better with less weight on the doubted."""
        return self.after - self.before > LEAST_GAIN and len(self.rows) < MOST_SHARE * self.known

    def weighed(self, labels: npt.NDArray[np.float32], first: Vectors, second: Vectors) -> Self:
        """Compare out-of-fold log-odds of a fit without and one with less weight on the doubted rows."""
        known = ~np.isnan(labels)
        aucs = [float(roc_auc_score(labels[known], said[known])) for said in (first, second)]
        return replace(self, before=aucs[0], after=aucs[1])

    def figures(self) -> dict[str, float | int | bool]:
        """For the manifest."""
        return {
            "n": self.known,
            "doubted": len(self.rows),
            "auc_before": round(self.before, 4),
            "auc_after": round(self.after, 4),
            "used": self.helped,
        }


def find_doubts(labels: npt.NDArray[np.float32], logits: Vectors) -> Doubts:
    """Find the labels in doubt.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        0/1, NaN where unknown.
    logits : ndarray of shape (n,)
        Log-odds out of fold.
    """
    known = ~np.isnan(labels)
    chances = probability(logits)
    rest = 1 - chances
    uncivil, civil = known & (labels == 1), known & (labels == 0)
    wrong = np.zeros(len(labels), bool)
    if uncivil.any() and civil.any():
        wrong |= uncivil & (rest >= max(rest[civil].mean(), 0.5))
        wrong |= civil & (chances >= max(chances[uncivil].mean(), 0.5))
    rows = np.flatnonzero(wrong)
    surprise = np.where(labels[rows] == 1, rest[rows], chances[rows])
    return Doubts(rows[np.argsort(-surprise, kind="stable")], int(known.sum()))


__all__ = ["DOUBTED_WEIGHT", "LEAST_GAIN", "MAIN", "MOST", "MOST_SHARE", "Doubts", "find_doubts"]
