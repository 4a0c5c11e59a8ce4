"""Labelled comments into files of any tool."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from data.errors import InputError
from data.exchange import argilla, doccano, label_studio
from data.exchange.consensus import resolved
from data.exchange.json_array import open_array
from data.exchange.reading import COURTOIS
from data.exchange.records import COLUMNS, guarded, to_row
from data.exchange.tools import grouped
from data.formats import STANDARD, format_of, open_writer
from data.record import Comment
from data.taxonomy import LABEL_COLUMNS

Labelled = Callable[[], Iterable[Comment]]

_NUMERIC: Final = frozenset(LABEL_COLUMNS) - {"stance"}
TEMPLATES: Final[Mapping[str, Callable[[], str]]] = {
    label_studio.NAME: label_studio.template,
    argilla.NAME: argilla.template,
    doccano.NAME: doccano.template,
}
"""Project settings that a tool needs to give labels that we read."""


def export_labels(labelled: Labelled, path: str | os.PathLike[str]) -> int:
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


def export_exchange(
    labelled: Labelled, path: str | os.PathLike[str], *, form: str = COURTOIS, keep_all: bool = False
) -> int:
    """Write labelled comments as a tool reads them.

    Comment records and doccano get one row per comment, by consensus, unless ``keep_all``; Label
    Studio and Argilla hold every annotator's word beside the others'.

    Returns
    -------
    int
        Rows, tasks or records written.

    Raises
    ------
    InputError
        If the file cannot be written, or its extension is not one that the tool reads.
    """
    chosen: Labelled = labelled if keep_all else lambda: resolved(labelled())
    if form == COURTOIS:
        return export_labels(chosen, path)
    objects: Iterator[dict[str, Any]]
    if form == doccano.NAME:
        objects = (doccano.write(comment) for comment in chosen())
    elif form == label_studio.NAME:
        objects = (label_studio.write(rows) for rows in grouped(labelled()))
    elif form == argilla.NAME:
        objects = (argilla.write(rows) for rows in grouped(labelled()))
    else:
        raise InputError(
            f"{form} takes no labels", where="--format", fix="export as courtois or to another tool"
        )
    return _write(objects, path, form)


def _write(objects: Iterator[dict[str, Any]], path: str | os.PathLike[str], form: str) -> int:
    name, written = os.fspath(path), 0
    array = name.lower().endswith(".json")
    if not array and name != STANDARD and format_of(path).kind != "jsonl":
        raise InputError(f"{form} reads no such file", where=name, fix="use .json or .jsonl")
    if form == label_studio.NAME and not array and name != STANDARD:
        raise InputError("Label Studio reads one JSON array", where=name, fix="use .json")
    with open_array(Path(path)) if array else open_writer(path, None) as writer:
        for one in objects:
            writer.write([one])
            written += 1
    return written


def _as_it_is(cell: Any) -> Any:
    return cell
