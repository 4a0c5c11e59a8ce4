"""Bands of probability in which the fast tier asks the encoder, as narrow as equal actions allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from model.encoder import Vectors
from model.heads import probability
from model.policy import Policy
from model.tier import DECISIONS, Band, cuts, inside, log_odds

STEPS: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Log-odds by which an edge may move at once: past a stretch without gain to one with."""

REACH: Final = 6.0
"""Log-odds between a threshold and the farthest edge."""

HEADS: Final = ("p_uncivil", "p_intolerable")
"""Heads that actions are decided by, in the order of the columns here."""

_COLUMNS: Final = {decision: HEADS.index(head) for decision, head in DECISIONS.items()}


@dataclass(frozen=True, slots=True)
class Decided:
    """Rows with the lexical log-odds of P(>= 2) and P(>= 3), and whether both tiers' actions differ."""

    lexical: Vectors
    differ: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, full: Vectors, lexical: Vectors, policy: Policy) -> Self:
        """Compare two tiers' log-odds, each of shape (n, 2)."""
        cut = lexical.copy()
        cut[:, 1] = np.minimum(cut[:, 1], cut[:, 0])
        theirs = full.copy()
        theirs[:, 1] = np.minimum(theirs[:, 1], theirs[:, 0])
        return cls(cut, _actions(theirs, policy) != _actions(cut, policy))

    def inside(self, bands: Mapping[str, Band], policy: Policy) -> npt.NDArray[np.bool_]:
        """Rows inside any band, as scoring finds them."""
        return inside(bands, dict(zip(HEADS, probability(self.lexical).T, strict=True)), policy)


def fit_bands(rows: Decided, policy: Policy, equal: float) -> dict[str, Band]:
    """Widen bands around the policy's thresholds until the share of equal actions is reached.

    Each step moves the edge that takes in the most differing rows for its width.
    """
    middles = {decision: log_odds(cut) for decision, cut in cuts(policy).items()}
    reach = dict.fromkeys(DECISIONS, (0.0, 0.0))
    asked = np.zeros(len(rows.differ), bool)
    allowed = (1 - equal) * len(rows.differ)
    while (rows.differ & ~asked).sum() > allowed:
        best: tuple[float, str, tuple[float, float], npt.NDArray[np.bool_]] | None = None
        for decision, side, step in product(DECISIONS, (0, 1), STEPS):
            below, above = reach[decision]
            wider = (below + step, above) if side == 0 else (below, above + step)
            if max(wider) > REACH:
                continue
            at = rows.lexical[:, _COLUMNS[decision]] - middles[decision]
            more = (at >= -wider[0]) & (at < wider[1]) & ~asked
            rate = float((more & rows.differ).sum() / max(more.sum(), 1))
            if rate > 0 and (best is None or rate > best[0]):
                best = rate, decision, wider, more
        if best is None:
            break
        _, decision, reach[decision], more = best
        asked |= more
    return {decision: _band(middles[decision], *reach[decision]) for decision in DECISIONS}


def _band(cut: float, below: float, above: float) -> Band:
    low, middle, high = (float(1 / (1 + np.exp(-x))) for x in (cut - below, cut, cut + above))
    return Band(low=round(low, 5), high=round(high, 5), threshold=round(middle, 5))


def _actions(logits: Vectors, policy: Policy) -> npt.NDArray[np.int64]:
    uncivil, intolerable = probability(logits).T
    held = (uncivil >= policy.hold) | (intolerable >= policy.intolerable)
    return np.where(held, 2, np.where(uncivil >= policy.review, 1, 0))
