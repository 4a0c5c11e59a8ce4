"""Who wrote each comment and when, where a page prints it above the comment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.page_dates import PrintedDate, date_line
from data.page_sections import strip_blank

_AGO: Final = re.compile(
    r"(?:il y a \d+ \w+|(?:hier|aujourd['’]hui)(?:\s+à)?\s*\d{1,2}\s*[h:]\s*\d{0,2}|à l['’]instant)",
    re.IGNORECASE,
)
_MENTION: Final = re.compile(r"@(?P<name>[^\s@,:]{2,60})")
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Byline:
    """What stands above a comment; ``text`` is its date as printed, be it « il y a 3 heures »."""

    author: str | None = None
    date: PrintedDate | None = None
    text: str = ""


def take_bylines(blocks: Sequence[Sequence[str]]) -> list[tuple[Byline, list[str]]]:
    """Separate a name line and a date line from each comment's words.

    Only where most comments of the page begin so: a single one that begins with a date is a
    reader writing a date.
    """
    taken = [_take(block) for block in blocks]
    found = sum(result is not None for result in taken)
    if found < 2 or 2 * found <= sum(bool(block) for block in blocks):
        return [(Byline(), list(block)) for block in blocks]
    return [result or (Byline(), list(block)) for result, block in zip(taken, blocks, strict=True)]


def mentioned(line: str) -> str | None:
    """Return the name that a comment's first line answers to.

    >>> mentioned("@gaston: pas d'accord"), mentioned("écris à moi@chez.example")
    ('gaston', None)
    """
    match = _MENTION.match(line.strip())
    return match["name"] if match else None


def _take(block: Sequence[str]) -> tuple[Byline, list[str]] | None:
    filled = [n for n, line in enumerate(block) if line.strip()]
    for position in (0, 1):
        if position >= len(filled):
            return None
        line = block[filled[position]].strip()
        printed = date_line(line)
        if printed is None and not _AGO.fullmatch(line):
            continue
        name = block[filled[0]].strip() if position else None
        if name is not None and len(name) > _LONGEST_NAME:
            return None
        return Byline(name, printed, line), strip_blank(block[filled[position] + 1 :])
    return None
