"""Filters and orders as SQL.

All of it can be answered from the index ``comment_work`` alone: a row with its text and scores is
some kilobytes, and a queue of 200,000 must not be read through for a page of twenty.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, tuple_

from data.errors import StoreError
from data.store.columns import moment
from data.store.filters import Order, QueueFilter, check_label, check_order
from data.store.tables import comment
from data.taxonomy import ACTIONS

_PUBLISH: Final = len(ACTIONS) - 1
_HALF: Final = 0.5
_KEYS: Final[dict[str, ColumnElement[Any]]] = {
    "risk": comment.c.risk_order,
    "uncertainty": comment.c.distance,
    "age": comment.c.dated_at,
}


def score_column(label: str) -> ColumnElement[float]:
    """Column of a label's probability; InputError when there is none."""
    check_label(label)
    return comment.c["incivility" if label == "p_uncivil" else label]


def order_key(order: Order) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Columns to order by, ascending; InputError for an unknown order."""
    check_order(order)
    return _KEYS[order], comment.c.seq


def after_key(order: Order, row: Any) -> ColumnElement[bool]:
    """Past a row that has ``risk_order``, ``distance``, ``dated_at`` and ``seq``."""
    first, last = order_key(order)
    return tuple_(first, last) > tuple_(row[first.key], row["seq"])


def conditions(given: QueueFilter, *, with_status: bool = True) -> ColumnElement[bool]:
    """Everything that a filter asks for; ``with_status`` off leaves its status out."""
    found = list(_conditions(given))
    if with_status:
        found.insert(0, comment.c.status == given.status)
    return and_(True, *found)


def _conditions(given: QueueFilter) -> Iterator[ColumnElement[bool]]:
    for name in ("site", "section", "thread_id", "stance"):
        if (value := getattr(given, name)) is not None:
            yield comment.c[name] == value
    if given.since is not None:
        yield comment.c.dated_at >= _bound(given.since)
    if given.until is not None:
        if _is_day(given.until):
            yield comment.c.dated_at < _bound(given.until, days=1)
        else:
            yield comment.c.dated_at <= _bound(given.until)
    if given.severity is not None:
        yield comment.c.severity >= given.severity
    if given.subtype is not None:
        yield comment.c[given.subtype] >= _HALF
    if given.low is not None or given.high is not None:
        yield in_range(given.label, given.low, given.high)
    if given.flagged_only:
        # a sum is in no index: the plain column would lead SQLite to one that lacks the rest
        yield comment.c.action_rank + 0 < _PUBLISH


def in_range(label: str, low: float | None, high: float | None) -> ColumnElement[bool]:
    """A label's probability within ``low`` and ``high``, both included; unscored comments never."""
    column = score_column(label)
    return and_(column >= (0.0 if low is None else low), column <= (1.0 if high is None else high))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _bound(text: str, *, days: int = 0) -> str:
    found = moment(text, days=days)
    if found is None:
        raise StoreError("a date of the filter cannot be used", fix="give another date")
    return found
