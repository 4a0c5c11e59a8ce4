"""Figures as a French reader expects them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

THIN: Final = "\N{NARROW NO-BREAK SPACE}"
HARD: Final = "\N{NO-BREAK SPACE}"
NOTHING: Final = "–"

Figure = Mapping[str, float | None]


def whole(value: float | None) -> str:
    """Write a whole number.

    >>> whole(1234567).replace(THIN, " ")
    '1 234 567'
    """
    return NOTHING if value is None else f"{round(value):,}".replace(",", THIN)


def decimal(value: float | None, digits: int = 2) -> str:
    """Write a number with a comma.

    >>> decimal(0.5), decimal(None)
    ('0,50', '–')
    """
    return NOTHING if value is None else f"{value:,.{digits}f}".replace(",", THIN).replace(".", ",")


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share as a percentage; more digits where it is small.

    >>> percent(0.123).replace(HARD, " "), percent(0.0004).replace(HARD, " ")
    ('12,3 %', '0,04 %')
    """
    if share is None:
        return NOTHING
    return decimal(100 * share, 2 if 0 < share < 0.01 else digits) + HARD + "%"


def hours(value: float | None) -> str:
    """Write hours; more digits below one.

    >>> hours(7.25), hours(0.25)
    ('7,2', '0,25')
    """
    return decimal(value, 2 if value is not None and value < 1 else 1)


def between(figure: Figure | None, write: Callable[[float | None], str] = percent) -> str:
    """Write a figure and its interval.

    >>> between({"value": 0.5, "low": 0.4, "high": 0.6}).replace(HARD, " ")
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
