"""Hours, days and intervals of the migration page, as a French reader expects them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from training.french_numbers import NOTHING, decimal, percent

Figure = Mapping[str, float | None]


def hours(value: float | None) -> str:
    """Write hours; more digits below one.

    >>> hours(7.25), hours(0.25)
    ('7,2', '0,25')
    """
    return decimal(value, 2 if value is not None and value < 1 else 1)


def between(figure: Figure | None, write: Callable[[float | None], str] = percent) -> str:
    """Write a figure and its interval.

    >>> between({"value": 0.5, "low": 0.4, "high": 0.6}).replace("\N{NO-BREAK SPACE}", " ")
    '50,0 % (40,0 % à 60,0 %)'
    """
    if figure is None or figure["value"] is None:
        return NOTHING
    if figure["low"] is None:
        return write(figure["value"])
    return f"{write(figure['value'])} ({write(figure['low'])} à {write(figure['high'])})"


def day(milliseconds: int | None) -> str:
    """Write a date.

    >>> day(0)
    '01/01/1970'
    """
    if milliseconds is None:
        return NOTHING
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%d/%m/%Y")
    except (OverflowError, ValueError, OSError):
        return NOTHING
