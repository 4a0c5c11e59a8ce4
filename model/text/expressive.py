"""Held letters, piled punctuation, abbreviated insults."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from model.text.guess import meant
from model.text.mapped import Edit
from model.text.vocabulary import abbreviations, common_words, fold, known_words

_VOWELS: Final = "aeiouyAEIOUYéÉ"
HELD: Final = re.compile(r"([^\W\d_])\1{2,}")
_LETTER: Final = "[a-zA-Z\u00c0-\u024f\u0370-\u1fff]"  # a third of the time of a class that Unicode defines
DOUBLED: Final = re.compile(
    rf"({_LETTER})\1(?:(?<=[{_VOWELS}])|\1|(?![{_VOWELS}ÀÂÇÈÊËÎÏÔÛàâçèêëîïôûlrLR])|(?<![^\W\d_]..))"
)
"""Letters twice where French spelling hardly has them: vowels, consonants that touch another or an end."""
_REST_OF_WORD: Final = re.compile(r"\w*").match
_ROMAN: Final = re.compile(r"[IVXLCDM]+(?:er?|ème|eme|es|ère)?|[ivx]{1,3}")
_LONGEST: Final = 60
PILED: Final = re.compile(r"([!?,;:~=_+-])\1{2,}|\.{4,}|…{3,}|[!?]{3,}")
HAS_PILED: Final = re.compile("[!?,;:~=_+.…-]{3}")
_ABBREVIATION: Final = re.compile(
    r"(?<![\w.-])(?<!\d )(?:" + "|".join(map(re.escape, abbreviations())) + r")(?![\w-])", re.IGNORECASE
)


def _any_of(words: Iterable[str]) -> str:
    """Pattern of all the words, by first letter: three times as fast as a plain alternation."""
    by_letter = groupby(sorted(words), key=itemgetter(0))
    return "|".join(f"{first}(?:{'|'.join(re.escape(w[1:]) for w in group)})" for first, group in by_letter)


_SPELLINGS: Final = _any_of({case(a) for a in abbreviations() for case in (str, str.upper, str.capitalize)})
_ABBREVIATED: Final = re.compile(rf"\W(?:{_SPELLINGS})(?!\w)")
_ABBREVIATED_FIRST: Final = re.compile(rf"(?:{_SPELLINGS})(?!\w)")


def has_abbreviation(text: str) -> bool:
    return bool(_ABBREVIATED.search(text) or _ABBREVIATED_FIRST.match(text))


def shorten_held_letters(text: str) -> list[Edit]:
    """Cut letters held for effect, or doubled to hide a listed word, down to what the word has.

    Roman numerals, ``www`` and upper-case sigles of one letter (``AAA``) stay, and so do ordinary words.
    """
    edits: list[Edit] = []
    done = 0
    for found in DOUBLED.finditer(text):
        begin, end = found.span()
        if begin < done:
            continue
        floor = done
        while begin > floor and (text[begin - 1].isalnum() or text[begin - 1] == "_"):
            begin -= 1
        end = done = _REST_OF_WORD(text, end).end()  # type: ignore[union-attr]  # it matches anywhere
        word = text[begin:end]
        short = _shortened(word) if len(word) <= _LONGEST else _bounded(word)
        if short != word:
            edits.append(Edit(begin, end, short))
    return edits


def _bounded(word: str) -> str:
    return HELD.sub(lambda held: held.group()[:2], word)


@lru_cache(maxsize=20_000)
def _shortened(word: str) -> str:
    if _ROMAN.fullmatch(word) or word == "www" or (len(word) == 3 and word.isupper() and HELD.search(word)):
        return word
    key = fold(word)
    if key in known_words() or key in common_words() or not word.isalpha():
        return _bounded(word)
    # a word held for effect may be any; of doubled letters only a listed word is worth the risk
    short = meant(word, lowest=4 if HELD.search(word) else 2)
    return short if short and len(short) < len(word) else _bounded(word)


def bound_punctuation(text: str) -> list[Edit]:
    """Bound runs: ``!!!!`` to ``!!``, ``.....`` to ``...``, ``?!?!?!`` to ``?!``."""
    edits: list[Edit] = []
    for found in PILED.finditer(text):
        run = found.group()
        if run[0] in ".…":
            short = "..." if run[0] == "." else "…"
        elif len(set(run)) == 1:
            short = run[:2]
        else:
            short = "?!"
        edits.append(Edit(found.start(), found.end(), short))
    return edits


def expand_abbreviations(text: str) -> list[Edit]:
    """Write abbreviated insults in full: ``fdp`` is ``fils de pute``; the ``FDP`` is a party."""
    table = abbreviations()
    edits: list[Edit] = []
    for found in _ABBREVIATION.finditer(text):
        word = found.group()
        expansion, case = table[word.lower()]
        if word.islower() or case == "any_case":
            edits.append(Edit(found.start(), found.end(), expansion))
    return edits
