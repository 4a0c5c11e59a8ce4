"""Letters of other alphabets and styles that look like Latin ones."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from model.text.vocabulary import fold, known_words

_CYRILLIC: Final = dict(
    zip(
        "авсԁеёіїјӏкмнорԛгѕтуԝхһьАВСЕЁІЇЈӀКМНОРЅТУХԌԜЗ",
        "abcdeëiïjlkmhopqrstywxhbABCEËIÏJIKMHOPSTYXGWZ",
        strict=True,
    )
)
_GREEK: Final = dict(zip("αικνορτυχγωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aiknoptuxywABEZHIKMNOPTYX", strict=True))
_SMALL_CAPITALS: Final = dict(
    zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡıⅼ", "abcdefghijklmnoprstuvwyzagil", strict=True)
)
_LOOK_ALIKE: Final[Mapping[str, str]] = MappingProxyType(_CYRILLIC | _GREEK | _SMALL_CAPITALS)

_A_SQUARED, _A_CIRCLED, _A_BLACK, _A_FLAG = 0x1F130, 0x1F150, 0x1F170, 0x1F1E6


def _styled() -> dict[str, str]:
    """Full-width, mathematical, circled, squared and flag letters and their plain ones."""
    table: dict[str, str] = {}
    for first, last in ((0xFF10, 0xFF5A), (0x24B6, 0x24E9), (0x1D400, 0x1D7FF), (0x2100, 0x213F)):
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code) and plain.isascii() and plain.isalnum():
                table[chr(code)] = plain
    for first in (_A_SQUARED, _A_CIRCLED, _A_BLACK, _A_FLAG):
        table |= {chr(first + n): chr(ord("A") + n) for n in range(26)}
    return table


STYLED: Final[Mapping[int, str]] = MappingProxyType(str.maketrans(_styled()))
"""Styled letters and digits to plain ones, for ``str.translate``."""


def latin_for(word: str) -> str:
    """Write the word's look-alike letters in Latin, or give it back.

    A word without any Latin letter is another language's, unless what it looks like is a listed word.

    >>> latin_for("сonnаrd"), latin_for("Москва"), latin_for("соn"), latin_for("сука")
    ('connard', 'Москва', 'con', 'сука')
    """
    foreign = {letter for letter in word if letter in _LOOK_ALIKE}
    if not foreign:
        return word
    latin = "".join(_LOOK_ALIKE.get(letter, letter) for letter in word)
    letters = [letter for letter in latin if letter.isalpha()]
    if not all("LATIN" in unicodedata.name(letter, "") for letter in letters):
        return word
    mixed = any(letter not in foreign and letter.isalpha() for letter in word)
    return latin if mixed or fold(latin) in known_words() else word
