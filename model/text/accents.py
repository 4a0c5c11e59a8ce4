"""Accents that were left out, where nothing but the accented word can be meant."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from model.text.vocabulary import abusive_words, common_words, listed_spellings, spellings

_SURE: Final = 5
"""How many times commoner the accented spelling is than the plain one, which is a word otherwise."""
_SEEN: Final = 2
"""Occurrences from which a spelling is trusted."""
_SHORTEST: Final = 4
_NAMES: Final = ("peter",)
"""Plain spellings of abusive words that are names as well."""

_RUN: Final = re.compile("[a-zA-Z]{4,}")
_WORD: Final = re.compile(r"(?<![^\W_])[a-zA-Z]{4,}(?![^\W_])")
_ENDING: Final = re.compile("é(?=e?s?$)")
_LONG: Final = 6


@lru_cache(maxsize=1)
def _accented() -> Mapping[str, str]:
    """Plain spelling to the accented one, in lower case, capitals, and with a capital first.

    Of the abusive lists a spelling is trusted unless the plain one is seen more often. A last ``é`` alone
    is not put back: without it the word is another form of its verb. Short words that end so have twins
    as well (``cote`` is ``côte`` or ``côté``).
    """
    counts = spellings()
    likely = {
        plain: word
        for plain, (word, _) in common_words().items()
        if counts[word] >= max(_SEEN, _SURE * counts.get(plain, 0))
    }
    for plain, word in abusive_words().items():
        if counts.get(plain, 0) <= max(1, counts.get(word, 0)) and plain not in _NAMES:
            likely.setdefault(plain, word)
    found: dict[str, str] = {}
    for plain, word in likely.items():
        if word == plain or len(word) != len(plain) or len(word) < _SHORTEST or not plain.isascii():
            continue
        twin = _ENDING.sub("e", word)
        if plain not in listed_spellings() and (twin == word or (twin != plain and len(word) >= _LONG)):
            found |= {plain: word, plain.upper(): word.upper(), plain.capitalize(): word.capitalize()}
    return MappingProxyType(found)


def lacks_accents(text: str) -> bool:
    """Say whether a text may have a word without its accents."""
    return not _accented().keys().isdisjoint(_RUN.findall(text))


def restore_accents(text: str) -> str:
    """Write ``mère`` for ``mere``; no length changes.

    >>> restore_accents("ta mere, ce debile mange une pomme")
    'ta mère, ce débile mange une pomme'
    """
    table = _accented()
    return _WORD.sub(lambda word: table.get(word.group(), word.group()), text)
