"""Terms of the lexicons by their keys, and what is known of a word wherever it stands."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from data.lexicons import load
from model.features.grams import lower
from model.text import stem, tokens
from model.text.tokens import LONGEST_WORD
from model.text.vocabulary import fold

ABUSE: Final = ("profanity", "insults", "slurs", "threat", "aspersion", "lying", "dehumanise")
LISTS: Final = (*ABUSE, "identity", "polarity", "context", "address")
CLASSED: Final = frozenset((*ABUSE, "identity"))
"""Lists whose terms stand for their class in a reading's class stream."""

_LONGEST_TERM: Final = 6


@lru_cache(maxsize=1)
def term_index() -> Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Every term as a tuple of keys, and as a tuple of stems, to its (list, class) pairs."""
    index: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for name in LISTS:
        for entry in load(name):
            words = [lower(word) for word, _, _ in tokens(entry.term)]
            forms = {tuple(words)}
            if name in ABUSE or name == "identity":
                forms.add(tuple(_key(word, stem(word)) for word in words))
                forms.add(tuple(_bare(word) for word in words))
            for form in forms:
                if (name, entry.kind) not in (known := index.setdefault(form, [])):
                    known.append((name, entry.kind))
    return {form: tuple(known) for form, known in index.items()}


@lru_cache(maxsize=1)
def openings_of_terms() -> Mapping[str, Mapping[str, int]]:
    """First key of each longer term to its second key to the words of the longest that begins so."""
    longest: dict[str, dict[str, int]] = {}
    for form in term_index():
        if len(form) > 1:
            seconds = longest.setdefault(form[0], {})
            seconds[form[1]] = max(seconds.get(form[1], 0), min(len(form), _LONGEST_TERM))
    return longest


def _key(word: str, stemmed: str) -> str:
    """A word's stem, marked so that a stem never meets another word written the same."""
    return "\1" + stemmed if len(word) > 4 else word


def _bare(word: str) -> str:
    """A longer word without accents, which comments often drop; short ones would meet other words."""
    return "\2" + fold(word) if len(word) > 4 else word


class Word(NamedTuple):
    """What is known of a word wherever it stands."""

    stem: str
    forms: tuple[str, str, str]
    """As written, as a stem, without accents: the keys of :func:`term_index`."""
    alone: tuple[tuple[str, str], ...]
    """List and class of the terms that it is."""
    opens: tuple[tuple[int, Mapping[str, int]], ...]
    """Which of the forms begin longer terms, and with which words after it (:func:`openings_of_terms`)."""
    letters: int
    capitals: int
    digits: int
    shouted: bool
    mask: bool
    lowered: str


@lru_cache(maxsize=200_000)
def _word(word: str) -> Word:
    exact, stemmed, index, openings = lower(word), stem(word), term_index(), openings_of_terms()
    forms = (exact, _key(exact, stemmed), _bare(exact))
    return Word(
        stemmed,
        forms,
        next(filter(None, (index.get((form,)) for form in forms)), ()),
        tuple((i, openings[form]) for i, form in enumerate(forms) if form in openings),
        sum(map(str.isalpha, word)),
        sum(map(str.isupper, word)),
        sum(map(str.isdigit, word)),
        word.isupper() and len(word) > 2,
        word.startswith("xx"),
        word.lower(),
    )


def known_word(word: str) -> Word:
    """What is known of a word, remembered unless it is endless: that would fill the memory of the others."""
    return _word(word) if len(word) <= LONGEST_WORD else _word.__wrapped__(word)
