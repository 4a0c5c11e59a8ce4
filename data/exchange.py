"""Labelled comments as files: what the store exports and what annotators send back."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pyarrow as pa

from data.errors import InputError
from data.formats import Rejection, Row, format_of, open_writer, plain, read_rows, to_comment
from data.formats.reading import NO_MAPPING
from data.record import TEXT_COLUMNS, Comment
from data.taxonomy import LABEL_COLUMNS

COLUMNS: Final = ("id", "text", *TEXT_COLUMNS, *LABEL_COLUMNS)
"""Columns of an export, in order; those of ``extra`` follow."""

_NUMERIC: Final = frozenset(LABEL_COLUMNS) - {"stance"}
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def to_row(comment: Comment) -> dict[str, Any]:
    """Columns of a labelled comment that hold something.

    >>> from data.record import Labels
    >>> to_row(Comment(id="7", text="Bravo", labels=Labels(severity=0), labelled_by="anne"))
    {'id': '7', 'text': 'Bravo', 'labelled_by': 'anne', 'severity': 0}
    """
    own = {"id": comment.id, "text": comment.text} | {name: getattr(comment, name) for name in TEXT_COLUMNS}
    held = {name: value for name, value in own.items() if value is not None}
    return held | comment.labels.given() | {k: v for k, v in comment.extra.items() if k not in COLUMNS}


def export_labels(labelled: Callable[[], Iterable[Comment]], path: str | os.PathLike[str]) -> int:
    """Write labelled comments to ``path`` by its extension; ``-`` is JSON Lines on stdout.

    Parameters
    ----------
    labelled
        Gives the comments; asked twice for CSV and Parquet, whose columns come first.

    Returns
    -------
    int
        Rows written, one per comment and annotator.

    Raises
    ------
    InputError
        If the file cannot be written; the old one is then still whole.
    """
    kind, written = format_of(path).kind, 0
    columns: dict[str, None] = dict.fromkeys(COLUMNS)
    if kind != "jsonl":
        for comment in labelled():
            columns.update(dict.fromkeys(comment.extra))
    guard = guarded if kind == "csv" else _as_it_is
    schema = pa.schema([(guard(n), pa.int8() if n in _NUMERIC else pa.string()) for n in columns])
    with open_writer(path, None if kind == "jsonl" else schema) as writer:
        for comment in labelled():
            row = to_row(comment)
            if kind != "jsonl" and not row.keys() <= columns.keys():
                raise InputError("the store got new columns meanwhile", where=str(path), fix="export again")
            writer.write([{guard(name): guard(value) for name, value in row.items()}])
            written += 1
    return written


def read_labelled(
    path: str | os.PathLike[str], *, mapping: Mapping[str, str] = NO_MAPPING
) -> Iterator[Comment | Rejection]:
    """Stream labelled comments; a row without any label is set aside like a damaged one.

    Raises
    ------
    InputError
        For a file that cannot be used at all.
    """
    kind = format_of(path).kind
    for row in read_rows(path, mapping=mapping):
        if isinstance(row, Rejection):
            yield row
            continue
        comment = to_comment(row, mapping=mapping)
        if isinstance(comment, Comment) and not comment.labels:
            comment = _unlabelled(row)
        if isinstance(comment, Comment) and kind != "jsonl":
            # a table has a cell for every column, also for those that the comment never had
            extra = {name: value for name, value in comment.extra.items() if value not in (None, "")}
            comment = replace(comment, extra=extra or {})
            comment = unguarded(comment) if kind == "csv" else comment
        yield comment


def _unlabelled(row: Row) -> Rejection:
    reason = f"no label: fill one of {', '.join(LABEL_COLUMNS)}"
    return Rejection(row.source, row.number, row.line, None, reason, plain(dict(row.values)))


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


def _as_it_is(cell: Any) -> Any:
    return cell
