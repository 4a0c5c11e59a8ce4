"""Numbers as a French reader expects them, on every page that courtois writes."""

from typing import Final

THIN: Final = "\N{NARROW NO-BREAK SPACE}"
HARD: Final = "\N{NO-BREAK SPACE}"
NOTHING: Final = "–"
"""What stands where there is no figure."""


def whole(value: float | None) -> str:
    """Write a whole number.

    >>> whole(1234567).replace(THIN, " ")
    '1 234 567'
    """
    return NOTHING if value is None else _french(f"{round(value):,}")


def decimal(value: float | None, places: int = 2) -> str:
    """Write a number with a comma.

    >>> decimal(0.5), decimal(-12.34, 1), decimal(None)
    ('0,50', '−12,3', '–')
    """
    return NOTHING if value is None else _french(f"{value:,.{places}f}")


def signed(value: float | None, places: int = 2) -> str:
    """Write a number that adds or takes away.

    >>> signed(1.25), signed(-0.5)
    ('+1,25', '−0,50')
    """
    return NOTHING if value is None else _french(f"{value:+,.{places}f}")


def percent(share: float | None, places: int = 1) -> str:
    """Write a share as a percentage; more places where it is small.

    >>> percent(0.123).replace(HARD, " "), percent(0.0004).replace(HARD, " ")
    ('12,3 %', '0,04 %')
    """
    if share is None:
        return NOTHING
    return decimal(100 * share, 2 if 0 < share < 0.01 else places) + HARD + "%"


def _french(number: str) -> str:
    return number.translate(_SIGNS)


_SIGNS: Final = str.maketrans({",": THIN, ".": ",", "-": "−"})
