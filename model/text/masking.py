"""Addresses, handles and hashtags: what is no word, or hides words."""

import re
from typing import Final

from model.text.guess import meant
from model.text.mapped import Edit
from model.text.vocabulary import fold, known_words

URL: Final = "xxurl"
EMAIL: Final = "xxmail"
HANDLE: Final = "xxhandle"

_DOMAINS: Final = "com|org|net|info|fr|eu|be|ch|ca|qc|lu|re|io|co|tv|uk|de|es|it|us|paris|bzh|gouv|news|media"
_URL: Final = re.compile(
    r"""
      (?<!\w)(?:(?:https?|ftp)://|www\.)[^\s<>"«»]*[^\s<>"«».,;:!?)\]'’…]
    | (?<![\w.@-])[a-z0-9][a-z0-9-]{1,62}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:"""
    + _DOMAINS
    + r""")(?![\w-])(?:/[^\s<>"«»]*[^\s<>"«».,;:!?)\]'’…])?
    """,
    re.VERBOSE | re.IGNORECASE,
)
HAS_URL: Final = re.compile(
    rf"[:wW.](?:(?<=:)//|(?<=[wW])[wW]{{2}}\.|(?<=\.)(?:{_DOMAINS}|{_DOMAINS.upper()})(?![\w-]))"
)
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_HANDLE: Final = re.compile(r"(?<![\w@.*$€])@(\w[\w.-]{0,48}\w|\w)(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})?")
_SIGNS: Final = re.compile(r"@[\w@$€!]{2,25}")
_HASHTAG: Final = re.compile(r"(?<![\w&#])#+(?=[^\W\d_])(\w+)")
_HUMP: Final = re.compile(
    r"(?<=[a-zà-öø-ÿœ]{2})(?=[A-ZÀ-ÖØ-ÞŒ])|(?<=[A-ZÀ-ÖØ-ÞŒ]{2})(?=[A-ZÀ-ÖØ-ÞŒ][a-zà-öø-ÿœ])|_+"
)


def mask_urls(text: str) -> list[Edit]:
    """Put :data:`URL` for web addresses, with or without scheme."""
    return [Edit(m.start(), m.end(), f" {URL} ") for m in _URL.finditer(text)]


def mask_emails(text: str) -> list[Edit]:
    """Put :data:`EMAIL` for e-mail addresses."""
    return [Edit(m.start(), m.end(), f" {EMAIL} ") for m in _EMAIL.finditer(text)]


def mask_handles(text: str) -> list[Edit]:
    """Put :data:`HANDLE` for ``@name``, unless ``@`` stands for an ``a`` in a listed word."""
    return [
        Edit(m.start(), m.end(), f" {HANDLE} ")
        for m in _HANDLE.finditer(text)
        if fold(f"a{m.group(1)}") not in known_words() and not _hides_a_word(text, m.start())
    ]


def _hides_a_word(text: str, begin: int) -> bool:
    """Say whether the ``@`` and other signs or digits after it stand for letters of a listed word."""
    run = _SIGNS.match(text, begin)
    signs = run.group() if run else ""
    if not signs or signs[1:].isalpha():
        return False
    bare = signs.rstrip("!")
    lowest = 3 if "@" in signs[1:] else 2  # names have digits, hardly a second at sign
    return any(meant(each, lowest=lowest) for each in (bare, f"{bare}!") if signs.startswith(each))


def open_hashtags(text: str) -> list[Edit]:
    """Drop the ``#`` and part the words: ``#ManuLesBonsTuyaux`` is ``Manu Les Bons Tuyaux``."""
    edits: list[Edit] = []
    for found in _HASHTAG.finditer(text):
        edits.append(Edit(found.start(), found.start(1), ""))
        for hump in _HUMP.finditer(text, found.start(1), found.end()):
            if hump.group():
                edits.append(Edit(hump.start(), hump.end(), " "))
            else:  # nothing to replace: the letter before takes the space along
                edits.append(Edit(hump.start() - 1, hump.start(), f"{text[hump.start() - 1]} "))
    return edits
