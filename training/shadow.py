"""A candidate beside the bundle in use: decisions that would flip, and thresholds that keep the load."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from data.errors import InputError
from data.store import QueueItem, Reading
from data.taxonomy import ACTIONS
from model.judgement import Judgement
from training.blind import EACH
from training.judge import Judge
from training.metrics import Floats

FEWEST: Final = 50
"""Blind readings from which they alone tell whom people agree with: to within 0.14 (Wilson, 95 %)."""

_NOTHING: Final[Mapping[str, Reading]] = MappingProxyType({})
_PART: Final = 1000
_FEWEST_UNCIVIL: Final = EACH
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

    ``counts`` has for each action how many comments each proposes it for; ``agreed`` says of how many
    of the ``read`` ones each proposed what people said; ``blind`` that these were read by lot and
    without scores, which alone is fair to both.
    """

    current: str
    candidate: str
    n: int
    flips: tuple[Flip, ...]
    counts: Mapping[str, tuple[int, int]]
    read: int
    agreed: tuple[int, int]
    blind: bool


def shadow(
    items: Iterable[QueueItem],
    current: Judge,
    candidate: Judge,
    readings: Mapping[str, Reading] = _NOTHING,
    *,
    where: str = "",
) -> Shadow:
    """Score the comments with both bundles, a part at a time; nothing is written.

    Parameters
    ----------
    readings
        By comment, what people said; blind ones alone count where there are `FEWEST` of them.
    where
        What errors say the comments are from.

    Raises
    ------
    InputError
        Without comments.
    """
    flips: list[Flip] = []
    counts = {action: [0, 0] for action in ACTIONS}
    tally = {blind: [0, 0, 0] for blind in (False, True)}
    number = 0
    for item, one, other in _both(items, current, candidate, where):
        number += 1
        counts[one.action][0] += 1
        counts[other.action][1] += 1
        if one.action != other.action:
            flips.append(
                Flip(
                    id=item.comment.id,
                    status=item.status,
                    current_action=one.action,
                    candidate_action=other.action,
                    current=round(one.incivility, 4),
                    candidate=round(other.incivility, 4),
                )
            )
        said = readings.get(item.comment.id)
        if said is not None:
            right = (bool(said.uncivil) == (j.action != "publish") for j in (one, other))
            for at, value in enumerate((1, *right)):
                tally[said.blind][at] += value
    blind = tally[True][0] >= FEWEST
    read, *agreed = tally[True] if blind else [a + b for a, b in zip(*tally.values(), strict=True)]
    return Shadow(
        current=current.bundle_name,
        candidate=candidate.bundle_name,
        n=number,
        flips=tuple(sorted(flips, key=lambda flip: (-abs(flip.candidate - flip.current), flip.id))),
        counts={action: (one, other) for action, (one, other) in counts.items()},
        read=read,
        agreed=(agreed[0], agreed[1]),
        blind=blind,
    )


def score_map(
    items: Iterable[QueueItem],
    current: Judge,
    candidate: Judge,
    readings: Mapping[str, Reading] = _NOTHING,
    *,
    where: str = "",
) -> dict[str, Any]:
    """Thresholds of the candidate that keep what those of the current bundle do on these comments.

    Returns
    -------
    dict
        ``policy``: for each threshold of the policy ``score``, ``current``, ``same_rate`` (as many
        comments reach it), ``rate``, and ``same_recall`` (as many of the uncivil ones reach it; ``None``
        with fewer than forty). ``scores``: the same rate for each tenth of incivility. ``uncivil`` is
        how many were said to be so, ``blind`` whether in blind readings alone: where there are forty,
        whose recall is known to within 0.15.

    Raises
    ------
    InputError
        Without comments.
    """
    names = tuple(sorted(set(_SCORES.values())))
    found: list[tuple[float, ...]] = []
    for item, one, other in _both(items, current, candidate, where):
        said = readings.get(item.comment.id)
        bad = float(said is not None and said.uncivil == 1)
        by_lot = float(said is not None and said.blind)
        found.append((bad, by_lot, *(getattr(j, name) for name in names for j in (one, other))))
    table = np.array(found, np.float64)
    uncivil, by_lot = table[:, 0] == 1, table[:, 1] == 1
    blind = int((uncivil & by_lot).sum()) >= _FEWEST_UNCIVIL
    rejected = uncivil & by_lot if blind else uncivil
    scores = {name: (table[:, 2 + 2 * i], table[:, 3 + 2 * i]) for i, name in enumerate(names)}
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
                if rejected.sum() >= _FEWEST_UNCIVIL
                else None,
            }
        )
    old, new = scores["incivility"]
    return {
        "policy": policy,
        "scores": [{"current": at, "same_rate": same_share(old, new, at)} for at in _GRID],
        "uncivil": int(rejected.sum()),
        "blind": blind,
    }


def _both(
    items: Iterable[QueueItem], current: Judge, candidate: Judge, where: str
) -> Iterator[tuple[QueueItem, Judgement, Judgement]]:
    """Judge with both, holding one part of the comments at a time."""
    rest, empty = iter(items), True
    while part := list(islice(rest, _PART)):
        empty = False
        comments = [item.comment for item in part]
        yield from zip(part, current.score_many(comments), candidate.score_many(comments), strict=True)
    if empty:
        raise InputError("the store holds no comment", where=where, fix="score a dump into it first")


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
