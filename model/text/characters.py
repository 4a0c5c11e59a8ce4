"""Characters: one way of writing each letter, space and apostrophe."""

import re
import unicodedata
from typing import Final

from model.text.homoglyphs import latin_for
from model.text.mapped import Edit

WIDE: Final = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u0180-\u2008\u200a-\u200f\u2016\u2017\u201f\u2023-\u2025"
    "\u2027-\u202e\u2031\u2033-\u2038\u203b-\u20ab\u20ad-\U0010ffff]"
)
"""Characters that ordinary French text has not: emoji, controls, other scripts, loose accents."""

MARKS_KEPT: Final = 3
"""Accents kept on one letter; piling up hundreds hides a word and makes NFC quadratic."""

_NEWLINE: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]+"
)
_LOOSE_MARK: Final = re.compile(
    "(?<=[A-Za-z\u00c0-\u024f\u1e00-\u1eff])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_NOT_LATIN_1: Final = re.compile("[^\0-\u02ff]{2,}")
_APOSTROPHE: Final = re.compile(
    "[\u2018\u2019\u201b\u02bc\u02b9\u2032\uff07]|(?<=[^\\W\\d_])[`\u00b4](?=[^\\W\\d_])"
)
HAS_APOSTROPHE: Final = re.compile("[\u2018\u2019\u201b\u02bc\u02b9\u2032\uff07`\u00b4]")
ODD_SPACE: Final = re.compile(r"[^\S\n ]")
_EDGES: Final = (" ", "\n")
_WORD: Final = re.compile(r"\w+")
_BLANKS: Final = re.compile(r"\s{2,}|\A\s|\s\Z")


def unify_newlines(text: str) -> list[Edit]:
    r"""Write every line end as ``\n``."""
    return [Edit(m.start(), m.end(), "\n") for m in _NEWLINE.finditer(text)]


def drop_invisible(text: str) -> list[Edit]:
    """Drop zero-width characters, direction marks, soft hyphens, tags and control characters."""
    return [Edit(m.start(), m.end(), "") for m in _INVISIBLE.finditer(text)]


def drop_piled_marks(text: str) -> list[Edit]:
    """Keep at most :data:`MARKS_KEPT` accents in a row."""
    edits: list[Edit] = []
    for found in _NOT_LATIN_1.finditer(text):
        run = 0
        for place in range(found.start(), found.end()):
            run = run + 1 if unicodedata.category(text[place])[0] == "M" else 0
            if run > MARKS_KEPT:
                edits.append(Edit(place, place + 1, ""))
    return edits


def compose(text: str) -> list[Edit]:
    """Compose letters and accents (NFC), cluster by cluster so that the map stays fine."""
    if unicodedata.is_normalized("NFC", text):
        return []
    edits: list[Edit] = []
    begin = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and _joins_the_letter_before(text[place]):
            continue
        cluster = text[begin:place]
        composed = unicodedata.normalize("NFC", cluster)
        if composed != cluster:
            edits.append(Edit(begin, place, composed))
        begin = place
    return edits


def drop_loose_marks(text: str) -> list[Edit]:
    """Drop marks that no Latin letter composes with, such as strokes through a rude word."""
    return [Edit(m.start(), m.end(), "") for m in _LOOSE_MARK.finditer(text)]


def _joins_the_letter_before(letter: str) -> bool:
    return letter > "\u02ff" and (unicodedata.category(letter)[0] == "M" or "\u1160" <= letter <= "\u11ff")


def unify_homoglyphs(text: str) -> list[Edit]:
    """Write look-alike letters of Latin words in Latin; leave words of other scripts."""
    edits = []
    for found in _WORD.finditer(text):
        word = found.group()
        if WIDE.search(word):
            latin = latin_for(word)
            if latin != word:
                edits.append(Edit(found.start(), found.end(), latin))
    return edits


def unify_apostrophes(text: str) -> str:
    """Write ``'`` for every apostrophe; no length changes."""
    return _APOSTROPHE.sub("'", text)


def unify_spaces(text: str) -> str:
    """Write a plain space for every space, tab and no-break space; no length changes."""
    return ODD_SPACE.sub(" ", text)


def has_blanks(text: str) -> bool:
    """Say whether a text of plain spaces has any too many."""
    return (
        "  " in text
        or "\n " in text
        or " \n" in text
        or "\n\n\n" in text
        or text[:1] in _EDGES
        or text[-1:] in _EDGES
    )


def collapse_blanks(text: str) -> list[Edit]:
    """Leave one space between words, two line ends between paragraphs, none at the edges."""
    edits: list[Edit] = []
    for found in _BLANKS.finditer(text):
        if found.start() == 0 or found.end() == len(text):
            kept = ""
        else:
            kept = "\n" * min(found.group().count("\n"), 2) or " "
        if kept != found.group():
            edits.append(Edit(found.start(), found.end(), kept))
    return edits
