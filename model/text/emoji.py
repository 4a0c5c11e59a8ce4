"""Emoji, ``:codes:`` and emoticons to one word each, grouped by what they express."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from data.lexicons import CLASSES, load
from model.text.homoglyphs import STYLED
from model.text.mapped import Edit
from model.text.vocabulary import known_words

EMOJI: Final[Mapping[str, str]] = MappingProxyType({kind: f"xx{kind}" for kind in sorted(CLASSES["emoji"])})
"""Class of the emoji list to the word that stands for it in a normalised text."""

_PICTURE: Final = (
    "[\u203c\u2049\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u275a"
    "\u275f-\u2767\u2795-\u2797\u27a1\u27b0\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f0ff\U0001f18e\U0001f191-\U0001f19a\U0001f200-\U0001faff]"
)
_DRESS: Final = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\u20e3]{0,3}"
_UNICODE: Final = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2,}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}{_DRESS}(?:\u200d{_PICTURE}{_DRESS}){{0,6}}"
)
HAS_EMOTICON: Final = re.compile(
    # a letter or digit opens a face only where no word goes on
    r"[:;=xX8^>¯(/oOTu<_-](?<![^\W_][xX8oOTu])(?:['-]{0,2}[)(DdpPO3/|\\^_*:\[\]}{@$<>sS]|(?<=:)(?:[a-zO+]|-[oO])|(?<=o)[/O])"
)
_BLANK: Final = ("", " ", "\n")
_CODE: Final = r":[a-z][a-z0-9_+-]{0,30}:"


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, str]:
    return MappingProxyType({entry.term: entry.kind for entry in load("emoji")})


@lru_cache(maxsize=1)
def _typed() -> re.Pattern[str]:
    """Emoticons and codes; letters and digits must stand free so that ``note:Départ`` stays."""
    typed = sorted((t for t in _classes() if t.isascii() or "_" in t), key=len, reverse=True)
    codes = [re.escape(t) for t in typed if len(t) > 2 and t[0] == t[-1] == ":"]
    faces = []
    for term in typed:
        if len(term) > 2 and term[0] == term[-1] == ":":
            continue
        # the last sign may be held: :))) xDDD ^^^
        held = re.escape(term) + (f"{re.escape(term[-1])}{{0,20}}" if term[-1] in ")(D^" else "")
        if term == "<3":
            held = "(?:<3)+"
        left = "" if term[0] in ":;=^" and not term[-1].isalnum() and "/" not in term else r"(?<![^\W_])"
        if term[0].isalnum() and not term[-1].isalnum():  # x) and o/ end many an ordinary bracket
            left = r"(?<!\S)"
        right = r"(?!\w)" if term[-1].isalnum() else (r"(?![/\w])" if term[-1] in "/\\" else "")
        faces.append(f"{left}{held}{right}")
    known = f"(?<!\\w)(?:{'|'.join(codes)})"
    first = "".join(sorted({re.escape(term[0]) for term in typed}))
    return re.compile(f"(?=[{first}])(?:{known}|(?<![\\w:]){_CODE}(?!\\w)|{'|'.join(faces)})")


def name_emoji(text: str) -> list[Edit]:
    """Put one word, such as ``xxlaugh``, for each emoji."""
    named: list[tuple[int, int, str]] = []
    for found in _UNICODE.finditer(text):
        if not _is_flag(found.group()[0]):
            named.append((*found.span(), EMOJI[_class_of(found.group())]))
        elif found.group().translate(STYLED).lower() not in known_words():  # flags may spell a word
            named += [(at, at + 2, EMOJI["flag"]) for at in range(found.start(), found.end() - 1, 2)]
    return _set_apart(text, named)


def _set_apart(text: str, named: Sequence[tuple[int, int, str]]) -> list[Edit]:
    """Edits that put a space on either side of a word, but where there is one or the text ends."""
    edits: list[Edit] = []
    for begin, end, word in named:
        left = "" if text[begin - 1 : begin] in _BLANK else " "
        if edits and edits[-1].end == begin and edits[-1].text[-1] == " ":
            left = ""
        edits.append(Edit(begin, end, f"{left}{word}{'' if text[end : end + 1] in _BLANK else ' '}"))
    return edits


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _class_of(emoji: str) -> str:
    bare = emoji.replace("\ufe0f", "")
    return _classes().get(bare) or _classes().get(bare[0], "other")


def name_emoticons(text: str) -> list[Edit]:
    """Put one word for each ``:code:`` and typed face; unknown codes are ``xxother``."""
    classes = _classes()
    named: list[tuple[int, int, str]] = []
    for found in _typed().finditer(text):
        face = found.group()
        kind = (
            classes.get(face)
            or classes.get(face.rstrip(face[-1]) + face[-1])
            or classes.get(face[:2], "other")
        )
        named.append((*found.span(), EMOJI[kind]))
    return _set_apart(text, named)
