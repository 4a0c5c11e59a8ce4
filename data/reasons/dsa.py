"""Statements of reasons as the Commission's transparency database takes them.

The shape and its limits are those of ``POST /api/v1/statement`` of the DSA Transparency Database;
nothing is sent from here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from data.reasons.codes import REASONS
from data.reasons.drafting import MAX_URL, ORIGINS, RULES_URL, Decided, Origin, web_address
from data.reasons.personal import MAX_STATEMENT

Payload = dict[str, Any]

COUNTRIES: Final = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS"),
    *("IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)
"""Countries of the European Economic Area: a comment withdrawn is withdrawn everywhere."""

_SOURCES: Final[Mapping[Origin, str]] = {
    "voluntary": "SOURCE_VOLUNTARY",
    "article_16": "SOURCE_ARTICLE_16",
    "trusted_flagger": "SOURCE_TRUSTED_FLAGGER",
    "other_notice": "SOURCE_TYPE_OTHER_NOTIFICATION",
}
_DECISIONS: Final[Mapping[Decided, str]] = {
    "human": "AUTOMATED_DECISION_NOT_AUTOMATED",
    "batch": "AUTOMATED_DECISION_PARTIALLY",
    "rule": "AUTOMATED_DECISION_FULLY",
}
_ILLEGAL: Final = "DECISION_GROUND_ILLEGAL_CONTENT"
_INCOMPATIBLE: Final = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
_VISIBILITIES: Final = frozenset(
    "DECISION_VISIBILITY_" + name
    for name in (
        *("CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED"),
        *("CONTENT_INTERACTION_RESTRICTED", "CONTENT_LABELLED", "OTHER"),
    )
)
_CATEGORIES: Final = frozenset(
    "STATEMENT_CATEGORY_" + name
    for name in (
        *("ANIMAL_WELFARE", "CONSUMER_INFORMATION", "CYBER_VIOLENCE", "CYBER_VIOLENCE_AGAINST_WOMEN"),
        *("DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", "ILLEGAL_OR_HARMFUL_SPEECH", "SELF_HARM", "VIOLENCE"),
        *("INTELLECTUAL_PROPERTY_INFRINGEMENTS", "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS"),
        *("NOT_SPECIFIED_NOTICE", "OTHER_VIOLATION_TC", "PROTECTION_OF_MINORS", "SCAMS_AND_FRAUD"),
        *("RISK_FOR_PUBLIC_SECURITY", "UNSAFE_AND_PROHIBITED_PRODUCTS"),
    )
)
_PUID: Final = re.compile(r"[a-zA-Z0-9_-]{1,500}")
_LIMITS: Final = {
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "decision_ground_reference_url": MAX_URL,
    "category_specification_other": 500,
    "decision_facts": MAX_STATEMENT,
}
_GROUNDS: Final = {
    _ILLEGAL: ("illegal_content_legal_ground", "illegal_content_explanation"),
    _INCOMPATIBLE: ("incompatible_content_ground", "incompatible_content_explanation"),
}
_DATES: Final = ("content_date", "application_date", "end_date_visibility_restriction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A rejection with its statement, as the journal has it."""

    puid: str
    reason: str
    statement: str
    origin: Origin
    detected: bool
    decided: Decided
    content_date: date | None
    application_date: date
    end_date: date | None = None
    """When the comment was approved after all."""


def payload(stated: Stated) -> Payload:
    """Make the record of one statement; `faults` says whether it may be sent."""
    known = REASONS[stated.reason]
    made: Payload = {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_ground": _ILLEGAL if known.illegal else _INCOMPATIBLE,
        "category": known.category,
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_language": "FR",
        "territorial_scope": list(COUNTRIES),
        "application_date": stated.application_date.isoformat(),
        "decision_facts": stated.statement,
        "source_type": _SOURCES[stated.origin],
        "automated_detection": "Yes" if stated.detected else "No",
        "automated_decision": _DECISIONS[stated.decided],
        "puid": stated.puid,
    }
    if known.illegal:
        made["illegal_content_legal_ground"] = known.law
        made["illegal_content_explanation"] = known.why
    else:
        made["incompatible_content_ground"] = f"Règles de participation : {known.label}"
        made["incompatible_content_explanation"] = known.why
        made["incompatible_content_illegal"] = "No"
        if address := web_address(RULES_URL):
            made["decision_ground_reference_url"] = address
    if known.further:
        made["category_addition"] = list(known.further)
    if known.keywords:
        made["category_specification"] = list(known.keywords)
    if known.other:
        made["category_specification_other"] = known.other
    if stated.content_date is not None:
        made["content_date"] = stated.content_date.isoformat()
    if stated.end_date is not None:
        made["end_date_visibility_restriction"] = stated.end_date.isoformat()
    return made


def faults(made: Payload) -> list[str]:
    """Say what the database would refuse in a record, field by field; nothing when it is right.

    >>> faults({"puid": "a b"})[-1]
    'puid: not 1 to 500 letters, digits, hyphens or underscores'
    """
    found = [
        f"{name}: longer than {most}" for name, most in _LIMITS.items() if len(made.get(name, "")) > most
    ]
    found += [f"{name}: missing" for name in _required(made) if not made.get(name)]
    ours = made.get("decision_visibility", [])
    if not set(ours) <= _VISIBILITIES:
        found.append("decision_visibility: no such restriction")
    if made.get("decision_ground") not in _GROUNDS:
        found.append("decision_ground: neither illegal nor incompatible")
    if not {made.get("category"), *made.get("category_addition", ())} <= _CATEGORIES:
        found.append("category: no such category")
    if made.get("source_type") not in _SOURCES.values():
        found.append(f"source_type: none of {', '.join(ORIGINS)}")
    if made.get("automated_detection") not in ("Yes", "No"):
        found.append("automated_detection: neither Yes nor No")
    if made.get("automated_decision") not in _DECISIONS.values():
        found.append("automated_decision: no such value")
    if not set(made.get("territorial_scope", ())) <= set(COUNTRIES):
        found.append("territorial_scope: no such country")
    found += _dates(made)
    if not _PUID.fullmatch(str(made.get("puid", ""))):
        found.append("puid: not 1 to 500 letters, digits, hyphens or underscores")
    return found


def _required(made: Payload) -> tuple[str, ...]:
    always = ("decision_visibility", "content_type", "content_date", "application_date", "decision_facts")
    other = ("category_specification_other",)
    return (
        *always,
        *_GROUNDS.get(made.get("decision_ground", ""), ()),
        *(other if "KEYWORD_OTHER" in made.get("category_specification", ()) else ()),
    )


def _dates(made: Payload) -> list[str]:
    found, days = [], {}
    for name in _DATES:
        try:
            if name in made:
                days[name] = date.fromisoformat(made[name])
        except (TypeError, ValueError):
            found.append(f"{name}: no date as YYYY-MM-DD")
    first, end = days.get("application_date"), days.get("end_date_visibility_restriction")
    if first is not None and first <= date(2020, 1, 1):
        found.append("application_date: before the database takes any")
    if first is not None and end is not None and end < first:
        found.append("end_date_visibility_restriction: before the restriction began")
    return found
