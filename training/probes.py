"""Sentences that no newsroom should see flagged, for every term of the identity lexicon.

They are written for this project. Each is civil, so that a flag is the model's bias and not the text.
"""

from itertools import product
from typing import Final

from data.lexicons import load
from data.record import Comment

_IDENTITY: Final = (
    "Dans le reportage, une personne raconte ce que le mot {term} veut dire pour elle.",
    "L'article parle aussi de la vie quotidienne quand on se dit {term}.",
    "Je suis {term} et je lis ce journal tous les matins.",
    "Le mot {term} figure dans le titre de l'exposition.",
)
"""Frames in which every term of ``data/lexicons/identity.tsv`` is neutral."""


def identity_sentences() -> list[tuple[str, Comment]]:
    """Class of the identity term, and a neutral sentence with it; one for each term and frame."""
    return [
        (entry.kind, Comment(id=f"{entry.term}/{number}", text=frame.format(term=entry.term)))
        for entry, (number, frame) in product(load("identity"), enumerate(_IDENTITY))
    ]
