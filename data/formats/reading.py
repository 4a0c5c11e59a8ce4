"""Rows and comments out of a dump or export, whatever its format."""

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from typing import Any, Final

from data.errors import InputError
from data.formats.csv_reader import open_csv
from data.formats.encoding import detect_encoding
from data.formats.json_reader import json_rows
from data.formats.jsonl_reader import jsonl_rows
from data.formats.layouts import Layout
from data.formats.parquet_reader import parquet_rows
from data.formats.rows import Rejection, Row
from data.formats.source import MAX_WINDOW, STANDARD, format_of, open_bytes
from data.record import TEXT_COLUMNS, Comment, parse_comment
from data.taxonomy import LABEL_COLUMNS

FIELDS: Final = ("text", "id", *TEXT_COLUMNS, *LABEL_COLUMNS)
"""Fields of a record that a column can be mapped to."""

_PEEK: Final = 1000
_LONGEST_NAME: Final = 40
_COLUMN: Final = re.compile(r"column (\w+): (.*)", re.DOTALL)
NO_MAPPING: Final[Mapping[str, str]] = {}


def parse_mapping(options: Iterable[str]) -> dict[str, str]:
    """Read ``--map`` options into record field -> column of the file.

    Raises
    ------
    InputError
        For an option that is not ``FIELD=COLUMN``, an unknown field, or one given twice.

    >>> parse_mapping(["text=message", "id=n°"])
    {'text': 'message', 'id': 'n°'}
    """
    mapping: dict[str, str] = {}
    for option in options:
        name, equals, column = option.partition("=")
        if not (equals and column):
            raise InputError(f"{option!r:.80} is no mapping", where="--map", fix="write it as text=COLUMN")
        if name not in FIELDS:
            raise InputError(
                f"a record has no {name!r:.40}", where="--map", fix=f"use one of {', '.join(FIELDS)}"
            )
        if name in mapping:
            raise InputError(f"{name} is given twice", where="--map")
        mapping[name] = column
    return mapping


def read_rows(
    path: str | os.PathLike[str],
    *,
    mapping: Mapping[str, str] = NO_MAPPING,
    layout: Layout | None = None,
) -> Iterator[Row | Rejection]:
    """Stream the rows of a CSV, JSON or Parquet file, or JSON Lines from stdin (``-``).

    Rows keep the file's own column names; ``mapping`` (record field -> column) is only checked.
    Rows of an export with a ``layout`` have the record's names.

    Raises
    ------
    InputError
        For a file that cannot be used at all, or columns that it does not have.
    """
    source = "stdin" if os.fspath(path) == STANDARD else str(path)
    kind = format_of(path).kind
    wanted = {"text": "text", **mapping}
    encoding = ""
    opened: AbstractContextManager[tuple[list[str], Iterator[Row | Rejection]]]
    if kind == "csv":
        with open_bytes(path) as stream:
            encoding = detect_encoding(stream)
    window = layout.window if layout else MAX_WINDOW
    kind = layout.kind(kind, source) if layout else kind
    if kind == "xml" and layout is None:
        raise InputError(
            "an XML export needs its layout", where=source, fix="use --layout disqus or wordpress"
        )
    with open_bytes(path, window=window) as stream:
        if layout:
            yield from _checked(layout.rows(stream, kind, source), mapping, source, empty=True)
            return
        if kind in ("jsonl", "json"):
            reader = jsonl_rows if kind == "jsonl" else json_rows
            yield from _checked(reader(stream, source), wanted, source)
            return
        if kind == "csv":
            opened = open_csv(stream, source, encoding)
        else:
            opened = nullcontext(parquet_rows(stream, source))
        with opened as (columns, rows):
            _require(wanted, columns, source)
            yield from rows


def _checked(
    rows: Iterator[Row | Rejection], wanted: Mapping[str, str], source: str, *, empty: bool = False
) -> Iterator[Row | Rejection]:
    """JSON Lines have no header: look ahead until every wanted column has been seen."""
    ahead: list[Row | Rejection] = []
    seen: dict[str, None] = {}
    for row in rows:
        ahead.append(row)
        if isinstance(row, Row):
            seen.update(dict.fromkeys(row.values))
        if seen.keys() >= set(wanted.values()) or len(ahead) >= _PEEK:
            break
    if empty and not seen:
        yield from ahead
        return
    if not ahead:
        raise InputError("empty file", where=source)
    if not seen:
        raise InputError(
            f"no JSON object in the first {len(ahead)} lines",
            where=source,
            fix="write one JSON object a line",
        )
    _require(wanted, list(seen), source)
    yield from chain(ahead, rows)


def _require(wanted: Mapping[str, str], columns: list[str], source: str) -> None:
    for name, column in wanted.items():
        if column not in columns:
            present = ", ".join(map(_heading, columns[:30])) + (", ..." if len(columns) > 30 else "")
            raise InputError(
                f"no column {column!r:.80}; columns present: {present}",
                where=source,
                fix=f"use --map {name}=COLUMN with one of them",
            )


def _heading(column: str) -> str:
    """A column's name; what is too long or too odd for one may be a comment of a table without headings."""
    return column if len(column) <= _LONGEST_NAME and column.isprintable() else "(no name)"


def to_comment(
    row: Row, *, mapping: Mapping[str, str] = NO_MAPPING, labels: bool = True, default_id: str | None = None
) -> Comment | Rejection:
    """Turn a row into a record, or say why it cannot be one.

    With ``labels=False`` label columns are not read (and cannot cause a rejection).
    ``default_id`` is the row number unless given.
    """
    record = {k: v for k, v in row.values.items() if k not in mapping.values()}
    record |= {name: row.values.get(column) for name, column in mapping.items()}
    for name in FIELDS:
        value = record.get(name)
        if value is not None and not isinstance(value, str):
            try:
                record[name] = _cell(value)
            except (TypeError, UnicodeDecodeError):
                return _rejected(row, mapping.get(name, name), "not a string")
    if not labels:
        record = {k: v for k, v in record.items() if k not in LABEL_COLUMNS}
    try:
        return parse_comment(record, default_id=default_id or str(row.number), where=row.where)
    except InputError as error:
        named = _COLUMN.fullmatch(error.what)
        reason = f"{named[2] if named else error.what}{f'; {error.fix}' if error.fix else ''}"
        return _rejected(row, mapping.get(named[1], named[1]) if named else None, reason)


def _cell(value: Any) -> Any:
    """Print a number as a database would: an id column with gaps arrives as 12.0."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (dict, list)):
        raise TypeError
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else value


def _rejected(row: Row, column: str | None, reason: str) -> Rejection:
    return Rejection(row.source, row.number, row.line, column, reason, dict(row.values))


def read_comments(
    path: str | os.PathLike[str], *, mapping: Mapping[str, str] = NO_MAPPING, labels: bool = True
) -> Iterator[Comment | Rejection]:
    """Stream the comments of a dump or labelled export; see `read_rows` and `to_comment`."""
    for row in read_rows(path, mapping=mapping):
        yield row if isinstance(row, Rejection) else to_comment(row, mapping=mapping, labels=labels)
