"""Where the offending words of a text stand, by the word lists alone: no model has a say in it."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from data.lexicons import load
from model.text.vocabulary import fold

_LISTS: Final = ("profanity", "insults", "slurs", "threat", "dehumanise", "aspersion", "lying")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORTEST: Final = 3
"""Letters from which a word is disguised: one of two letters has no other writing."""

Span = tuple[int, int]


def words_of(text: str) -> list[Span]:
    """Begin and end of every run of letters."""
    return [found.span() for found in _WORD.finditer(text)]


def long_words(text: str) -> list[Span]:
    """Words of at least three letters."""
    return [(b, e) for b, e in words_of(text) if e - b >= _SHORTEST]


def offending_words(text: str) -> list[Span]:
    """Words of at least three letters that belong to a term of an abusive list, or to its plural.

    >>> text = "Quel abruti, et quels cons !"
    >>> [text[b:e] for b, e in offending_words(text)]
    ['abruti', 'cons']
    """
    spans = words_of(text)
    keys = [fold(text[b:e]) for b, e in spans]
    chosen: set[int] = set()
    for start in range(len(keys)):
        for length in _terms().get(keys[start], ()) or _terms().get(keys[start].removesuffix("s"), ()):
            term = keys[start : start + len(length)]
            if len(term) == len(length) and all(
                word in (wanted, wanted + "s") for word, wanted in zip(term, length, strict=True)
            ):
                chosen |= set(range(start, start + len(length)))
    return [spans[i] for i in sorted(chosen) if spans[i][1] - spans[i][0] >= _SHORTEST]


@cache
def _terms() -> Mapping[str, list[tuple[str, ...]]]:
    """Folded terms by their first word."""
    index: dict[str, list[tuple[str, ...]]] = {}
    for name in _LISTS:
        for entry in load(name):
            words = tuple(fold(entry.term[b:e]) for b, e in words_of(entry.term))
            if words:
                index.setdefault(words[0], []).append(words)
    return index
