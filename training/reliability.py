"""How far probabilities stand from what people said: reliability diagram and calibration error."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from data.store import Reading
from training.metrics import Floats, Integers, Ranking, number

_DRAWS: Final = 200
_SURE: Final = 95


def reliability(said: Sequence[Reading]) -> dict[str, Any]:
    """Measure readings of one period.

    Returns
    -------
    dict
        ``n``, ``rejected`` (share said to be uncivil), ``ece``, ``ece_by_chance`` (what perfect
        probabilities stay under 95 times in 100 with so few readings) and ``reliability``, bins of
        equal mass with ``n``, ``mean`` probability and ``share`` uncivil, the lowest first.
    """
    if not said:
        return {"n": 0, "rejected": None, "ece": None, "ece_by_chance": None, "reliability": []}
    chances = np.array([one.incivility for one in said], np.float64)
    gold = np.array([one.uncivil for one in said], np.float64)
    ranking = Ranking(chances)
    ends = ranking.bins()
    return {
        "n": len(said),
        "rejected": number(float(gold.mean())),
        "ece": number(float(ranking.calibration_error(np.ones((1, len(said))), gold)[0])),
        "ece_by_chance": number(_by_chance(ranking.scores, ends)),
        "reliability": ranking.reliability(gold),
    }


def _by_chance(chances: Floats, ends: Integers) -> float:
    draws = np.random.default_rng(0).random((_DRAWS, len(chances))) < chances
    starts = np.concatenate([[0], ends[:-1]])
    inside = np.add.reduceat(draws - chances, starts, axis=1)
    return float(np.percentile(np.abs(inside).sum(axis=1) / len(chances), _SURE))
