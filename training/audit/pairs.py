"""Minimal pairs: views that must be judged alike, and stances that must not."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.taxonomy import STANCES
from model.judgement import Judgement
from training.audit.sentences import Pair, stance_pairs, viewpoint_pairs
from training.judge import Judge
from training.metrics import number


def viewpoint_gaps(judge: Judge) -> dict[str, Any]:
    """Gap of incivility between opposite views of one civility.

    Returns
    -------
    dict
        By civility, and under ``all``: ``n`` pairs, ``gap`` (mean absolute), ``signed`` (mean of in
        favor less against: a lean), ``largest``, and ``actions``, pairs proposed different actions.
    """
    pairs = viewpoint_pairs()
    first, second = _judged(pairs, judge)
    gaps = np.array([a.incivility - b.incivility for a, b in zip(first, second, strict=True)])
    unequal = np.array([a.action != b.action for a, b in zip(first, second, strict=True)])
    kinds = np.array([p.kind for p in pairs], dtype=object)
    report: dict[str, Any] = {}
    for name in ("all", *dict.fromkeys(kinds)):
        mine = np.ones(len(pairs), bool) if name == "all" else kinds == name
        report[name] = {
            "n": int(mine.sum()),
            "gap": number(float(np.abs(gaps[mine]).mean())),
            "signed": number(float(gaps[mine].mean())),
            "largest": number(float(np.abs(gaps[mine]).max())),
            "actions": int(unequal[mine].sum()),
        }
    return report


def stance_moves(judge: Judge) -> dict[str, Any]:
    """How the stance answers when the target, its polarity, the parent or the view itself is changed.

    Returns
    -------
    dict
        By kind of change (``view`` are the viewpoint pairs read as stance) and under ``all``
        (without ``view``): ``n`` pairs, ``accuracy`` of the answers, ``both`` (pairs with both right),
        ``moved`` (pairs answered differently), ``toward`` (pairs whose balance of favor and against
        moves the right way, whether or not the answer does).
    """
    pairs = [*stance_pairs(), *(Pair("view", p.first, p.second, p.answers) for p in viewpoint_pairs())]
    first, second = _judged(pairs, judge)
    cells = np.array(
        [_cells(p, a, b) for p, a, b in zip(pairs, first, second, strict=True)], np.float64
    )  # accuracy, both, moved, toward
    kinds = np.array([p.kind for p in pairs], dtype=object)
    report: dict[str, Any] = {}
    for name in ("all", *dict.fromkeys(kinds)):
        mine = kinds != "view" if name == "all" else kinds == name
        means = cells[mine].mean(axis=0).tolist()
        named = zip(("accuracy", "both", "moved", "toward"), map(number, means), strict=True)
        report[name] = {"n": int(mine.sum()), **dict(named)}
    return report


def _cells(pair: Pair, first: Judgement, second: Judgement) -> tuple[float, ...]:
    right = [first.stance == pair.answers[0], second.stance == pair.answers[1]]
    wanted = _lean({pair.answers[0]: 1.0}) - _lean({pair.answers[1]: 1.0})
    found = _lean(first.stance_probabilities) - _lean(second.stance_probabilities)
    return sum(right) / 2, float(all(right)), float(first.stance != second.stance), float(wanted * found > 0)


def _lean(chances: Mapping[str, float]) -> float:
    favor, against, _ = STANCES
    return chances.get(favor, 0.0) - chances.get(against, 0.0)


def _judged(pairs: Sequence[Pair], judge: Judge) -> tuple[Sequence[Judgement], Sequence[Judgement]]:
    judged = judge.score_many([c for p in pairs for c in (p.first, p.second)])
    return judged[::2], judged[1::2]
