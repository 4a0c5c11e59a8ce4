"""Words that disguises are read against: a disguise is undone only when it hides one of them."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from data.lexicons import load

_RUDE: Final = ("insults", "profanity", "slurs", "dehumanise")
_KNOWN: Final = (*_RUDE, "threat", "aspersion", "lying", "identity", "polarity", "everyday")


def fold(word: str) -> str:
    """Lower-case without accents, letter by letter where that is possible.

    >>> fold("Enculé"), fold("Œuf")
    ('encule', 'oeuf')
    """
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


@lru_cache(maxsize=1)
def abbreviations() -> Mapping[str, tuple[str, str]]:
    """Abbreviated insult to its expansion and whether its case matters."""
    return MappingProxyType({entry.term: (entry.note, entry.kind) for entry in load("abbreviations")})
