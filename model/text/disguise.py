"""Rude words in disguise: leetspeak, starred-out letters, letters set apart."""

import re
from functools import lru_cache
from itertools import islice, product
from typing import Final

from model.text.mapped import Edit
from model.text.vocabulary import abbreviations, fold, known_words, rude_words

_LEET: Final = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "gq",
    "@": "a", "$": "s", "€": "e", "£": "l", "!": "i", "|": "li", "¡": "i", "+": "t", "µ": "u",
}  # fmt: skip
_READINGS: Final = 16  # of one word with ambiguous signs

_LONGEST: Final = 30
_SIGN: Final = r"0-9@$€£!|¡+µ"
_JOINT: Final = r"._·•~/\\-"
# each sign starts with a class of rare characters, so that the search skips ordinary text at C speed
HAS_DISGUISE: Final = re.compile(r"[0-9@$€£!|¡+µ*#._·•](?:[^\W\d_]|(?<=\*)\*|(?<=[^\W\d_][0-9@$€]))")
_CHUNK: Final = re.compile(
    rf"(?<![\w*#@$€£|+&{_JOINT}])[\w*#@$€£!|¡+µ{_JOINT}]{{3,{_LONGEST}}}(?![\w*#@$€£|+{_JOINT}])"
)
_GAP: Final = "[ ._·•*/-]{1,3}"
_ONE: Final = r"(?:[^\W_]|[@$€](?!\w)|!(?=[ ._-]))"
_SPELT: Final = re.compile(rf"(?<![^\W_])(?:[^\W_]|[@$€])(?:{_GAP}{_ONE}){{2,}}(?![^\W_'])")
HAS_SPELT: Final = re.compile(rf"[ ._·•*/-][\w@$€!]{_GAP}[\w@$€!](?![^\W_'])")

_OTHER_MASK: Final = re.compile(r"[^\W\d_]{1,6}(?:#+|_{2,}|\.{2,5})[^\W\d_]{1,8}")
_COMMON: Final = (
    "putain", "pute", "con", "connard", "merde", "cons", "conne", "connards", "putes", "salope", "salopes",
    "salaud", "salauds", "encule", "encules", "enculer", "bordel", "fuck", "couille", "couilles", "chier",
    "cul", "bite", "connerie", "conneries", "connasse", "foutre", "nique", "niquer", "batard", "batards",
    "petasse", "branleur", "chiant",
)  # fmt: skip
"""What starred-out words are read as first."""

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
        core = chunk.strip("._!-+#|·•~/\\")
        if core.startswith("*") or (core.endswith("*") and not core.endswith("**")):
            core = core.strip("*")
        if len(core) < 3 or core.isalpha() or core.isdecimal():
            continue
        plain = _reading(core)
        if plain:
            begin = found.start() + chunk.index(core)
            edits.append(Edit(begin, begin + len(core), plain))
    return edits


@lru_cache(maxsize=20_000)
def _reading(core: str) -> str | None:
    """Give the listed word that ``core`` hides, in its case."""
    letters = sum(map(str.isalpha, core))
    if "*" in core or (letters and _OTHER_MASK.fullmatch(core)):
        return _unmask(core)
    if letters * 2 < len(core) or letters < 2:
        return None
    joined = re.sub(rf"[{_JOINT}]", "", core)
    if joined != core:  # a hyphenated or inclusive spelling may be an ordinary word
        pieces = [piece for piece in re.split(rf"[{_JOINT}]", core) if piece]
        if (
            len(joined) < 5
            or any(_ENDINGS.fullmatch(fold(piece)) for piece in pieces[1:])
            or "-" in core[3:-3]
        ):
            return None
    if core.rstrip("0123456789") != core and fold(core.rstrip("0123456789")) in known_words():
        return None
    words = rude_words() if joined != core else known_words()
    for reading in islice(product(*(_LEET.get(sign, sign) for sign in joined)), _READINGS):
        plain = "".join(reading)
        if fold(plain) in words or (fold(plain).removesuffix("s") in words and len(plain) > 4):
            return plain.upper() if core.upper() == core and letters > 1 else plain
    return None


def _unmask(core: str) -> str | None:
    """Give the commonest rude word that fits the letters left."""
    signs = re.sub(r"[#_.]", "*", core)
    if not signs[0].isalpha() or not re.fullmatch(r"[^\W\d_*]+(?:\*[^\W\d_*]*)+", signs):
        return None
    known = fold(signs.replace("*", ""))
    # one star is one letter; a row of stars may be any number, but its own length is tried first
    exact = re.compile("".join("." if sign == "*" else fold(sign) for sign in signs))
    same_start = _by_first_letter().get(known[0], ())
    fits = [w for w in same_start if exact.fullmatch(w)]
    if "**" in signs and not signs.endswith("*") and len(known) > 1:
        loose = re.compile("".join(_loose(part) for part in re.findall(r"\*+|[^*]+", signs)))
        fits += [w for w in same_start if w in _COMMON and loose.fullmatch(w)]
    few = len(known) < 2 or (core != signs and "." in core)
    fit = next((w for w in fits if w in _COMMON or (not few and len(known) * 5 >= len(w) * 3)), None)
    if fit is None:
        return None
    if len(fit) == len(signs):
        return "".join(
            kept if kept != "*" else _in_case_of(core, letter)
            for kept, letter in zip(signs, rude_words()[fit], strict=True)
        )
    return _in_case_of(core, rude_words()[fit])


def _loose(part: str) -> str:
    if part[0] != "*":
        return fold(part)
    return "." if len(part) == 1 else ".{1,8}"


def _in_case_of(core: str, word: str) -> str:
    return word.upper() if core.upper() == core and sum(map(str.isalpha, core)) > 1 else word


@lru_cache(maxsize=1)
def _by_first_letter() -> dict[str, tuple[str, ...]]:
    lists: dict[str, list[str]] = {}
    for word in dict.fromkeys((*_COMMON, *rude_words())):
        lists.setdefault(word[0], []).append(word)
    return {letter: tuple(words) for letter, words in lists.items()}


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
    plain = "".join(_LEET.get(sign, sign)[0] for sign in letters)
    folded = "".join(fold(letter)[:1] or letter for letter in plain)
    words, beginnings = _spellable()
    shortest = 3 if len(plain) <= 4 else 4  # in a longer row three letters fall together by chance
    found: list[tuple[int, int, str]] = []
    first = 0
    while first <= len(plain) - shortest:
        last = first
        if folded[first : first + 3] in beginnings:
            ends = range(min(len(plain), first + _LONGEST), first + shortest - 1, -1)
            last = next((end for end in ends if folded[first:end] in words), first)
        if last > first and sum(map(str.isalpha, letters[first:last])) >= 2:
            found.append((first, last, plain[first:last]))
            first = last
        else:
            first += 1
    return found


@lru_cache(maxsize=1)
def _spellable() -> tuple[frozenset[str], frozenset[str]]:
    """Words that may be spelt letter by letter, and their first three letters."""
    words = frozenset((*known_words(), *(a for a in abbreviations() if len(a) > 2)))
    return words, frozenset(word[:3] for word in words)
