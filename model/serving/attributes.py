"""Attributes by the names that clients ask for: Perspective's and our own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from data.taxonomy import SUBTYPES
from model.judgement import Judgement

UNSUPPORTED: Final = frozenset(
    (
        "SEXUALLY_EXPLICIT", "FLIRTATION", "ATTACK_ON_AUTHOR", "ATTACK_ON_COMMENTER", "INCOHERENT",
        "INFLAMMATORY", "LIKELY_TO_REJECT", "OBSCENE", "SPAM", "UNSUBSTANTIAL", "TOXICITY_FAST",
        "AFFINITY_EXPERIMENTAL", "COMPASSION_EXPERIMENTAL", "CURIOSITY_EXPERIMENTAL",
        "NUANCE_EXPERIMENTAL", "PERSONAL_STORY_EXPERIMENTAL", "REASONING_EXPERIMENTAL",
        "RESPECT_EXPERIMENTAL",
    )
)  # fmt: skip
"""Perspective's attributes that we have no French head for: refused like a language it lacked."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """How one attribute is read off a judgement.

    ``head`` names the log-odds that its spans explain; ``None`` for stance, which has no reasons.
    """

    name: str
    value: Callable[[Judgement], float]
    head: str | None
    needs_target: bool = False


def _subtype(name: str) -> Callable[[Judgement], float]:
    return lambda judgement: judgement.subtypes[name]


def _stance(name: str) -> Callable[[Judgement], float]:
    return lambda judgement: judgement.stance_probabilities[name]


def _axis(judgement: Judgement) -> float:
    """0 against, 1 in favour, 0.5 neither."""
    chances = judgement.stance_probabilities
    return chances["favor"] + chances["none"] / 2


def _all() -> dict[str, Attribute]:
    uncivil = Attribute("INCIVILITY", lambda j: j.p_uncivil, "p_uncivil")
    found = [
        uncivil,
        Attribute("TOXICITY", uncivil.value, uncivil.head),
        Attribute("SEVERE_TOXICITY", lambda j: j.p_intolerable, "p_intolerable"),
        *(Attribute(name.upper(), _subtype(name), name) for name in SUBTYPES),
        Attribute("STANCE", _axis, None, needs_target=True),
        *(
            Attribute(f"STANCE_{name.upper()}", _stance(name), None, needs_target=True)
            for name in ("favor", "against", "none")
        ),
    ]
    return {attribute.name: attribute for attribute in found}


ATTRIBUTES: Final = _all()
"""Attributes by plain name, without version or ``_EXPERIMENTAL``."""

_EXPERIMENTAL: Final = "_EXPERIMENTAL"
_ALIASED: Final = frozenset(
    ("TOXICITY", "SEVERE_TOXICITY", "INSULT", "PROFANITY", "IDENTITY_ATTACK", "THREAT")
)


def find(name: str) -> tuple[Attribute | None, str | None]:
    """Give the attribute that a requested name means, and the bundle version it is pinned to.

    >>> attribute, version = find("TOXICITY@2026.11.22")
    >>> attribute.name, version
    ('TOXICITY', '2026.11.22')
    >>> find("THREAT_EXPERIMENTAL")[0].name, find("SPAM")
    ('THREAT', (None, None))
    """
    plain, at, version = name.partition("@")
    base = plain.removesuffix(_EXPERIMENTAL)
    if base != plain and base not in _ALIASED:
        return None, None
    return ATTRIBUTES.get(base), version if at else None
