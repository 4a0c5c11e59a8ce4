"""Words that disguises are read against: a disguise is undone only when it hides one of them."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from data.lexicons import load

_RUDE: Final = ("insults", "profanity", "slurs", "dehumanise")
_ABUSE: Final = (*_RUDE, "threat", "aspersion", "lying")
_KNOWN: Final = (*_ABUSE, "identity", "polarity", "everyday")

_CARRIES: Final = 4
"""Letters from which the longest word of an abusive phrase is taken for the one that people hide."""


def fold(word: str) -> str:
    """Lower-case without accents, letter by letter where that is possible.

    >>> fold("Enculé"), fold("Œuf")
    ('encule', 'oeuf')
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFD", word.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _single_words(*names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        for entry in load(name):
            if entry.term.isalpha() and len(entry.term) > 2:
                found.setdefault(fold(entry.term), entry.term)
    return found


@lru_cache(maxsize=1)
def rude_words() -> Mapping[str, str]:
    """Folded single words of the rude lists, with their spelling; commonest first where it matters."""
    return MappingProxyType(_single_words(*_RUDE))


@lru_cache(maxsize=1)
def known_words() -> Mapping[str, str]:
    """Folded single words of every list, with their spelling."""
    return MappingProxyType(_single_words(*_KNOWN))


_WORD: Final = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def listed_spellings() -> frozenset[str]:
    """Terms of every list as they stand there: these spellings are meant."""
    return frozenset(entry.term for name in _KNOWN for entry in load(name))


@lru_cache(maxsize=1)
def signed_terms() -> frozenset[str]:
    """Listed terms with digits or signs for letters: they are read as they are."""
    return frozenset(term for term in listed_spellings() if re.search(r"[0-9@$€+*]", term))


@lru_cache(maxsize=1)
def abusive_words() -> Mapping[str, str]:
    """Folded words worth hiding, with their spelling: listed ones, and of each phrase the longest.

    >>> abusive_words()["mere"], "avec" in abusive_words()
    ('mère', False)
    """
    found = _single_words(*_ABUSE)
    for name in _ABUSE:
        for entry in load(name):
            words = _WORD.findall(entry.term)
            if len(words) > 1 and not any(fold(word) in found for word in words):
                longest = max(words, key=len)
                if len(longest) >= _CARRIES:
                    found.setdefault(fold(longest), longest)
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def _listed() -> list[list[str]]:
    lines = files(__package__).joinpath("words.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, int]:
    """Lower-case words of the embedded corpus and how often it has them."""
    return MappingProxyType({word: int(count) for word, count, _ in _listed()})


@lru_cache(maxsize=1)
def listed_stems() -> Mapping[str, str]:
    """Their stems, so that the stemmer, which is slow, is asked only for words that are new."""
    return MappingProxyType({word: stem for word, _, stem in _listed()})


@lru_cache(maxsize=1)
def common_words() -> Mapping[str, tuple[str, int]]:
    """Folded words of the embedded corpus with their commonest spelling and their count.

    >>> common_words()["jamais"][0], "jaamais" in common_words()
    ('jamais', False)
    """
    found: dict[str, tuple[str, int]] = {}
    most: dict[str, int] = {}
    for word, count in spellings().items():
        key = word if word.isascii() else fold(word)
        spelling, total = found.get(key, (word, 0))
        if count > most.get(key, 0):
            most[key], spelling = count, word
        found[key] = spelling, total + count
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def abbreviations() -> Mapping[str, tuple[str, str]]:
    """Abbreviated insult to its expansion and whether its case matters."""
    return MappingProxyType({entry.term: (entry.note, entry.kind) for entry in load("abbreviations")})
