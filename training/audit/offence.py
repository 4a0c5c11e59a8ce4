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
    """Words of at least three letters that carry a term of an abusive list, or its plural.

    Of a phrase these are the words that are listed by themselves, else its longest word: nobody who
    writes « retourne dans ton pays » disguises « dans ».

    >>> text = "Quel abruti, et quels cons !"
    >>> [text[b:e] for b, e in offending_words(text)]
    ['abruti', 'cons']
    """
    spans = words_of(text)
    keys = [fold(text[b:e]) for b, e in spans]
    chosen: set[int] = set()
    for start, key in enumerate(keys):
        for term in (*_terms().get(key, ()), *_terms().get(key.removesuffix("s"), ())):
            found = keys[start : start + len(term)]
            if len(found) == len(term) and all(map(_is, found, term)):
                chosen |= {start + i for i in _carriers(term)}
    return [spans[i] for i in sorted(chosen) if spans[i][1] - spans[i][0] >= _SHORTEST]


def _is(word: str, wanted: str) -> bool:
    return word in (wanted, wanted + "s")


def _carriers(term: tuple[str, ...]) -> list[int]:
    alone = [i for i, word in enumerate(term) if (word,) in _terms().get(word, ())]
    return alone or [max(range(len(term)), key=lambda i: len(term[i]))]


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
