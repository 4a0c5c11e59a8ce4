"""The likeliest word behind one written with signs for letters, letters held, or letters masked."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from model.text.candidates import Part, Word, in_question
from model.text.vocabulary import fold

LEET: Final = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "gq",
    "@": "a", "$": "s", "€": "e", "£": "l", "!": "i", "|": "li", "¡": "i", "+": "t", "µ": "u",
}  # fmt: skip
_VOWELS: Final = frozenset("aeiouy")
_OTHER_LENGTH: Final = 0.1
"""How likely a doubled letter stands for a single one, or a row of masks for another number."""
_ON_VOWELS: Final = 3.0
"""How much likelier vowels are masked than any letter."""
_SURE: Final = 0.5
"""Share of the whole likelihood that a word needs which nobody would mask for what it says."""


def parts_of(signs: str) -> list[Part]:
    """Cut into signs and their runs; ``*`` is a mask.

    >>> [(part.letters, part.run) for part in parts_of("c0nn*")]
    [('c', 1), ('o', 1), ('n', 2), ('', 1)]
    """
    parts: list[Part] = []
    for sign in signs:
        for letters in fold(sign) if sign.isalpha() else [LEET.get(sign, "")]:
            if parts and parts[-1].letters == letters:
                parts[-1] = Part(letters, parts[-1].run + 1)
            else:
                parts.append(Part(letters, 1))
    return parts


def meant(signs: str, *, lowest: int, loose: bool = False) -> str | None:
    """Give the likeliest word behind ``signs``, in their case, or nothing.

    A letter held twice or more is one or two letters; ``*`` is any letter.

    Parameters
    ----------
    lowest
        Rank of the words that come into question: 0 common rude ones, 1 all rude ones, 2 all abusive
        ones, 3 all listed ones, 4 any.
    loose
        Let a row of masks stand for any number of letters of the common rude words.

    >>> meant("s*le", lowest=4), meant("c0onn@rd", lowest=3), meant("jaamais", lowest=4)
    ('sale', 'connard', 'jamais')
    """
    parts = parts_of(signs)
    found = _likeliest(parts, lowest, loose=loose)
    if found is None and parts[-1].letters == "s" and len(signs) > 4:  # a plural that is not listed
        *others, last = parts
        parts_left = [*others, Part("s", last.run - 1)] if last.run > 1 else others
        found = _likeliest(parts_left, min(lowest, 3), loose=False)
        if found is None or found.key[-1] in "sxz":
            return None
        found = found._replace(key=f"{found.key}s", spelling=f"{found.spelling}s")
    return None if found is None else _written_as(signs, found)


def _likeliest(parts: Sequence[Part], lowest: int, *, loose: bool) -> Word | None:
    words = [word for word in in_question(parts, loose=loose) if word.rank <= lowest]
    if not words:
        return None
    exact = _pattern(parts, loose=False)
    wide = _pattern(parts, loose=True) if loose else None
    masked = any(not part.letters for part in parts)
    best, chance_of_best, total = None, 0.0, 0.0
    for word in words:
        fit = exact.fullmatch(word.key)
        chance = word.weight
        if fit is None and wide is not None and word.rank == 0:
            fit, chance = wide.fullmatch(word.key), word.weight * _OTHER_LENGTH
        if fit is None:
            continue
        chance *= _likelihood(word, parts, fit.groups())
        total += chance
        if chance > chance_of_best:
            best, chance_of_best = word, chance
    sure = best is not None and (not masked or best.rank < 3 or chance_of_best >= _SURE * total)
    return best if sure else None


def _likelihood(word: Word, parts: Sequence[Part], behind: Sequence[str]) -> float:
    """Say how likely the word is written so; 0 if too few letters are left to tell."""
    likelihood, hidden = 1.0, ""
    for part, letters in zip(parts, behind, strict=True):
        if not part.letters:
            hidden += letters
        elif part.run == 2 and len(letters) == 1:
            likelihood *= _OTHER_LENGTH
        elif part.run > 2 and letters in ("oo", "aa", "uu"):  # rare in French: cool is meant, not col
            likelihood /= _OTHER_LENGTH
    if hidden:
        vowels = _VOWELS.issuperset(hidden)
        if not _enough_shown(word, len(word.key) - len(hidden), len(hidden), vowels=vowels):
            return 0.0
        likelihood *= _ON_VOWELS if vowels else 1
    return likelihood


def _enough_shown(word: Word, shown: int, hidden: int, *, vowels: bool) -> bool:
    """Say whether the letters left are enough to take the masked word for this one."""
    if word.rank == 0:
        return True
    if len(word.key) < 4 and not vowels:  # n*m is a product
        return False
    if vowels and word.rank < 3 and shown > 2:
        return True
    if word.rank > 1 and shown < 3 and not (vowels and word.rank == 2 and hidden < 3 and shown > 1):
        return False
    return shown > 1 and (shown * 2 >= shown + hidden if vowels else shown * 5 >= (shown + hidden) * 3)


def _pattern(parts: Sequence[Part], *, loose: bool) -> re.Pattern[str]:
    """Pattern with a group for each part; ``loose`` frees the length of rows of masks alone."""
    groups = []
    for part in parts:
        row = f"{part.run}" if loose == bool(part.letters) else "1,8" if loose else "1,2"
        groups.append(f"([{part.letters}]" if part.letters else "(.")
        groups.append(f"{{{row}}})" if part.run > 1 else ")")
    return re.compile("".join(groups))


def _written_as(signs: str, word: Word) -> str:
    """Give the word's spelling with the letters that were written, in their case."""
    if len(signs) == len(word.spelling) == len(word.key):
        pairs = zip(signs, word.spelling, word.key, strict=True)
        spelt = "".join(k if s in LEET else s if s.isalpha() else letter for s, letter, k in pairs)
    elif signs.isalpha() and len(written := _runs(signs)) == len(meant_runs := _runs(word.key)):
        spelt = "".join(run[: len(short)] for run, short in zip(written, meant_runs, strict=True))
    else:
        spelt = word.spelling.capitalize() if signs[0].isupper() else word.spelling
    return spelt.upper() if signs.upper() == signs and sum(map(str.isalpha, signs)) > 1 else spelt


def _runs(word: str) -> list[str]:
    return ["".join(run) for _, run in groupby(word, key=fold)]
