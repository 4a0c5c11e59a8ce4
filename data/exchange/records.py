"""The record as a row, and cells that survive a spreadsheet."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from data.formats import Rejection, Row, dumps, plain
from data.record import MAX_TEXT, TEXT_COLUMNS, Comment
from data.taxonomy import LABEL_COLUMNS

COLUMNS: Final = ("id", "text", *TEXT_COLUMNS, *LABEL_COLUMNS)
"""Columns of an export, in order; those of ``extra`` follow."""

MAX_NAME: Final = 1_000
"""Longest id or name of an annotator, in characters."""

_NAMES: Final = (
    "id",
    "thread_id",
    "parent_id",
    "author",
    "labelled_by",
    "labelled_at",
    "source",
    "created_at",
)
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def to_row(comment: Comment) -> dict[str, Any]:
    """Columns of a labelled comment that hold something.

    >>> from data.record import Labels
    >>> to_row(Comment(id="7", text="Bravo", labels=Labels(severity=0), labelled_by="anne"))
    {'id': '7', 'text': 'Bravo', 'labelled_by': 'anne', 'severity': 0}
    """
    return context(comment) | comment.labels.given() | extras(comment)


def context(comment: Comment) -> dict[str, Any]:
    """Columns that hold something, without labels and without those that ride along."""
    own = {"id": comment.id, "text": comment.text} | {name: getattr(comment, name) for name in TEXT_COLUMNS}
    return {name: value for name, value in own.items() if value is not None}


def extras(comment: Comment) -> dict[str, Any]:
    """Columns that ride along, less those that would hide one of the record's own."""
    return {name: value for name, value in comment.extra.items() if name not in COLUMNS}


def rejected(row: Row, column: str | None, reason: str) -> Rejection:
    """Set ``row`` aside, with its cells."""
    return Rejection(row.source, row.number, row.line, column, reason, plain(dict(row.values)))


def unlabelled(row: Row) -> Rejection:
    """Set aside a row that says nothing."""
    return rejected(row, None, f"no label: fill one of {', '.join(LABEL_COLUMNS)}")


def bounded(comment: Comment, row: Row) -> Comment | Rejection:
    """Set a row aside whose cells are larger than any honest export's."""
    for name in _NAMES:
        if len(getattr(comment, name) or "") > MAX_NAME:
            return rejected(row, name, f"longer than {MAX_NAME} characters")
    for name in set(TEXT_COLUMNS) - set(_NAMES):
        if len(getattr(comment, name) or "") > MAX_TEXT:
            return rejected(row, name, f"longer than {MAX_TEXT} characters")
    if comment.extra and len(dumps(dict(comment.extra))) > MAX_TEXT:
        return rejected(row, None, f"the columns that ride along are longer than {MAX_TEXT} characters")
    return comment


def filled(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Cells with something in them: a table has one for every column, also where nothing was."""
    return {name: value for name, value in extra.items() if value not in (None, "")}


def guarded(cell: Any) -> Any:
    """Double an apostrophe that the reader would take for the writer's guard against formulas.

    The CSV writer puts one before ``=`` and its like, so ``'=`` of the comment itself gets two.

    >>> guarded("'=1"), guarded("l'État"), guarded(2)
    ("''=1", "l'État", 2)
    """
    return "'" + cell if isinstance(cell, str) and _GUARDED.match(cell) else cell


def unguarded(comment: Comment) -> Comment:
    """Take off the apostrophes that keep a spreadsheet from running cells.

    >>> unguarded(Comment(id="1", text="'- Bonjour")).text
    '- Bonjour'
    """
    texts = {name: _bare(getattr(comment, name)) for name in ("id", "text", *TEXT_COLUMNS)}
    extra = {_bare(name): _bare(value) for name, value in comment.extra.items()}
    return replace(comment, **texts, extra=extra or comment.extra)


def _bare(cell: Any) -> Any:
    return cell[1:] if isinstance(cell, str) and _GUARDED.match(cell) else cell
