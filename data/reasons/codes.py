"""Why a comment may be rejected: the list of reasons, and what each is called elsewhere.

``coral`` is the rejection code of the comment system Coral; ``category``, ``further`` and
``keywords`` are those of the Commission's database of statements of reasons. A reason rests either
on a law (``law``) or on the site's own rules; which one a newsroom relies on is for it to check.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from data.reasons.kinds import RejectionReason

_SPEECH: Final = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
_CYBER: Final = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
_WOMEN: Final = "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN"
_VIOLENCE: Final = "STATEMENT_CATEGORY_VIOLENCE"
_RULES: Final = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
_CIVIC: Final = "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS"
_PRIVACY: Final = "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
_FRAUD: Final = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
_SECURITY: Final = "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY"
_OTHER: Final = ("KEYWORD_OTHER",)
_PRESS: Final = "loi du 29 juillet 1881 sur la liberté de la presse"

_ALL: Final = (
    RejectionReason(
        code="insult",
        label="Insulte ou attaque personnelle",
        why="Le commentaire contient une insulte ou s’en prend à une personne plutôt qu’à ses idées.",
        coral="ABUSIVE",
        category=_SPEECH,
        keywords=_OTHER,
        other="Insulte ou attaque personnelle",
    ),
    RejectionReason(
        code="profanity",
        label="Grossièreté",
        why="Le commentaire est rédigé dans des termes grossiers ou obscènes.",
        coral="OFFENSIVE",
        category=_RULES,
        keywords=_OTHER,
        other="Propos grossiers ou obscènes",
    ),
    RejectionReason(
        code="aspersion",
        label="Dénigrement ou procès d’intention",
        why="Le commentaire dénigre ou accuse de mauvaise foi sans rien apporter à la discussion.",
        coral="ABUSIVE",
        category=_RULES,
        keywords=_OTHER,
        other="Dénigrement ou accusation gratuite",
    ),
    RejectionReason(
        code="harassment",
        label="Harcèlement",
        why="Le commentaire s’acharne sur une personne ou prend part à des attaques répétées contre elle.",
        coral="HARASSMENT_BULLYING",
        category=_CYBER,
        keywords=("KEYWORD_CYBER_HARASSMENT", "KEYWORD_CYBER_BULLYING_INTIMIDATION"),
        law="Article 222-33-2-2 du code pénal (harcèlement)",
    ),
    RejectionReason(
        code="hate_speech",
        label="Propos haineux ou discriminatoires",
        why="Le commentaire injurie un groupe ou une personne en raison de son origine, de sa religion, "
        "de son sexe, de son orientation sexuelle, de son identité de genre ou de son handicap, ou "
        "provoque à la haine, à la violence ou à la discrimination pour l’un de ces motifs.",
        coral="HATE_SPEECH",
        category=_SPEECH,
        keywords=("KEYWORD_HATE_SPEECH", "KEYWORD_DISCRIMINATION"),
        law=f"Articles 24, 32 et 33 de la {_PRESS}",
    ),
    RejectionReason(
        code="sexism",
        label="Propos sexistes",
        why="Le commentaire rabaisse des personnes en raison de leur sexe ou appelle à s’en prendre "
        "à elles pour cette raison.",
        coral="HATE_SPEECH",
        category=_WOMEN,
        further=(_SPEECH,),
        keywords=("KEYWORD_INCITEMENT_AGAINST_WOMEN",),
        law=f"Articles 24, 32 et 33 de la {_PRESS}",
    ),
    RejectionReason(
        code="threat",
        label="Menace",
        why="Le commentaire menace une personne ou un groupe.",
        coral="ILLEGAL_CONTENT",
        category=_VIOLENCE,
        keywords=_OTHER,
        other="Menace",
        law="Articles 222-17 et 222-18 du code pénal (menaces)",
    ),
    RejectionReason(
        code="incitement",
        label="Appel à la violence ou apologie de crimes",
        why="Le commentaire appelle à la violence, ou présente un crime sous un jour favorable.",
        coral="ILLEGAL_CONTENT",
        category=_VIOLENCE,
        further=(_SECURITY,),
        keywords=("KEYWORD_INCITEMENT_VIOLENCE_HATRED",),
        law=f"Article 24 de la {_PRESS} ; article 421-2-5 du code pénal pour les actes de terrorisme",
    ),
    RejectionReason(
        code="defamation",
        label="Diffamation",
        why="Le commentaire attribue à une personne un fait précis qui porte atteinte à son honneur "
        "ou à sa considération.",
        coral="ILLEGAL_CONTENT",
        category=_SPEECH,
        keywords=("KEYWORD_DEFAMATION",),
        law=f"Articles 29 et 32 de la {_PRESS}",
    ),
    RejectionReason(
        code="privacy",
        label="Vie privée, données personnelles d’un tiers",
        why="Le commentaire révèle la vie privée d’une personne ou de quoi l’identifier ou la joindre.",
        coral="ILLEGAL_CONTENT",
        category=_PRIVACY,
        keywords=("KEYWORD_MISSING_PROCESSING_GROUND",),
        law="Article 9 du code civil ; articles 226-1 et 226-22 du code pénal",
    ),
    RejectionReason(
        code="misinformation",
        label="Fausse information",
        why="Le commentaire présente comme vrai un fait que des sources établies démentent.",
        coral="MISINFORMATION",
        category=_CIVIC,
        keywords=("KEYWORD_MISINFORMATION_DISINFORMATION",),
    ),
    RejectionReason(
        code="scam",
        label="Escroquerie, hameçonnage",
        why="Le commentaire cherche à tromper les lecteurs pour obtenir leur argent ou leurs données.",
        coral="ILLEGAL_CONTENT",
        category=_FRAUD,
        keywords=("KEYWORD_PHISHING",),
        law="Article 313-1 du code pénal (escroquerie)",
    ),
    RejectionReason(
        code="spam",
        label="Spam, messages répétés",
        why="Le commentaire répète un message déjà publié ou encombre la discussion.",
        coral="SPAM",
        category=_RULES,
        keywords=_OTHER,
        other="Messages répétés",
    ),
    RejectionReason(
        code="advertising",
        label="Publicité",
        why="Le commentaire fait la promotion d’un produit, d’un service ou d’un autre site.",
        coral="AD",
        category=_RULES,
        keywords=("KEYWORD_HIDDEN_ADVERTISEMENT",),
    ),
    RejectionReason(
        code="banned_word",
        label="Mot interdit par le site",
        why="Le commentaire contient un terme que les règles du site excluent.",
        coral="BANNED_WORD",
        category=_RULES,
        keywords=_OTHER,
        other="Terme exclu par les règles du site",
    ),
    RejectionReason(
        code="off_topic",
        label="Hors sujet",
        why="Le commentaire est sans rapport avec l’article ou avec la discussion.",
        coral="IRRELEVANT_CONTENT",
        category=_RULES,
        keywords=_OTHER,
        other="Hors sujet",
    ),
    RejectionReason(
        code="other",
        label="Autre motif",
        why="Le commentaire enfreint les règles de participation pour une raison précisée par le service "
        "de modération.",
        coral="OTHER",
        category=_RULES,
        keywords=_OTHER,
        other="Autre manquement aux règles de participation",
    ),
)

REASONS: Final[Mapping[str, RejectionReason]] = MappingProxyType({reason.code: reason for reason in _ALL})
"""Reasons by code, in the order in which moderators are offered them."""

_OF_SUBTYPE: Final = {
    "threat": "threat",
    "identity_attack": "hate_speech",
    "insult": "insult",
    "aspersion": "aspersion",
    "lying_accusation": "aspersion",
    "profanity": "profanity",
}


def suggested(scores: Mapping[str, Any]) -> str | None:
    """Code of the reason that the likeliest subtype points to; the gravest first where two tie.

    Parameters
    ----------
    scores
        Scored columns of a comment; a subtype counts from 0.5 up.

    >>> suggested({"insult": 0.9, "threat": 0.6}), suggested({"insult": 0.2}), suggested({})
    ('insult', None, None)
    """
    likely = {name: float(scores.get(name) or 0.0) for name in _OF_SUBTYPE}
    name = max(likely, key=lambda one: likely[one])
    return _OF_SUBTYPE[name] if likely[name] >= 0.5 else None
