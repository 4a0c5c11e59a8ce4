"""Values of the columns that the queue is filtered and ordered by, derived from what came in."""

import hashlib
import math
import numbers
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from data.store.texts import storable
from data.taxonomy import ACTIONS, STANCES, SUBTYPES

UNSCORED: Final = len(ACTIONS)
"""Rank of a comment without a proposed action, behind every other."""

PROBABILITIES: Final = ("p_impolite", "p_intolerable", *SUBTYPES, "stance_favor", "stance_against")
"""Probabilities with a column of their own, beside ``incivility``."""

SCORED: Final = (
    "action_rank",
    "incivility",
    "risk_order",
    "distance",
    "severity",
    "stance",
    *PROBABILITIES,
)
"""Columns that a comment's scores fill."""

_RANKS: Final = {action: rank for rank, action in enumerate(reversed(ACTIONS))}
_FAR: Final = 2.0  # behind every scored comment when ordered by uncertainty
_MAX_PLACE: Final = 200
_SITE: Final = ("site", "site_id")
_SECTION: Final = ("section", "rubrique")
_RUNS: Final = re.compile(r"(.)\1{2,}")


def queue_values(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Read the scores that the queue needs; what is no finite number counts as absent.

    ``risk_order`` ascends from the comment to be seen first; ``distance`` is how far incivility is
    from one half.

    >>> found = queue_values({"incivility": 0.75, "action": "hold", "severity": 2})
    >>> found["action_rank"], found["risk_order"], found["distance"], found["severity"]
    (0, 0.25, 0.25, 2)
    """
    incivility = _number(scores.get("incivility"))
    rank = _RANKS.get(str(scores.get("action")), UNSCORED)
    level, stance = _number(scores.get("severity")), scores.get("stance")
    civil = 1 - (-1.0 if incivility is None else min(1.0, max(-1.0, incivility)))
    return {
        "action_rank": rank,
        "incivility": -1.0 if incivility is None else incivility,
        "risk_order": 2.0 * rank + civil,
        "distance": _FAR if incivility is None else abs(incivility - 0.5),
        "severity": int(level) if level in (0, 1, 2, 3) else None,
        "stance": stance if stance in STANCES else None,
        **{name: _number(scores.get(name)) for name in PROBABILITIES},
    }


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def place_values(extra: Mapping[str, Any]) -> dict[str, str | None]:
    """Site and section of a comment, from the columns that ride along.

    >>> place_values({"Rubrique": " sport ", "site_id": 7})
    {'site': '7', 'section': 'sport'}
    """
    named = {str(name).strip().casefold(): value for name, value in extra.items()}
    return {"site": _first(named, _SITE), "section": _first(named, _SECTION)}


def _first(named: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = named.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return storable(str(value).strip()[:_MAX_PLACE])
    return None


def dated(created_at: str | None, added_at: str) -> str:
    """When a comment was written, in UTC and one format so that it can be ordered, else added.

    >>> dated("2026-01-31T01:30:00+02:00", "")
    '2026-01-30T23:30:00.000+00:00'
    >>> dated("hier", "2026-02-01T00:00:00.000+00:00")
    '2026-02-01T00:00:00.000+00:00'
    """
    return (created_at and moment(created_at)) or added_at


def moment(text: str, *, days: int = 0) -> str | None:
    """An ISO date or date-time in UTC, shifted by ``days``; ``None`` for what is neither."""
    try:
        read = datetime.fromisoformat(text.strip()) + timedelta(days=days)
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware.isoformat(timespec="milliseconds")


def likeness(text: str) -> str:
    """Sameness of two texts whatever their case, accents, punctuation and drawn-out letters.

    >>> likeness("Trop NUUUUL !!!") == likeness("trop nuul.") == likeness("  trop, nuul")
    True
    >>> likeness("\N{CLOWN FACE}") == likeness("\N{PILE OF POO}")
    False
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in folded if c.isalnum())
    kept = _RUNS.sub(r"\1\1", plain) or " ".join(text.split())
    return hashlib.sha256(kept.encode("utf-8", "replace")).hexdigest()[:16]
