"""Which comments a moderator wants to see, and in which order; plain values, no database."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, Self, get_args

from data.errors import InputError
from data.store.columns import moment
from data.store.records import STATUSES, Status
from data.taxonomy import STANCES, SUBTYPES

Order = Literal["risk", "uncertainty", "age"]
"""``risk``: holds, reviews, the rest, the least civil first; ``uncertainty``: nearest to one half
first; ``age``: oldest first."""

ORDERS: Final[tuple[Order, ...]] = get_args(Order)

SCORED_LABELS: Final = (
    "incivility",
    "p_impolite",
    "p_uncivil",
    "p_intolerable",
    *SUBTYPES,
    "stance_favor",
    "stance_against",
)
"""Labels whose probability can be filtered on; ``p_uncivil`` is ``incivility``."""

_MAX_LENGTH: Final = 4000
_TOP_SEVERITY: Final = 3


def _known(allowed: tuple[str, ...]) -> tuple[Callable[[Any], bool], str]:
    return (lambda value: value in allowed), ", ".join(allowed)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_LENGTH


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value) and 0 <= value <= 1


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and moment(value) is not None


_TEXT: Final = (_is_text, f"a text of at most {_MAX_LENGTH} characters")
_SHARE: Final = (_is_share, "0 to 1")
_DATE: Final = (_is_date, "an ISO date, as 2026-01-31")
_FITTING: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "site": _TEXT,
    "section": _TEXT,
    "thread_id": _TEXT,
    "since": _DATE,
    "until": _DATE,
    "severity": ((lambda value: type(value) is int and 0 <= value <= _TOP_SEVERITY), "0 to 3"),
    "subtype": _known(SUBTYPES),
    "stance": _known(STANCES),
    "low": _SHARE,
    "high": _SHARE,
    "flagged_only": ((lambda value: type(value) is bool), "true or false"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Conditions on comments, all of which must hold; ``None`` is no condition.

    Parameters
    ----------
    since, until
        ISO dates or date-times, both included, on when the comment was written, else added. Dates
        are days in UTC.
    severity
        At least this severity, 0 to 3.
    subtype
        A subtype whose probability is at least one half.
    label, low, high
        Range of a label's probability, ends included.
    flagged_only
        Only comments whose proposed action is not ``publish``.

    Raises
    ------
    InputError
        For a value that no comment can have.

    >>> QueueFilter(site="lyon", low=0.5).to_dict()
    {'status': 'pending', 'site': 'lyon', 'label': 'incivility', 'low': 0.5}
    >>> QueueFilter.from_dict({"site": "lyon"}) == QueueFilter(site="lyon")
    True
    """

    status: Status = "pending"
    site: str | None = None
    section: str | None = None
    thread_id: str | None = None
    since: str | None = None
    until: str | None = None
    severity: int | None = None
    subtype: str | None = None
    stance: str | None = None
    label: str = "incivility"
    low: float | None = None
    high: float | None = None
    flagged_only: bool = False

    def __post_init__(self) -> None:
        _among("status", self.status, STATUSES)
        _among("label", self.label, SCORED_LABELS)
        for name, (fits, allowed) in _FITTING.items():
            value = getattr(self, name)
            if value is not None and not fits(value):
                raise _unusable(name, allowed)

    def to_dict(self) -> dict[str, Any]:
        """Conditions that are set, with status and label, as plain JSON values."""
        return {
            name: value for name, value in asdict(self).items() if value is not None and value is not False
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Make a filter of what ``to_dict`` gave.

        Raises
        ------
        InputError
            For a condition that this version does not know: to leave it out would widen the filter.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise InputError(f"filter: unknown condition {unknown[0]!r:.40}", fix="save the view again")
        return cls(**given)


def check_order(order: str) -> None:
    """Refuse what is no order; InputError."""
    _among("order", order, ORDERS)


def check_label(label: str) -> None:
    """Refuse what is no scored label; InputError."""
    _among("label", label, SCORED_LABELS)


def _among(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise _unusable(name, ", ".join(allowed))


def _unusable(name: str, allowed: str) -> InputError:
    return InputError(f"filter: {name} cannot be used", fix=f"use {allowed}")
