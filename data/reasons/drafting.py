"""The statement of reasons that goes to the author of a rejected comment, ready to be edited.

It holds what Article 17 of Regulation (EU) 2022/2065 asks for and nothing about anyone: every
sentence is written here, and none is taken from the comment.
"""

import os
from functools import cache
from itertools import product
from typing import Final, Literal

from data.errors import InputError
from data.reasons.codes import REASONS
from data.reasons.kinds import RejectionReason

Origin = Literal["voluntary", "article_16", "trusted_flagger", "other_notice"]
Decided = Literal["human", "batch", "rule"]
"""By a person, by a person for a range that a rule chose, or by a rule alone."""

RULES_URL: Final = "COURTOIS_RULES_URL"
COMPLAINTS_URL: Final = "COURTOIS_COMPLAINTS_URL"
ADDRESSES: Final = (RULES_URL, COMPLAINTS_URL)
"""Variables that must hold a web address or nothing."""

MAX_URL: Final = 500

_MEASURE: Final = (
    "Votre commentaire a été rejeté : les lecteurs ne peuvent pas le voir. Cette mesure porte sur ce seul "
    "commentaire, sans limite de durée ni de territoire ; votre compte n’est pas concerné."
)
ORIGINS: Final[dict[Origin, str]] = {
    "voluntary": "Il a été examiné à l’initiative du service de modération.",
    "article_16": "Il a été examiné à la suite d’une notification de contenu illicite "
    "(article 16 du règlement européen sur les services numériques).",
    "trusted_flagger": "Il a été examiné à la suite d’une notification d’un signaleur de confiance.",
    "other_notice": "Il a été examiné à la suite d’un signalement.",
}
_DETECTED: Final = {
    True: "Un outil automatique d’aide à la modération l’avait désigné à l’attention des modérateurs.",
    False: "Aucun outil automatique ne l’avait désigné à l’attention des modérateurs.",
}
_DECIDED: Final[dict[Decided, str]] = {
    "human": "La décision a été prise par une personne.",
    "batch": "La décision a été prise par une personne, pour un ensemble de commentaires qu’une règle "
    "automatique avait réunis.",
    "rule": "La décision a été prise par une règle automatique, sans qu’une personne ait lu le commentaire.",
}
_LAW: Final = "Le commentaire est tenu pour illicite au regard du texte suivant : {law}."
_RULES: Final = "Le commentaire est contraire aux règles de participation du site{at}."
_REDRESS: Final = (
    "Vous pouvez demander gratuitement, pendant six mois, le réexamen de cette décision{at} : une personne "
    "s’en chargera. Vous pouvez aussi saisir le juge et, dans les cas prévus par la loi, un organe certifié "
    "de règlement extrajudiciaire des litiges."
)


def draft(
    reason: str,
    *,
    detected: bool,
    decided: Decided = "human",
    origin: Origin = "voluntary",
    rules_url: str | None = None,
    complaints_url: str | None = None,
) -> str:
    """Write the statement of reasons of a rejection, in French.

    Parameters
    ----------
    reason
        A code of :data:`data.reasons.REASONS`.
    detected
        Whether the model had picked the comment out.
    rules_url, complaints_url
        Where the site's rules are and where to complain; by default what the environment says.

    Raises
    ------
    InputError
        For an unknown reason or an address that is none.

    >>> print(draft("off_topic", detected=False).splitlines()[1])
    Faits : Le commentaire est sans rapport avec l’article ou avec la discussion. Il a été examiné \
à l’initiative du service de modération.
    """
    known = look_up(reason)
    rules = web_address(RULES_URL) if rules_url is None else rules_url
    complaints = web_address(COMPLAINTS_URL) if complaints_url is None else complaints_url
    ground = _LAW.format(law=known.law) if known.illegal else _RULES.format(at=rules and f" ({rules})")
    return "\n".join(
        (
            f"Mesure : {_MEASURE}",
            f"Faits : {known.why} {ORIGINS[origin]}",
            f"Moyens automatisés : {_DETECTED[detected]} {_DECIDED[decided]}",
            f"Fondement : {ground}",
            f"Recours : {_REDRESS.format(at=complaints and f' à cette adresse : {complaints}')}",
        )
    )


def look_up(code: str) -> RejectionReason:
    """Find the reason of ``code``; InputError that lists the known ones when there is none."""
    try:
        return REASONS[code]
    except KeyError as error:
        raise InputError(
            f"no rejection reason {code!r:.40}", fix=f"use one of {', '.join(REASONS)}"
        ) from error


def web_address(variable: str) -> str:
    """Read a web address from the environment; empty when it is not set."""
    given = os.environ.get(variable, "").strip()
    if given and not (given.startswith(("https://", "http://")) and len(given) <= MAX_URL):
        raise InputError(
            f"{variable} is no web address of at most {MAX_URL} characters",
            fix="start it with https:// or leave it out",
        )
    return given


@cache
def fixed() -> tuple[str, ...]:
    """Statements with every run of words that can be drafted: ours, whoever else wrote them before."""
    # sentences that meet are those of a reason and an origin, or of the other three and a ground
    grounds = [next(code for code, one in REASONS.items() if one.illegal is law) for law in (True, False)]
    person: Decided = "human"
    cases = {*product(REASONS, (True,), (person,), ORIGINS), *product(grounds, _DETECTED, _DECIDED, ORIGINS)}
    return tuple(
        draft(reason, detected=seen, decided=by, origin=origin, rules_url="", complaints_url="")
        for reason, seen, by, origin in cases
    )
