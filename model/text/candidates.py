"""Known words by their shape: those that may be meant by one that is written otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice, product
from typing import Final, NamedTuple

from model.text.vocabulary import abusive_words, common_words, known_words, rude_words

COMMON: Final = (
    "putain", "pute", "con", "connard", "merde", "cons", "conne", "connards", "putes", "salope", "salopes",
    "salaud", "salauds", "encule", "encules", "enculer", "bordel", "fuck", "couille", "couilles", "chier",
    "cul", "bite", "connerie", "conneries", "connasse", "foutre", "nique", "niquer", "batard", "batards",
    "petasse", "branleur", "chiant",
)  # fmt: skip
"""What people mask most."""

_LONGEST: Final = 25
_READINGS: Final = 16  # of one word with ambiguous signs
_WEIGHTS: Final = (1000.0, 100.0, 30.0, 5.0, 1.0)
"""How much likelier than its count a word is to be masked: common, rude, abusive, listed, any other."""


class Word(NamedTuple):
    """A word that may be meant: folded, spelling, rank among the lists, and weight."""

    key: str
    spelling: str
    rank: int
    weight: float


class Part(NamedTuple):
    """A sign held ``run`` times: the letters it may stand for, none for a mask."""

    letters: str
    run: int


@lru_cache(maxsize=1)
def _words() -> Mapping[str, tuple[Word, ...]]:
    """Every known word, the likeliest first: by its runs, and by first letter, last letter and length."""
    counts = common_words()
    spelt = {key: spelling for key, (spelling, _) in counts.items()}
    lists: tuple[Iterable[str], ...] = (COMMON, rude_words(), abusive_words(), known_words(), spelt)
    found: dict[str, Word] = {}
    for rank, (words, weight) in enumerate(zip(lists, _WEIGHTS, strict=True)):
        for key in words:
            if key not in found and 2 < len(key) <= _LONGEST:
                spelling = known_words().get(key) or abusive_words().get(key) or spelt[key]
                found[key] = Word(key, spelling, rank, weight * (1 + counts.get(key, ("", 0))[1]))
    places: dict[str, list[Word]] = {}
    for word in sorted(found.values(), key=lambda word: (-word.weight, word.key)):
        ends = f"{word.key[0]}{len(word.key)}"
        for place in (_once(word.key), ends, f"{ends}{word.key[-1]}"):
            places.setdefault(place, []).append(word)
    return {place: tuple(words) for place, words in places.items()}


def _once(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def in_question(parts: Sequence[Part], *, loose: bool) -> Iterable[Word]:
    """Give the words that may fit, and few that cannot: hostile text has no end of disguises."""
    words = _words()
    if all(part.letters for part in parts):
        readings = islice(product(*(part.letters for part in parts)), _READINGS)
        return chain.from_iterable(words.get(runs, ()) for runs in {_once("".join(r)): 0 for r in readings})
    most = sum(part.run for part in parts)
    fewest = sum(1 if part.letters else part.run for part in parts)
    lengths = [str(length) for length in range(fewest, min(most, _LONGEST) + 1)]
    places = (f"{x}{n}{y}" for x in parts[0].letters for n in lengths for y in parts[-1].letters or ("",))
    fixed = chain.from_iterable(words.get(place, ()) for place in places)
    return dict.fromkeys(chain(fixed, _commonest())) if loose else fixed


@lru_cache(maxsize=1)
def _commonest() -> tuple[Word, ...]:
    return tuple(word for key in COMMON for word in _words()[_once(key)] if word.key == key)
