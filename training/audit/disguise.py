"""Write words as people do who want to pass a filter; the same word is always written the same way."""

import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from training.audit.offence import Span

_VOWELS: Final = frozenset("aeiouyàâäéèêëîïôöùûü")
_LEET: Final = {"a": "4@", "e": "33", "i": "1!", "o": "00"}
_GAPS: Final = (" ", ".", "-", "_")
_ALIKE: Final = {
    "a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "о", "p": "р", "s": "ѕ", "x": "х", "y": "у",
    "A": "А", "B": "В", "C": "С", "E": "Е", "H": "Н", "I": "І", "K": "К", "M": "М", "O": "О", "P": "Р",
    "T": "Т",
}  # fmt: skip
"""Latin letters and the Cyrillic ones that look the same."""
_NOTHING: Final = ("\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH NON-JOINER}", "\N{WORD JOINER}", "\N{SOFT HYPHEN}")

Way = Callable[[str, int], str]


def plain(word: str) -> str:
    """Drop the accents.

    >>> plain("enculé")
    'encule'
    """
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _leet(word: str, draw: int) -> str:
    signs = (_LEET.get(letter.lower(), "") for letter in plain(word))
    return "".join(s[draw % 2] if s else letter for s, letter in zip(signs, plain(word), strict=True))


def _spaced(word: str, draw: int) -> str:
    return _GAPS[draw % len(_GAPS)].join(word)


def _starred(word: str, draw: int) -> str:
    """Star the vowels between the first letter and the last; a consonant where there is none."""
    inner = {i for i in range(1, len(word) - 1) if word[i].lower() in _VOWELS} or {1 + draw % (len(word) - 2)}
    return "".join("*" if i in inner else letter for i, letter in enumerate(word))


def _accents(word: str, draw: int) -> str:
    return plain(word)


def _doubled(word: str, draw: int) -> str:
    """Hold one vowel, or the last letter where there is none."""
    at = [i for i, letter in enumerate(word) if letter.lower() in _VOWELS] or [len(word) - 1]
    held = at[draw % len(at)]
    return word[:held] + word[held] * (2 + draw % 3) + word[held + 1 :]


def _alike(word: str, draw: int) -> str:
    return "".join(_ALIKE.get(letter, letter) for letter in word)


def _zero_width(word: str, draw: int) -> str:
    return _NOTHING[draw % len(_NOTHING)].join(word)


def _mixed(word: str, draw: int) -> str:
    """Two ways at once."""
    first, second = ((_doubled, _leet), (_leet, _zero_width), (_alike, _doubled), (_accents, _spaced))[
        draw % 4
    ]
    return second(first(word, draw), draw // 4)


KINDS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        "leet": _leet,
        "spacing": _spaced,
        "stars": _starred,
        "accents": _accents,
        "doubled": _doubled,
        "homoglyphs": _alike,
        "zero-width": _zero_width,
        "mixed": _mixed,
    }
)
"""Ways of writing by name."""


def disguised(text: str, spans: Iterable[Span], kind: str) -> str:
    """Write the words at ``spans`` (at least three letters each, in order) in the way ``kind``.

    >>> disguised("Quel abruti !", [(5, 11)], "stars")
    'Quel abr*ti !'
    >>> disguised("Quel abruti !", [(5, 11)], "leet")
    'Quel @brut! !'
    """
    parts, at = [], 0
    for begin, end in spans:
        word = text[begin:end]
        draw = zlib.crc32(f"{kind}/{word.lower()}".encode())
        parts += [text[at:begin], KINDS[kind](word, draw)]
        at = end
    return "".join([*parts, text[at:]])
