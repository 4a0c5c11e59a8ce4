"""A candidate beside the bundle in use: decisions that would flip, and thresholds that keep the load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.errors import InputError
from data.store import QueueItem
from data.taxonomy import ACTIONS
from training.judge import Judge
from training.metrics import Floats

_GRID: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_SCORES: Final = {"review": "incivility", "hold": "incivility", "hold_intolerable": "p_intolerable"}
"""Threshold of the policy, and the score that it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A comment for which another action would be proposed; never its text."""

    id: str
    status: str
    current_action: str
    candidate_action: str
    current: float
    candidate: float

    def as_dict(self) -> dict[str, Any]:
        """Columns of the list."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """What both say of the same comments.

    ``counts`` has for each action how many comments each proposes it for; ``agreed`` says how many
    of the decided ones each proposed as the moderator decided.
    """

    current: str
    candidate: str
    n: int
    flips: tuple[Flip, ...]
    counts: Mapping[str, tuple[int, int]]
    decided: int
    agreed: tuple[int, int]


def shadow(items: Sequence[QueueItem], current: Judge, candidate: Judge) -> Shadow:
    """Score the comments with both bundles; nothing is written.

    Raises
    ------
    InputError
        Without comments.
    """
    if not items:
        raise InputError("the store holds no comment", fix="score a dump into it first")
    comments = [item.comment for item in items]
    pairs = list(zip(current.score_many(comments), candidate.score_many(comments), strict=True))
    flips = [
        Flip(
            id=item.comment.id,
            status=item.status,
            current_action=one.action,
            candidate_action=other.action,
            current=round(one.incivility, 4),
            candidate=round(other.incivility, 4),
        )
        for item, (one, other) in zip(items, pairs, strict=True)
        if one.action != other.action
    ]
    verdicts = [
        (item.status == "rejected", one.action != "publish", other.action != "publish")
        for item, (one, other) in zip(items, pairs, strict=True)
        if item.status in ("approved", "rejected")
    ]
    return Shadow(
        current=current.bundle_name,
        candidate=candidate.bundle_name,
        n=len(items),
        flips=tuple(sorted(flips, key=lambda flip: (-abs(flip.candidate - flip.current), flip.id))),
        counts={
            a: (sum(p.action == a for p, _ in pairs), sum(q.action == a for _, q in pairs)) for a in ACTIONS
        },
        decided=len(verdicts),
        agreed=(sum(said == one for said, one, _ in verdicts), sum(said == two for said, _, two in verdicts)),
    )


def score_map(
    items: Sequence[QueueItem], current: Judge, candidate: Judge
) -> dict[str, list[dict[str, float | str | None]]]:
    """Thresholds of the candidate that keep what those of the current bundle do on these comments.

    Returns
    -------
    dict
        ``policy``: for each threshold of the policy ``score``, ``current``, ``same_rate`` (as many
        comments reach it), ``rate``, and ``same_recall`` (as many of the rejected reach it; ``None``
        with fewer than ten rejected). ``scores``: the same rate for each tenth of incivility.

    Raises
    ------
    InputError
        Without comments.
    """
    if not items:
        raise InputError("the store holds no comment", fix="score a dump into it first")
    comments = [item.comment for item in items]
    judged = current.score_many(comments), candidate.score_many(comments)
    rejected = np.array([item.status == "rejected" for item in items])
    scores = {
        name: tuple(np.array([getattr(j, name) for j in side], np.float64) for side in judged)
        for name in set(_SCORES.values())
    }
    policy: list[dict[str, float | str | None]] = []
    for name, score in _SCORES.items():
        if (given := current.thresholds.get(name)) is None:
            continue
        old, new = scores[score]
        policy.append(
            {
                "threshold": name,
                "score": score,
                "current": given,
                "candidate": candidate.thresholds.get(name),
                "rate": round(float((old >= given).mean()), 4),
                "same_rate": same_share(old, new, given),
                "same_recall": same_share(old[rejected], new[rejected], given)
                if rejected.sum() >= 10
                else None,
            }
        )
    old, new = scores["incivility"]
    return {
        "policy": policy,
        "scores": [{"current": at, "same_rate": same_share(old, new, at)} for at in _GRID],
    }


def same_share(old: Floats, new: Floats, threshold: float) -> float:
    """Threshold that as many of ``new`` reach as ``threshold`` is reached by ``old``, shape (n,) each.

    Half-way to the next score below, so that the count holds under rounding.

    >>> same_share(np.array([0.1, 0.2, 0.9]), np.array([0.3, 0.5, 0.6]), 0.8)
    0.55
    """
    count = int((old >= threshold).sum())
    falling = np.sort(new)[::-1]
    above = 1.0 if count == 0 else float(falling[count - 1])
    below = 0.0 if count == len(new) else float(falling[count])
    return round((above + below) / 2, 6)
