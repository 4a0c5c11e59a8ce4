"""Rude words in disguise: leetspeak, starred-out letters, letters set apart."""

import re
from functools import lru_cache
from typing import Final

from model.text.guess import LEET, meant
from model.text.mapped import Edit
from model.text.vocabulary import abbreviations, abusive_words, common_words, fold, known_words, signed_terms

_LONGEST: Final = 30
_SIGN: Final = r"0-9@$€£!|¡+µ"
_JOINT: Final = r"._·•~/\\-"
_BLOT: Final = "*#%¤█■▪●×"
"""Signs that are hardly ever inside a word unless they hide a letter of it."""
_OTHER_BLOT: Final = "?&—–…"
"""Signs that are inside a word where a space was forgotten, too."""
_IN_WORD: Final = rf"\w{_BLOT}{_OTHER_BLOT}@$€£!|¡+µ{_JOINT}"
# each sign starts with a class of rare characters, so that the search skips ordinary text at C speed
HAS_DISGUISE: Final = re.compile(
    rf"[0-9@$€£!|¡+µ._·•{_BLOT}{_OTHER_BLOT}](?:[^\W\d_]|(?<=\*)\*|(?<=[^\W\d_][0-9@$€]))"
)
_CHUNK: Final = re.compile(
    rf"(?<![\w{_BLOT}@$€|+&{_JOINT}])[{_IN_WORD}]{{3,{_LONGEST}}}(?![\w*#@$€|+{_JOINT}])"
)
_GAP: Final = "[ ._·•*/-]{1,3}"
_ONE: Final = r"(?:[^\W_]|[@$€](?!\w)|!(?=[ ._-]))"
_SPELT: Final = re.compile(rf"(?<![^\W_])(?:[^\W_]|[@$€])(?:{_GAP}{_ONE}){{2,}}(?![^\W_'])")
HAS_SPELT: Final = re.compile(rf"[ ._·•*/-][\w@$€!]{_GAP}[\w@$€!](?![^\W_'])")

_MASKED: Final = re.compile(rf"[^\W\d_]+(?:(?:[{_BLOT}]|_{{2,}}|\.{{2,5}})+[^\W\d_]*)+")
_ONCE_MASKED: Final = re.compile(rf"[^\W\d_]{{1,8}}(?:[._{_OTHER_BLOT}]|--)[^\W\d_]{{1,8}}")
_MASKS: Final = re.compile(rf"[{_BLOT}{_OTHER_BLOT}._-]")
_EDGE: Final = f"._!-+#|·•~/\\%{_OTHER_BLOT}"

_ENDINGS: Final = re.compile("e?s?|x|(?:[nltrvd]|ss|ric|tric|eus)es?")
"""What follows the point or hyphen of inclusive spelling."""


def undo_disguise(text: str) -> list[Edit]:
    """Read ``c0nn4rd``, ``b@tard``, ``con.nard`` and ``enc*lé`` where they hide a listed word.

    Numbers, times, models and inclusive spellings hide none and stay.
    """
    edits: list[Edit] = []
    for found in _CHUNK.finditer(text):
        chunk = found.group()
        if chunk.isalpha():
            continue
        core = chunk.strip(_EDGE)
        if core.startswith("*") or (core.endswith("*") and not core.endswith("**")):
            core = core.strip("*")
        if len(core) < 3 or core.isalpha() or core.isdecimal():
            continue
        begin = found.start() + chunk.index(core)
        plain = _reading(core)
        if plain is None and chunk.endswith(f"{core}!"):  # the last letter may be written so
            core = f"{core}!"
            plain = _reading(core)
        if plain:
            edits.append(Edit(begin, begin + len(core), plain))
    return edits


@lru_cache(maxsize=20_000)
def _reading(core: str) -> str | None:
    """Give the word that ``core`` hides, in its case."""
    letters = sum(map(str.isalpha, core))
    if not letters or core.lower() in signed_terms():
        return None
    if _MASKED.fullmatch(_without_leet(core)):
        return _unmasked(_without_leet(core))
    if _ONCE_MASKED.fullmatch(core):
        plain = _once_masked(core)
        if plain:
            return plain
    joined = re.sub(rf"[{_JOINT}]", "", core)
    bare = _HELD_SIGN.sub(r"\1", joined)
    if letters < 2 or sum(map(str.isalpha, bare)) * 5 < len(bare) * 2 or _BLOTTED.search(joined):
        return None
    if joined != core and not _may_be_joined(core, joined):
        return None
    numbered = fold(core.rstrip("0123456789"))
    if numbered != fold(core) and numbered in known_words():
        return None
    if numbered != fold(core) and numbered in common_words():
        return meant(joined, lowest=0)
    if joined.isalpha():  # only points between
        known = fold(joined) in common_words() and fold(joined) not in abusive_words()
        return None if known else meant(joined, lowest=1)
    return meant(joined, lowest=1 if joined != core else 3)


_HELD_SIGN: Final = re.compile(rf"([{_SIGN}])\1+")
_BLOTTED: Final = re.compile(f"[{_BLOT}{_OTHER_BLOT}]")


def _without_leet(core: str) -> str:
    """Write the plainest letter for each sign of a word that has masks as well."""
    signs = sum(c in LEET for c in core)
    if not signs or not core[0].isalpha() or signs * 2 > len(core) or not _BLOTTED.search(core):
        return core
    return "".join(LEET[c][0] if c in LEET else c for c in core)


def _may_be_joined(core: str, joined: str) -> bool:
    """Say whether points or hyphens may hide a word: a hyphenated or inclusive spelling is ordinary."""
    pieces = [piece for piece in re.split(rf"[{_JOINT}]", core) if piece]
    ordinary = any(_ENDINGS.fullmatch(fold(piece)) for piece in pieces[1:]) or "-" in core[3:-3]
    return len(joined) > 4 and not ordinary


def _unmasked(core: str) -> str | None:
    """Give the likeliest word that fits the letters left."""
    signs = _MASKS.sub("*", core)
    shown = fold(signs.replace("*", ""))
    rude_only = len(shown) < 2 or "." in core
    row = "**" in signs and not signs.endswith("*") and len(shown) > 1
    plain = meant(signs, lowest=0 if rude_only else 2, loose=row)
    if plain or rude_only:
        return plain
    first, *others = signs.split("*")
    if all(map(_ENDINGS.fullmatch, map(fold, others))) and {shown, fold(first)} & common_words().keys():
        return None  # the star of inclusive spelling
    if len(shown) > 3 and shown in abusive_words():  # put between the letters, not for one of them
        return meant(signs.replace("*", ""), lowest=2)
    return None if signs.endswith("*") else meant(signs, lowest=4)


def _once_masked(core: str) -> str | None:
    """Give the common rude word behind ``p.te`` or ``f—k``; other words have lost a space."""
    left, right = re.split(rf"[._{_OTHER_BLOT}]|--", core)
    row = core[len(left) : -len(right)] in "—–…--"
    if (len(left) + len(right) < 3 and not row) or len(left) + len(right) < 2:
        return None
    return meant(f"{left}{'**' if row else '*'}{right}", lowest=0, loose=row)


def join_spelt_words(text: str) -> list[Edit]:
    """Join letters set apart (``c.o.n.n.a.r.d``) where they spell a listed word; sigles stay."""
    edits: list[Edit] = []
    for found in _SPELT.finditer(text):
        places = [p for p in range(found.start(), found.end()) if text[p] not in " ._·•*/-"]
        letters = "".join(text[p] for p in places)
        for first, last, word in _spelt_words(letters):
            edits.append(Edit(places[first], places[last - 1] + 1, word))
    return edits


def _spelt_words(letters: str) -> list[tuple[int, int, str]]:
    """Find listed words in a row of single letters, longest first from the left."""
    plain = "".join(LEET.get(sign, sign)[0] for sign in letters)
    folded = "".join(fold(letter)[:1] or letter for letter in plain)
    words, beginnings = _spellable()
    if len(plain) > 3 and not letters.isupper() and folded in common_words():
        return [(0, len(plain), plain)]
    shortest = 3 if len(plain) <= 4 else 4  # in a longer row three letters fall together by chance
    found: list[tuple[int, int, str]] = []
    first = 0
    while first <= len(plain) - shortest:
        last = first
        if folded[first : first + 3] in beginnings:
            ends = range(min(len(plain), first + _LONGEST), first + shortest - 1, -1)
            last = next((end for end in ends if _is_spelt(folded[first:end], words)), first)
        if last > first and sum(map(str.isalpha, letters[first:last])) >= 2:
            found.append((first, last, plain[first:last]))
            first = last
        else:
            first += 1
    return found


def _is_spelt(word: str, words: frozenset[str]) -> bool:
    return word in words or (len(word) > 4 and word[-1] == "s" and word[:-1] in words)


@lru_cache(maxsize=1)
def _spellable() -> tuple[frozenset[str], frozenset[str]]:
    """Words that may be spelt letter by letter, and their first three letters."""
    listed = (*known_words(), *(word for word in abusive_words() if len(word) > 3))
    words = frozenset((*listed, *(a for a in abbreviations() if len(a) > 2)))
    return words, frozenset(word[:3] for word in words)
