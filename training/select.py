"""What to label next: where one more label teaches most, and a blind share that measures honestly.

The worth of a comment is the sum of three things between 0 and 1: how near its probability of
incivility stands to the decision threshold; how far its words (n-gram views) and its meaning (kernel
view) rank it apart; and how likely it is to carry a label of which few examples are known. The
worthiest comments are clustered by meaning and the best of each cluster is taken, unless it says nearly
the same as one taken already. The first fifty labels of a site are of typical comments instead. The
blind share is drawn by lot, whatever the model thinks of it.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.record import Comment
from data.store import Draft
from data.taxonomy import SUBTYPES
from model.bundle import Bundle
from model.features.space import Rows, read_text, sentence_vectors
from model.heads import probability
from model.scorer import INCIVILITY_HEADS
from training.splits import folded
from training.spread import clustered, typical

POOL: Final = 2000
"""Comments that are read by the model in full, out of those that stored scores make promising."""

WARM: Final = 50
"""Labelled comments from which the model's doubts say more than what most comments are like."""

RARE: Final = ("p_intolerable", *SUBTYPES)
"""Heads whose labels may be rare."""

_DISAGREEMENT: Final = 0.02
_RARITY: Final = 0.5
"""Weights beside uncertainty, which has 1: disagreement, rare labels."""

Scores = Mapping[str, Any]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pick:
    """A comment to label, and why: ``blind``, ``typical``, or what its worth rests on most."""

    comment: Comment
    reason: str

    @property
    def draft(self) -> Draft:
        """The task of the store."""
        blind = self.reason == "blind"
        return Draft(comment_id=self.comment.id, kind="blind" if blind else "active", reason=self.reason)


def pick(
    pool: Callable[[], Iterable[tuple[Comment, Scores]]],
    bundle: Bundle,
    known: Mapping[str, int],
    labelled: Iterable[str],
    *,
    count: int,
    blind_share: float,
    seed: int,
) -> list[Pick]:
    """Choose ``count`` comments of ``pool`` to label, in an order that does not tell blind from other.

    Parameters
    ----------
    pool
        Gives the unlabelled comments with their stored scores; asked twice.
    known
        Labels of value 1 by head, see `known_labels`.
    labelled
        Texts that have labels: what repeats one of them is not chosen, save blindly.
    blind_share
        Part of ``count`` that is drawn by lot among all of ``pool``.
    """
    blind = by_lot((comment for comment, _ in pool()), round(count * blind_share), seed)
    taken = {comment.id for comment in blind}
    texts = {folded(text) for text in labelled}
    seen = texts | {folded(comment.text) for comment in blind}
    picks = [Pick(comment, "blind") for comment in blind]

    def rest() -> Iterable[tuple[Comment, Scores]]:
        return ((c, s) for c, s in pool() if c.id not in taken and folded(c.text) not in seen)

    wanted = count - len(blind)
    if wanted and len(texts) < WARM:
        picks += _typical(by_lot((c for c, _ in rest()), POOL, seed + 2), bundle, wanted)
    elif wanted:
        picks += _worthiest(rest(), bundle, rarities(known), wanted)
    return sorted(picks, key=lambda one: lot(seed + 1, one.comment.id))


def _typical(comments: Sequence[Comment], bundle: Bundle, count: int) -> list[Pick]:
    if not comments:
        return []
    rows = bundle.space.rows([read_text(comment.text) for comment in comments])
    order = typical(sentence_vectors(rows.dense), [c.text for c in comments], count)
    return [Pick(comments[i], "typical") for i in order]


def _worthiest(
    rest: Iterable[tuple[Comment, Scores]], bundle: Bundle, rarity: Mapping[str, float], count: int
) -> list[Pick]:
    threshold = float(bundle.manifest.thresholds["p_uncivil"])
    promising = heapq.nlargest(POOL, rest, key=lambda pair: (_glance(pair[1], threshold, rarity), pair[0].id))
    comments = [comment for comment, _ in promising]
    if not comments:
        return []
    rows = bundle.space.rows([read_text(comment.text) for comment in comments])
    parts, reasons = worths(rows, bundle, rarity)
    order = clustered(parts, sentence_vectors(rows.dense), [c.text for c in comments], count)
    return [Pick(comments[i], reasons[i]) for i in order]


def second_readings(
    read_once: Sequence[tuple[str, str]], count: int, seed: int, blind: Collection[str] = ()
) -> list[Draft]:
    """Draw labelled comments to read again: by someone else, and in turn by the same person unawares.

    Comments of the blind share come first: agreement on what was chosen for being hard says little of
    the rest.

    >>> drafts = second_readings([("1", "anne"), ("2", "anne"), ("3", "bob")], 2, seed=0)
    >>> [(draft.kind, bool(draft.annotator)) for draft in drafts]
    [('second', False), ('repeat', True)]
    """
    drawn = sorted(read_once, key=lambda one: (one[0] not in blind, lot(seed, one[0])))[:count]
    return [
        Draft(comment_id=id_, kind="repeat", annotator=who)
        if at % 2
        else Draft(comment_id=id_, kind="second")
        for at, (id_, who) in enumerate(drawn)
    ]


def by_lot(comments: Iterable[Comment], count: int, seed: int) -> list[Comment]:
    """Draw ``count`` comments, each with the same chance whatever it says; the seed decides."""
    drawn = heapq.nsmallest(count, ((lot(seed, c.id), c.id, c) for c in comments), key=lambda one: one[:2])
    return [comment for _, _, comment in drawn]


def lot(seed: int, id_: str) -> bytes:
    """Give the lot of a comment: as good as random, and the same whatever else is drawn."""
    return blake2b(f"{seed}\0{id_}".encode("utf-8", "surrogatepass"), digest_size=8).digest()


def known_labels(comments: Iterable[Comment]) -> dict[str, int]:
    """How many labels of value 1 each head of `RARE` has."""
    tally = dict.fromkeys(RARE, 0)
    for comment in comments:
        tally["p_intolerable"] += comment.labels.severity == 3
        for name in SUBTYPES:
            tally[name] += getattr(comment.labels, name) == 1
    return tally


def rarities(known: Mapping[str, int]) -> dict[str, float]:
    """Worth of one more example of each label: 1 for one never seen, 0.5 at fifty.

    >>> rarities({"threat": 0, "insult": 50})["threat"], rarities({"insult": 50})["insult"]
    (1.0, 0.5)
    """
    return {name: 1 / (1 + known.get(name, 0) / 50) for name in RARE}


def _glance(scores: Scores, threshold: float, rarity: Mapping[str, float]) -> float:
    """Promise of a comment by its stored scores alone."""
    p = np.array([_number(scores.get("incivility"))])
    rare = max(_number(scores.get(name)) * worth for name, worth in rarity.items())
    return float(uncertainty(p, threshold)[0]) + _RARITY * rare


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and value == value else 0.0


def uncertainty(chances: Values, threshold: float) -> Values:
    """1 at the threshold, falling with the distance in log-odds.

    >>> uncertainty(np.array([0.3, 0.99]), 0.3).round(2).tolist()
    [1.0, 0.01]
    """
    safe = np.clip(chances, 1e-6, 1 - 1e-6)
    away = np.log(safe / (1 - safe)) - np.log(threshold / (1 - threshold))
    return np.asarray(1 - np.abs(np.tanh(away / 2)), np.float64)


def disagreement(words: Values, meaning: Values) -> Values:
    """How far two views rank each comment apart, 0 to 1.

    >>> disagreement(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])).tolist()
    [1.0, 0.0, 1.0]
    """
    return np.abs(_ranks(words) - _ranks(meaning))


def value_of(chances: Values, threshold: float, words: Values, meaning: Values) -> Values:
    """Worth of labelling, rare labels aside."""
    return uncertainty(chances, threshold) + _DISAGREEMENT * disagreement(words, meaning)


def _ranks(values: Values) -> Values:
    return np.argsort(np.argsort(values, kind="stable")) / max(1, len(values) - 1)


def worths(rows: Rows, bundle: Bundle, rarity: Mapping[str, float]) -> tuple[Values, list[str]]:
    """Worth of labelling each row, and the name of the greatest part of it."""
    heads = bundle.incivility.take(INCIVILITY_HEADS)
    meaning = heads.meaning(rows.dense).astype(np.float64)
    words = np.asarray(rows.chars @ heads.chars + rows.words @ heads.words, np.float64)
    logits = (words + meaning + heads.intercepts).astype(np.float32)
    chances = probability(logits).astype(np.float64)
    at = INCIVILITY_HEADS.index("p_uncivil")
    rare = np.stack([chances[:, INCIVILITY_HEADS.index(n)] * worth for n, worth in rarity.items()])
    threshold = float(bundle.manifest.thresholds["p_uncivil"])
    parts = {
        "uncertain": uncertainty(chances[:, at], threshold),
        "views disagree": _DISAGREEMENT * disagreement(words[:, at], meaning[:, at]),
        "rare label": _RARITY * rare.max(axis=0),
    }
    stacked = np.stack(list(parts.values()))
    names = list(parts)
    return stacked.sum(axis=0), [names[i] for i in stacked.argmax(axis=0)]
