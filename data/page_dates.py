"""Dates as French news pages print them, and the year where they leave it out."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan", "février fevrier févr fevr fév fev", "mars", "avril avr", "mai", "juin",
            "juillet juil", "août aout", "septembre sept", "octobre oct", "novembre nov",
            "décembre decembre déc dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAY: Final = rf"(?P<weekday>{'|'.join(_DAYS)})"
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WORDS: Final = (
    rf"(?:{_WEEKDAY}\s+)?(?P<day>\d{{1,2}})(?:er)?\s+(?P<month>{_MONTH})"
    r"\b\.?(?:\s+(?P<year>\d{4})\b)?"
)
_NUMBERS: Final = r"(?P<day2>\d{1,2})[/.](?P<month2>\d{1,2})[/.](?P<year2>\d{4})"
_ISO: Final = r"(?P<year3>\d{4})-(?P<month3>\d{2})-(?P<day3>\d{2})"
_DATE: Final = rf"(?:{_WORDS}|{_NUMBERS}|{_ISO})"
_TIME: Final = r"(?:[\s,T–-]*(?:à\s*)?\d{1,2}\s*[h:]\s*\d{0,2}(?::\d{2})?\s*(?:min)?)?"
_LINE: Final = re.compile(
    r"(?:article\s+)?(?:(?:publié|posté|paru|écrit|rédigé|créé|mis à jour|modifié)e?\s*:?\s*)?"
    rf"(?:date\s*:?\s*)?(?:le\s+|ce\s+)?{_DATE}{_TIME}(?P<rest>\s*(?:[-–—|·•(,].{{0,60}}|par\s.{{1,60}})?)",
    re.IGNORECASE,
)
_NAMED_DAY: Final = re.compile(rf"\b{_WORDS}", re.IGNORECASE)
_OLDEST: Final = 30
"""How many years back a weekday is tried: the calendar comes round in less."""


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed; ``year`` is ``None`` where the page leaves it out."""

    text: str
    day: int
    month: int
    year: int | None
    weekday: int | None


def date_line(line: str) -> PrintedDate | None:
    """Read a line that says when an article was published, or ``None`` for any other line.

    >>> date_line("Le 11 juin à 09h36")
    PrintedDate(text='Le 11 juin à 09h36', day=11, month=6, year=None, weekday=None)
    >>> date_line("Le 11 juin, tout a changé.") is None
    True
    """
    match = _LINE.fullmatch(line.strip())
    if match is None or re.search(r"[.!?…]$|^\s*,\s*\w", match["rest"]):
        return None
    return _printed(match, line.strip())


def resolve_year(printed: PrintedDate, article: str, *, year: int | None, today: date) -> date | None:
    """Complete a printed date.

    Parameters
    ----------
    article
        Text in which a day of the month may be named with its weekday (« ce mardi 10 juin »).
    year
        Year given by the user; one printed in the date itself goes before it.
    today
        No later date is ever inferred.

    Returns
    -------
    date or None
        ``None`` when the year stays unknown or the day does not exist in it.
    """
    if printed.year or year:
        return _day(printed.year or year or 0, printed)
    if printed.weekday is not None:
        return _latest(printed, today)
    for match in _NAMED_DAY.finditer(article):
        named = _printed(match, match[0])
        if named is None or named.weekday is None or named.year is not None:
            continue
        anchor = _latest(named, today)
        if anchor is not None:
            near = (_day(anchor.year + shift, printed) for shift in (-1, 0, 1))
            possible = [day for day in near if day is not None and day <= today]
            return min(possible, key=lambda day: abs(day - anchor), default=None)
    return None


def _printed(match: re.Match[str], text: str) -> PrintedDate | None:
    cells = match.groupdict()
    day = int(cells["day"] or cells.get("day2") or cells.get("day3") or 0)
    month = _MONTHS[cells["month"].lower()] if cells["month"] else int(cells["month2"] or cells["month3"])
    year = cells["year"] or cells.get("year2") or cells.get("year3")
    weekday = _DAYS.index(cells["weekday"].lower()) if cells["weekday"] else None
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return PrintedDate(text=text, day=day, month=month, year=int(year) if year else None, weekday=weekday)


def _latest(printed: PrintedDate, today: date) -> date | None:
    """Return the latest day not after today that falls on the printed weekday."""
    days = (_day(year, printed) for year in range(today.year, today.year - _OLDEST, -1))
    fitting = (day for day in days if day and day <= today and day.weekday() == printed.weekday)
    return next(fitting, None)


def _day(year: int, printed: PrintedDate) -> date | None:
    try:
        return date(year, printed.month, printed.day)
    except ValueError:
        return None
