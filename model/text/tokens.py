"""Words of a normalised comment, and their stems."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from model.text.vocabulary import listed_stems

LONGEST_WORD: Final = 60
"""Longer "words" are lower-cased but not stemmed: they are no French."""

_TOKEN: Final = re.compile(
    r"""
      [^\W\d_]++(?![\w'*-])                                 # most words: told at once from the rarer ones
    | (?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)   # elided article or pronoun: l' + état
    | \d+(?:[.,:]\d+)+                                      # 1,5  10:30
    | [^\W\d_]+\*+[^\W_]*                                   # a word with letters starred out
    | \w+(?:['-]\w+)*                                       # mot, peut-être, aujourd'hui
    | [!?.…]+                                               # a run of punctuation says more than its parts
    | [^\w\s]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Cut a normalised text into words, masks, and punctuation, with begin and end offsets.

    >>> [word for word, _, _ in tokens("L'état, aujourd'hui, c'est lui !! xxlaugh")]
    ["L'", 'état', ',', "aujourd'hui", ',', "c'", 'est', 'lui', '!!', 'xxlaugh']
    """
    return [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]


@lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    from nltk.stem.snowball import SnowballStemmer  # slow to import, and many callers never stem

    stemmer: Callable[[str], str] = SnowballStemmer("french").stem
    return stemmer


@lru_cache(maxsize=200_000)
def _stem_short(word: str) -> str:
    lowered = word.lower()
    return listed_stems().get(lowered) or snowball(lowered)


def snowball(word: str) -> str:
    """Ask NLTK's French Snowball stemmer (Porter 2001)."""
    return _stemmer()(word)


def stem(word: str) -> str:
    """Give the lower-case French Snowball stem of one word.

    >>> stem("Menteurs"), stem("menteuse")
    ('menteur', 'menteux')
    """
    return _stem_short(word) if len(word) <= LONGEST_WORD else word.lower()
