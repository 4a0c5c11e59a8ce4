"""Scored comments for the review tests: our own mild sentences, scores made up by rule."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data.record import Comment
from data.taxonomy import SUBTYPES
from model.judgement import Judgement, Reason

TEXTS = (
    "Encore une idée brillante de ce clown, bravo l'artiste.",
    "Je ne partage pas cet avis, mais l'article est bien documenté.",
    "Quelle bande de guignols, ils ne savent rien faire.",
    "Quelqu'un a-t-il la source du chiffre donné au deuxième paragraphe ?",
    "Ce journal est un torchon, tout simplement.",
    "Merci pour la mise au point, c'est plus clair.",
    "Vous mentez comme vous respirez, monsieur.",
    "Le calendrier me semble intenable avant l'été.",
    "C'est nul, nul et archinul.",
    "La mairie de ma ville l'a fait il y a deux ans, sans drame.",
    "Arrêtez de prendre les lecteurs pour des imbéciles.",
    "Pour une fois je suis d'accord avec le ministre.",
    "On marche sur la tête, mais passons.",
    "Bonne nouvelle pour les petites communes.",
)
"""Fourteen comments; the first is the one the made-up model thinks the least civil."""

TITLE = "La ville remplace ses logiciels de bureau"


def scores(incivility: float, text: str) -> Mapping[str, Any]:
    """The contract's scored columns, with one piece of evidence on the first word."""
    end = len(text.split(maxsplit=1)[0]) if text.split() else len(text)
    reasons = [
        {"label": "incivility", "begin": 0, "end": end, "weight": 1.25},
        {"label": "incivility", "begin": 0, "end": len(text), "weight": -0.4},
    ]
    return {
        "incivility": incivility,
        "p_impolite": min(1.0, incivility + 0.03),
        "p_uncivil": incivility,
        "p_intolerable": incivility / 4,
        "severity": 2 if incivility >= 0.5 else 0,
        **dict.fromkeys(SUBTYPES, incivility / 2),
        "stance": "against",
        "stance_favor": 0.2,
        "stance_against": 0.7,
        "stance_none": 0.1,
        "action": "review" if incivility >= 0.5 else "publish",
        "reasons": json.dumps(reasons),
        "bundle": "essai-1",
    }


def scored(texts: tuple[str, ...] = TEXTS) -> Iterator[tuple[Comment, Mapping[str, Any]]]:
    """Comments ``c00``, ``c01``… in the order in which the queue shows them."""
    for number, text in enumerate(texts):
        comment = Comment(
            text=text,
            id=f"c{number:02d}",
            thread_id="fil-1",
            parent_id="c00" if number else None,
            article_title=TITLE,
            target="quitter les logiciels américains",
            author="lectrice",
            created_at=f"2026-11-{number % 28 + 1:02d}T08:00:00+00:00",
        )
        yield comment, scores(0.95 - 0.06 * (number % 15), text)


class RuleScorer:
    """Stands in for the trained model: a comment with a word of ``HARSH`` is uncivil."""

    HARSH = ("clown", "guignols", "torchon", "imbéciles")
    bundle_name = "regle-1"

    def score(self, comment: Comment, *, spans: bool = True) -> Judgement:
        words = [word for word in self.HARSH if word in comment.text]
        p = 0.9 if words else 0.1
        target = comment.stance_target is not None
        reasons = []
        for word in words:
            begin = comment.text.index(word)
            reasons += [
                Reason("incivility", begin, begin + len(word), 2.5),
                Reason("insult", begin, begin + len(word), 1.5),
            ]
        return Judgement(
            p_impolite=min(1.0, p + 0.05),
            p_uncivil=p,
            p_intolerable=p / 5,
            severity=2 if words else 0,
            subtypes=dict.fromkeys(SUBTYPES, p / 2),
            stance="against" if target else None,
            stance_probabilities={"favor": 0.1, "against": 0.8, "none": 0.1} if target else {},
            action="review" if words else "publish",
            bundle=self.bundle_name,
            reasons=tuple(reasons) if spans else None,
        )

    def score_many(self, comments: Sequence[Comment], *, spans: bool = False) -> list[Judgement]:
        return [self.score(comment, spans=spans) for comment in comments]
