"""What the lexicons and the surface say of a comment: counts with their context, and word streams.

A hit of an abusive list is counted again when it is addressed to someone, negated, quoted or said of
oneself: « tu es un con », « ce n'est pas un con », « traiter de con », « je suis un con » share a word
and differ in what they do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p
from typing import Final

import numpy as np
import numpy.typing as npt

from data.lexicons import load
from model.features.terms import ABUSE, CLASSED, LISTS, Word, known_word, term_index
from model.text import tokens

Vectors = npt.NDArray[np.float32]

_NEAR: Final = 4
"""Words before and after a hit that count as its context."""

_CONTEXTS: Final = ("addressed", "negated", "quoted", "self")


@dataclass(frozen=True, slots=True)
class Hit:
    """A lexicon term found in a text: list, class, and word positions [first, last]."""

    name: str
    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one normalised text, what is known of each, their stems, and the terms among them."""

    text: str
    words: Sequence[tuple[str, int, int]]
    known: Sequence[Word]
    stems: Sequence[str]
    hits: Sequence[Hit]

    def stem_stream(self) -> list[tuple[str, int, int]]:
        """Stems with the place of their words."""
        return [(s, b, e) for s, (_, b, e) in zip(self.stems, self.words, strict=True)]

    def class_stream(self) -> list[tuple[str, int, int]]:
        """Stems, with each term of an abusive or identity list replaced by its list and class."""
        stems = self.stem_stream()
        stream: list[tuple[str, int, int]] = []
        at = 0
        for hit in self._classed():
            stream += stems[at : hit.first]
            stream.append((_class_of(hit), self.words[hit.first][1], self.words[hit.last][2]))
            at = hit.last + 1
        return stream + stems[at:]

    def class_words(self) -> Sequence[str]:
        """The words of :meth:`class_stream` without their places."""
        words: list[str] = []
        at = 0
        for hit in self._classed():
            words += (*self.stems[at : hit.first], _class_of(hit))
            at = hit.last + 1
        return [*words, *self.stems[at:]] if at else self.stems

    def _classed(self) -> list[Hit]:
        """The terms that stand for their class, from the left, none inside another."""
        chosen: list[Hit] = []
        for hit in self.hits:
            if hit.name in CLASSED and (not chosen or hit.first > chosen[-1].last):
                chosen.append(hit)
        return chosen


def _class_of(hit: Hit) -> str:
    return f"\0{hit.name}.{hit.kind}"


def _longer(known: Sequence[Word], at: int) -> list[tuple[int, tuple[tuple[str, str], ...]]]:
    """Terms of two words and more that begin at a word, longest first, with their sizes."""
    found: list[tuple[int, tuple[tuple[str, str], ...]]] = []
    if at + 1 == len(known):
        return found
    after = known[at + 1].forms
    usable = [(i, seconds[after[i]]) for i, seconds in known[at].opens if after[i] in seconds]
    if not usable:
        return found
    index = term_index()
    for size in range(max(longest for _, longest in usable), 1, -1):
        for i, longest in usable:
            if size > longest or at + size > len(known):
                continue
            terms = index.get(tuple([other.forms[i] for other in known[at : at + size]]))
            if terms:
                found.append((size, terms))
                break
    return found


def read(text: str) -> Reading:
    """Cut a normalised text into words and look its terms up, longest first."""
    words = tokens(text)
    known = [known_word(word) for word, _, _ in words]
    hits: list[Hit] = []
    covered: dict[str, int] = {}
    for at, word in enumerate(known):
        found = _longer(known, at) if word.opens else []
        if word.alone:
            found.append((1, word.alone))
        for size, terms in found:
            for name, kind in terms:
                if covered.get(name, -1) < at:
                    hits.append(Hit(name, kind, at, at + size - 1))
                    covered[name] = at + size - 1
    return Reading(text, words, known, [word.stem for word in known], hits)


def _names() -> tuple[str, ...]:
    classes = {name: sorted({entry.kind for entry in load(name)}) for name in LISTS}
    columns = [f"{name}.{kind}" for name in LISTS for kind in classes[name]]
    columns += [f"{name}:{context}" for name in ABUSE for context in _CONTEXTS]
    columns += [f"{name}~identity" for name in ABUSE]
    return (*columns, *_SURFACE)


_SURFACE: Final = (
    "words", "characters", "capitals", "capital_words", "exclamations", "questions", "dots", "quotes",
    "digits", "urls", "handles", "emoji", "newlines", "short", "distinct", "quotes_parent",
)  # fmt: skip


@lru_cache(maxsize=1)
def feature_names() -> tuple[str, ...]:
    """Names of the columns of :func:`lexical_features`, in order."""
    return _names()


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    return {name: i for i, name in enumerate(feature_names())}


def lexical_features(readings: Sequence[Reading], quoting: Sequence[bool]) -> Vectors:
    """Return a float32 matrix of shape (len(readings), len(feature_names())).

    ``quoting`` says of each text whether it quoted lines, which normalisation has set apart.
    """
    places = _places()
    matrix = np.zeros((len(readings), len(places)), np.float32)
    split = places[_SURFACE[0]]
    for row, reading in zip(matrix, readings, strict=True):
        if reading.hits:
            _count_hits(row, places, reading)
    matrix[:, :split] = np.log1p(matrix[:, :split])
    surfaces = [_surface(reading, quotes) for reading, quotes in zip(readings, quoting, strict=True)]
    matrix[:, split:] = np.array(surfaces, np.float32).reshape(len(readings), len(_SURFACE))
    return matrix


def _count_hits(row: Vectors, places: Mapping[str, int], reading: Reading) -> None:
    for hit in reading.hits:
        row[places[f"{hit.name}.{hit.kind}"]] += 1
    if not any(hit.name in ABUSE for hit in reading.hits):
        return
    near: dict[str, list[int]] = {}
    for hit in reading.hits:
        cue = _CUES.get((hit.name, hit.kind)) or _CUES.get((hit.name, ""))
        if cue:
            near.setdefault(cue, []).append(hit.first)
    near.setdefault("quoted", []).extend(i for i, w in enumerate(reading.words) if w[0] in '«»"“”')
    for hit in reading.hits:
        if hit.name not in ABUSE:
            continue
        for context in _CONTEXTS:
            before = _NEAR if context == "addressed" else 1
            if any(hit.first - _NEAR <= at <= hit.last + before for at in near.get(context, ())):
                row[places[f"{hit.name}:{context}"]] += 1
        if any(hit.first - _NEAR <= at <= hit.last + _NEAR for at in near.get("identity", ())):
            row[places[f"{hit.name}~identity"]] += 1


_CUES: Final = {
    ("context", "negation"): "negated",
    ("context", "quotation"): "quoted",
    ("context", "self_reference"): "self",
    ("address", ""): "addressed",
    ("identity", ""): "identity",
}


def _surface(reading: Reading, quotes: bool) -> list[float]:
    text, words, known = reading.text, [w for w, _, _ in reading.words], reading.known
    count = len(words) or 1
    # Every character but blanks is in a word, so that theirs add up to the text's.
    letters = sum([word.letters for word in known]) or 1
    return [
        log1p(len(words)),
        log1p(len(text)),
        sum([word.capitals for word in known]) / letters,
        sum([word.shouted for word in known]) / count,
        log1p(text.count("!")),
        log1p(text.count("?")),
        log1p(text.count("..")),
        log1p(text.count("«") + text.count('"') + text.count("“")),
        sum([word.digits for word in known]) / max(len(text), 1),
        float("xxurl" in words),
        float("xxhandle" in words),
        log1p(sum([word.mask for word in known])),
        log1p(text.count("\n")),
        float(len(words) < 5),
        len({word.lowered for word in known}) / count,
        float(quotes),
    ]
