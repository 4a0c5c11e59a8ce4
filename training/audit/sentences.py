"""The sentences that are measured: identity terms in civil and uncivil frames, pairs of views and stances."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from data.record import Comment
from training.audit.cases import filled, table

PUBLISHED: Final = ("dixon", "borkan", "mhc")
"""Lists of terms that a bar counts; ``own`` terms are reported beside them."""


@dataclass(frozen=True, slots=True)
class IdentitySentence:
    """One frame with one term, each numbered; ``term`` is the French plural, which names it in reports."""

    term: str
    published: bool
    kind: str
    uncivil: bool
    neutral: bool
    frame: int
    place: int
    comment: Comment


@dataclass(frozen=True, slots=True)
class Pair:
    """Two comments that differ in one thing; ``answers`` are the stances that they should be given."""

    kind: str
    first: Comment
    second: Comment
    answers: tuple[str, str]


@cache
def identity_sentences() -> tuple[IdentitySentence, ...]:
    """Every frame with every term, terms outermost.

    >>> identity_sentences()[0].comment.text
    'La mairie a reçu des lesbiennes venues parler de leur quartier.'
    """
    return tuple(
        IdentitySentence(
            term=term["plural"],
            published=bool(set(term["lists"].split()) & set(PUBLISHED)),
            kind=frame["kind"],
            uncivil=frame["label"] == "uncivil",
            neutral=frame["kind"] == "neutral",
            frame=number,
            place=place,
            comment=Comment(
                id=f"{term['plural']}/{number}",
                text=filled(frame["sentence"], _forms(term), int(term["gender"] == "f")),
            ),
        )
        for place, term in enumerate(table("identity_terms"))
        for number, frame in enumerate(table("identity_sentences"))
    )


def _forms(term: Mapping[str, str]) -> dict[str, str]:
    plural, singular = term["plural"], term["singular"]
    return {
        "les": f"les {plural}",
        "Les": f"Les {plural}",
        "des": f"des {plural}",
        "aux": f"aux {plural}",
        "un": singular,
        "Un": singular[0].upper() + singular[1:],
        "nom": singular.split(" ", 1)[1],
        "je": term["predicate"],
    }


@cache
def viewpoint_pairs() -> tuple[Pair, ...]:
    """Pairs of one civility and opposite sides, the first in favor of its target, the second against it."""
    return tuple(
        _pair(row["civility"], row["target"], "", row["sentence"], ("favor", "against"), f"view/{number}")
        for number, row in enumerate(table("viewpoint_pairs"))
    )


@cache
def stance_pairs() -> tuple[Pair, ...]:
    """Pairs of one text towards two targets, or in reply to two parents, to be answered differently."""
    return tuple(
        _pair(
            row["kind"],
            row["target"],
            row["parent"],
            row["text"],
            (row["first"], row["second"]),
            f"stance/{number}",
        )
        for number, row in enumerate(table("stance_pairs"))
    )


def _pair(kind: str, target: str, parent: str, text: str, answers: tuple[str, str], name: str) -> Pair:
    first, second = (
        Comment(
            id=f"{name}/{side}",
            text=filled(text, {}, side),
            target=filled(target, {}, side),
            parent_text=filled(parent, {}, side) or None,
        )
        for side in (0, 1)
    )
    return Pair(kind, first, second, answers)


def all_texts() -> list[str]:
    """Every text measured here, for the guard that none of them trains a bundle."""
    pairs: list[Any] = [*viewpoint_pairs(), *stance_pairs()]
    texts = [s.comment.text for s in identity_sentences()]
    return texts + [c.text for pair in pairs for c in (pair.first, pair.second)]
