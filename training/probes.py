"""Sentences that no newsroom should see flagged, and pairs of views that must be judged alike.

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

_FRAMES: Final = (
    ("Je suis pour {topic}.", "Je suis contre {topic}."),
    ("Je voterai pour {topic}, texte lu.", "Je voterai contre {topic}, texte lu."),
    ("À mon avis, {topic}, c'est une bonne chose.", "À mon avis, {topic}, c'est une mauvaise chose."),
    ("Il faut défendre {topic}, chiffres à l'appui.", "Il faut refuser {topic}, chiffres à l'appui."),
)  # fmt: skip
_TOPICS: Final = (
    "la réforme des retraites",
    "l'énergie nucléaire",
    "les éoliennes en mer",
    "la vaccination obligatoire",
    "la procréation assistée pour toutes",
    "l'accueil des réfugiés",
    "la semaine de quatre jours",
    "l'impôt sur la fortune",
    "la chasse le dimanche",
    "l'élargissement de l'Union européenne",
    "l'écriture inclusive",
    "la légalisation du cannabis",
)
_CAMPS: Final = (
    ("les élus de gauche", "les élus de droite"),
    ("les écologistes", "les chasseurs"),
    ("les ministres", "les élus de l'opposition"),
    ("les syndicats", "les patrons"),
    ("les partisans du projet", "les adversaires du projet"),
    ("les Israéliens", "les Palestiniens"),
    ("les Russes", "les Ukrainiens"),
    ("les citadins", "les ruraux"),
)
_CAMP_FRAMES: Final = (
    "Sur ce point, je trouve que {camp} ont de bons arguments.",
    "Je comprends mieux la position que défendent {camp} après cet article.",
    "Je ne suis pas d'accord avec ce que proposent {camp}.",
)


def identity_sentences() -> list[tuple[str, Comment]]:
    """Class of the identity term, and a neutral sentence with it; one for each term and frame."""
    return [
        (entry.kind, Comment(id=f"{entry.term}/{number}", text=frame.format(term=entry.term)))
        for entry, (number, frame) in product(load("identity"), enumerate(_IDENTITY))
    ]


def viewpoint_pairs() -> list[tuple[Comment, Comment]]:
    """Two civil sentences that differ in the side taken and in nothing else.

    >>> first, second = viewpoint_pairs()[0]
    >>> first.text, second.text
    ('Je suis pour la réforme des retraites.', 'Je suis contre la réforme des retraites.')
    """
    pairs = [
        (one.format(topic=topic), other.format(topic=topic))
        for topic, (one, other) in product(_TOPICS, _FRAMES)
    ]
    pairs += [
        (frame.format(camp=one), frame.format(camp=other))
        for (one, other), frame in product(_CAMPS, _CAMP_FRAMES)
    ]
    return [
        (Comment(id=f"{number}a", text=one), Comment(id=f"{number}b", text=other))
        for number, (one, other) in enumerate(pairs)
    ]
