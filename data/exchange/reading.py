"""Labelled comments from files of any tool, one row at a time."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from data.errors import InputError
from data.exchange import argilla, coral, doccano, label_studio
from data.exchange.records import bounded, filled, unguarded, unlabelled
from data.exchange.tools import LeftOut, Read, Users
from data.formats import STANDARD, Rejection, Row, format_of, read_rows, to_comment
from data.formats.json_reader import json_rows
from data.formats.jsonl_reader import jsonl_rows
from data.formats.source import open_bytes
from data.record import Comment

COURTOIS: Final = "courtois"
_READERS: Final[Mapping[str, Callable[[Row, Users], Iterator[Read]]]] = {
    label_studio.NAME: label_studio.read,
    argilla.NAME: argilla.read,
    doccano.NAME: doccano.read,
    coral.NAME: coral.read,
}
_MATCHES: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    label_studio.NAME: label_studio.matches,
    argilla.NAME: argilla.matches,
    doccano.NAME: doccano.matches,
    coral.NAME: coral.matches,
}
FORMATS: Final = (COURTOIS, *_READERS)

_JSON: Final = ("jsonl", "json")
_AHEAD: Final = 1000
_NOTHING: Final[Mapping[str, str]] = {}
_TEXT: Final = {coral.NAME: "body"}


def read_labelled(
    path: str | os.PathLike[str], *, mapping: Mapping[str, str] = _NOTHING
) -> Iterator[Comment | Rejection]:
    """Stream labelled comment records; a row without any label is set aside like a damaged one.

    Raises
    ------
    InputError
        For a file that cannot be used at all.
    """
    kind = format_of(path).kind
    for row in _json(path) if kind == "json" else read_rows(path, mapping=mapping):
        yield row if isinstance(row, Rejection) else _record(row, kind, mapping)


def read_exchange(
    path: str | os.PathLike[str],
    *,
    form: str | None = None,
    mapping: Mapping[str, str] = _NOTHING,
    users: Users = _NOTHING,
) -> Iterator[Read]:
    """Stream the labels of a file as `FORMATS` name it; JSON files say themselves what they are.

    Parameters
    ----------
    form
        ``None`` to recognise it; tables and standard input are then comment records.
    mapping
        Record field -> column, for comment records.
    users
        Annotator's id in the tool -> name.

    Raises
    ------
    InputError
        For a file that cannot be used at all, or one that could be of two tools.
    """
    if not _is_json(path):
        if form in (None, COURTOIS):
            yield from read_labelled(path, mapping=mapping)
            return
        wanted = {"text": mapping.get("text", _TEXT.get(str(form), "text"))}
        for row in read_rows(path, mapping=wanted):
            yield from [row] if isinstance(row, Rejection) else _READERS[str(form)](_whole(row), users)
        return
    found = form or (COURTOIS if os.fspath(path) == STANDARD else detect(path))
    if found == COURTOIS:
        yield from read_labelled(path, mapping=mapping)
        return
    for row in _json(path):
        if isinstance(row, Rejection):
            yield row
        else:
            yield from _READERS[found](row, users)


def detect(path: str | os.PathLike[str]) -> str:
    """Recognise the tool that wrote a JSON file by its first objects.

    Raises
    ------
    InputError
        When they could be of two tools.
    """
    rows = (row for row, _ in zip(_json(path), range(_AHEAD), strict=False) if isinstance(row, Row))
    first = next(rows, None)
    found = [name for name, matches in _MATCHES.items() if first is not None and matches(first.values)]
    if len(found) > 1:
        fix = f"say which with --format {found[0]} or --format {found[1]}"
        raise InputError(f"could be of {' or '.join(found)}", where=str(path), fix=fix)
    return found[0] if found else COURTOIS


def _is_json(path: str | os.PathLike[str]) -> bool:
    return format_of(path).kind in _JSON


def _json(path: str | os.PathLike[str]) -> Iterator[Row | Rejection]:
    """Objects of a JSON array or of JSON Lines; a file without any is no export."""
    source = "stdin" if os.fspath(path) == STANDARD else str(path)
    with open_bytes(path) as stream:
        if format_of(path).kind == "jsonl":
            yield from _some(jsonl_rows(stream, source), source)
        else:
            yield from _some(json_rows(stream, source), source)


def _some(rows: Iterator[Row | Rejection], source: str) -> Iterator[Row | Rejection]:
    ahead: list[Row | Rejection] = []
    for row in rows:
        ahead.append(row)
        if isinstance(row, Row) or len(ahead) >= _AHEAD:
            break
    if not ahead or not isinstance(ahead[-1], Row):
        what = "no JSON object" + (f" in the first {len(ahead)} lines" if ahead else "")
        raise InputError(what, where=source, fix="export JSON again, one array or one object a line")
    yield from chain(ahead, rows)


def _record(row: Row, kind: str, mapping: Mapping[str, str]) -> Comment | Rejection:
    comment = to_comment(row, mapping=mapping)
    if isinstance(comment, Rejection):
        return comment
    if not comment.labels:
        return unlabelled(row)
    if kind not in _JSON:
        comment = replace(comment, extra=filled(comment.extra))
        comment = unguarded(comment) if kind == "csv" else comment
    return bounded(comment, row)


def _whole(row: Row) -> Row:
    """Read cells of a table that hold JSON: tools write lists and objects into them."""
    return replace(row, values={name: _cell(value) for name, value in row.values.items()})


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{" and value[-1:] in "]}" and len(value) > 1:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


__all__ = ["FORMATS", "LeftOut", "detect", "read_exchange", "read_labelled"]
