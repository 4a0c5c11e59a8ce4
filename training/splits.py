"""Splits that keep a thread, an author and near-identical texts on one side."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from data.record import Comment, Labels

_NOT_WORDS: Final = re.compile(r"[\W_]+")
_SAME_OPENING: Final = 60
"""Folded characters by which two texts count as one; retweets and cut copies share them."""
_SHORTEST_OPENING: Final = 20
_LARGEST_SHARE: Final = 0.4

Folds = list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]


def folded(text: str) -> str:
    """Letters and digits of a text, lower-case: what near-identical copies have in common.

    >>> folded("  Bravo, l'équipe !! ") == folded("bravo l’équipe")
    True
    """
    return _NOT_WORDS.sub(" ", text.lower()).strip()


def _content(comment: Comment) -> str:
    return folded(comment.text) or comment.text  # emoji and punctuation fold to nothing


def deduplicated(comments: Iterable[Comment]) -> list[Comment]:
    """The first of each group of comments with the same folded text, parent text and target.

    Labels that only a later copy carries, such as another annotator's stance, are kept with it.
    """
    seen: dict[Hashable, Comment] = {}
    for comment in comments:
        key = (_content(comment), folded(comment.parent_text or ""), comment.stance_target)
        first = seen.setdefault(key, comment)
        missing: dict[str, Any] = {
            k: v for k, v in comment.labels.given().items() if getattr(first.labels, k) is None
        }
        if missing and not _contradicts(first.labels, missing):
            seen[key] = replace(first, labels=replace(first.labels, **missing))
    return list(seen.values())


def _contradicts(labels: Labels, missing: Mapping[str, Any]) -> bool:
    """Whether a severity and an incivility from two copies would say different things."""
    joined = replace(labels, **missing)
    both = joined.severity is not None and joined.incivility is not None
    return both and joined.uncivil != joined.incivility


def without(comments: Sequence[Comment], held_out: Iterable[Comment]) -> list[Comment]:
    """``comments`` less those whose text stands, to the fold, in ``held_out``: the leak guard."""
    leaked = {_content(c) for c in held_out}
    return [c for c in comments if _content(c) not in leaked]


def groups(comments: Sequence[Comment], *, by_target: bool = False) -> npt.NDArray[np.int64]:
    """Number the groups that must not be split: same thread, same author, or same opening words.

    With ``by_target``, comments on the same target are one group too. Authors who write everywhere
    chain all threads into one group; when a group would hold most rows, authors are given up first,
    then targets, then threads.
    """
    kinds = ["text", "thread", *(["target"] if by_target else []), "author"]
    while True:
        numbers = _connected(comments, kinds)
        if kinds == ["text"] or np.bincount(numbers).max(initial=0) <= _LARGEST_SHARE * len(comments):
            return numbers
        kinds.pop()


def _connected(comments: Sequence[Comment], kinds: Sequence[str]) -> npt.NDArray[np.int64]:
    """Number the connected components of rows that share a key of one of ``kinds``."""
    leader = list(range(len(comments)))

    def root(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    first: dict[tuple[str, str], int] = {}
    for i, comment in enumerate(comments):
        keys = _keys(comment)
        for kind in kinds:
            if keys[kind]:
                j = first.setdefault((kind, str(keys[kind])), i)
                leader[root(i)] = root(j)
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(root(i), len(numbers)) for i in range(len(comments))], np.int64)


def merged_groups(group: npt.NDArray[np.int64], sources: Sequence[str | None]) -> npt.NDArray[np.int64]:
    """Groups of which none is split between sources: sources that share one are joined."""
    leader: dict[Hashable, Hashable] = {}

    def root(key: Hashable) -> Hashable:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    for number, source in zip(group.tolist(), sources, strict=True):
        leader[root(number)] = root(source)
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(root(s), len(numbers)) for s in sources], np.int64)


def _keys(comment: Comment) -> Mapping[str, str | None]:
    opening = folded(comment.text)[:_SAME_OPENING]
    return {
        "text": opening if len(opening) >= _SHORTEST_OPENING else None,
        "thread": comment.thread_id,
        "author": comment.author,
        "target": comment.stance_target,
    }


def grouped_folds(group: npt.NDArray[np.int64], count: int) -> Folds:
    """At most ``count`` folds that split no group, shuffled with a fixed seed."""
    count = min(count, len(np.unique(group)))
    return list(GroupKFold(count, shuffle=True, random_state=0).split(group, groups=group))
