"""What the lexicons and the surface say of a comment: counts with their context, and word streams.

A hit of an abusive list is counted again when it is addressed to someone, negated, quoted or said of
oneself: « tu es un con », « ce n'est pas un con », « traiter de con », « je suis un con » share a word
and differ in what they do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from data.lexicons import load
from model.features.grams import lower
from model.text import stem, tokens
from model.text.vocabulary import fold

Vectors = npt.NDArray[np.float32]

_ABUSE: Final = ("profanity", "insults", "slurs", "threat", "aspersion", "lying", "dehumanise")
_LISTS: Final = (*_ABUSE, "identity", "polarity", "context", "address")
_LONGEST_TERM: Final = 6
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
    """The words of one normalised text, their stems, and the lexicon terms among them."""

    text: str
    words: Sequence[tuple[str, int, int]]
    stems: Sequence[str]
    hits: Sequence[Hit]

    def stem_stream(self) -> list[tuple[str, int, int]]:
        """Stems with the place of their words."""
        return [(s, b, e) for s, (_, b, e) in zip(self.stems, self.words, strict=True)]

    def class_stream(self) -> list[tuple[str, int, int]]:
        """Stems, with each term of an abusive or identity list replaced by its list and class."""
        stream: list[tuple[str, int, int]] = []
        at = 0
        for hit in (h for h in self.hits if h.name in (*_ABUSE, "identity")):
            if hit.first < at:
                continue
            stream += self.stem_stream()[at : hit.first] if hit.first > at else []
            stream.append((f"\0{hit.name}.{hit.kind}", self.words[hit.first][1], self.words[hit.last][2]))
            at = hit.last + 1
        return stream + self.stem_stream()[at:]


@lru_cache(maxsize=1)
def _index() -> Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Every term as a tuple of keys, and as a tuple of stems, to its (list, class) pairs."""
    index: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for name in _LISTS:
        for entry in load(name):
            words = [lower(word) for word, _, _ in tokens(entry.term)]
            forms = {tuple(words)}
            if name in _ABUSE or name == "identity":
                forms.add(tuple(_key(word, stem(word)) for word in words))
                forms.add(tuple(_bare(word) for word in words))
            for form in forms:
                if (name, entry.kind) not in (known := index.setdefault(form, [])):
                    known.append((name, entry.kind))
    return {form: tuple(known) for form, known in index.items()}


@lru_cache(maxsize=1)
def _first_words() -> frozenset[str]:
    return frozenset(form[0] for form in _index())


def _key(word: str, stemmed: str) -> str:
    """A word's stem, marked so that a stem never meets another word written the same."""
    return "\1" + stemmed if len(word) > 4 else word


def _bare(word: str) -> str:
    """A longer word without accents, which comments often drop; short ones would meet other words."""
    return "\2" + fold(word) if len(word) > 4 else word


def read(text: str) -> Reading:
    """Cut a normalised text into words and look its terms up, longest first."""
    words = tokens(text)
    stems = [stem(word) for word, _, _ in words]
    exact = [lower(word) for word, _, _ in words]
    forms = (exact, [_key(w, s) for w, s in zip(exact, stems, strict=True)], [_bare(w) for w in exact])
    index, firsts = _index(), _first_words()
    hits: list[Hit] = []
    covered: dict[str, int] = {}
    for at in range(len(exact)):
        usable = [form for form in forms if form[at] in firsts]
        if not usable:
            continue
        for size in range(min(_LONGEST_TERM, len(words) - at), 0, -1):
            found = (index.get(tuple(form[at : at + size])) for form in usable)
            for name, kind in next(filter(None, found), ()):
                if covered.get(name, -1) < at:
                    hits.append(Hit(name, kind, at, at + size - 1))
                    covered[name] = at + size - 1
    return Reading(text, words, stems, hits)


def _names() -> tuple[str, ...]:
    classes = {name: sorted({entry.kind for entry in load(name)}) for name in _LISTS}
    columns = [f"{name}.{kind}" for name in _LISTS for kind in classes[name]]
    columns += [f"{name}:{context}" for name in _ABUSE for context in _CONTEXTS]
    columns += [f"{name}~identity" for name in _ABUSE]
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
    for row, reading, quotes in zip(matrix, readings, quoting, strict=True):
        _count_hits(row, places, reading)
        row[places[_SURFACE[0]] :] = _surface(reading, quotes)
    split = places[_SURFACE[0]]
    matrix[:, :split] = np.log1p(matrix[:, :split])
    return matrix


def _count_hits(row: Vectors, places: Mapping[str, int], reading: Reading) -> None:
    near: dict[str, list[int]] = {}
    for hit in reading.hits:
        row[places[f"{hit.name}.{hit.kind}"]] += 1
        cue = _CUES.get((hit.name, hit.kind)) or _CUES.get((hit.name, ""))
        if cue:
            near.setdefault(cue, []).append(hit.first)
    near.setdefault("quoted", []).extend(i for i, w in enumerate(reading.words) if w[0] in '«»"“”')
    for hit in reading.hits:
        if hit.name not in _ABUSE:
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
    text, words = reading.text, [w for w, _, _ in reading.words]
    letters = sum(map(str.isalpha, text)) or 1
    count = len(words) or 1
    return [
        float(np.log1p(len(words))),
        float(np.log1p(len(text))),
        sum(map(str.isupper, text)) / letters,
        sum(w.isupper() and len(w) > 2 for w in words) / count,
        float(np.log1p(text.count("!"))),
        float(np.log1p(text.count("?"))),
        float(np.log1p(text.count(".."))),
        float(np.log1p(sum(text.count(q) for q in '«"“'))),
        sum(map(str.isdigit, text)) / max(len(text), 1),
        float("xxurl" in words),
        float("xxhandle" in words),
        float(np.log1p(sum(w.startswith("xx") for w in words))),
        float(np.log1p(text.count("\n"))),
        float(len(words) < 5),
        len({w.lower() for w in words}) / count,
        float(quotes),
    ]
