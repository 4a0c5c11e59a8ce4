"""Layouts of real exports by name: each gives the comment record's columns, and lets the rest ride along."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from data.errors import InputError
from data.formats import layout_coral, layout_disqus, layout_reddit, layout_wordpress
from data.formats.json_reader import json_rows
from data.formats.jsonl_reader import jsonl_rows
from data.formats.repair import marked, original
from data.formats.rows import Rejection, Row
from data.formats.source import Kind
from data.formats.threads import Threads
from data.formats.xml_records import XmlShape, xml_records

Convert = Callable[[Any, Threads], Mapping[str, Any] | None]
"""A record of the export as columns, or ``None`` for one that tells of a thread."""


@dataclass(frozen=True, slots=True)
class _Spec:
    kinds: tuple[Kind, ...]
    convert: Convert
    shape: XmlShape | None = None
    window: int = 2**27


_SPECS: Final[Mapping[str, _Spec]] = {
    "coral": _Spec(("jsonl", "json"), layout_coral.convert),
    "disqus": _Spec(("xml",), layout_disqus.convert, layout_disqus.SHAPE),
    "wordpress": _Spec(("xml",), layout_wordpress.convert, layout_wordpress.SHAPE),
    # The archives are packed with the longest window that zstd knows.
    "reddit": _Spec(("jsonl", "json"), layout_reddit.convert, window=2**31),
}
LAYOUTS: Final = tuple(_SPECS)


@dataclass(slots=True)
class Layout:
    """One reading of the files of an export, in order: threads named in one are known in the next.

    Parameters
    ----------
    name
        One of ``LAYOUTS``.

    Raises
    ------
    InputError
        For another name.
    """

    name: str
    threads: Threads = field(default_factory=Threads)

    def __post_init__(self) -> None:
        if self.name not in _SPECS:
            raise InputError(
                f"no layout {self.name!r:.40}", where="--layout", fix=f"use one of {', '.join(LAYOUTS)}"
            )

    @property
    def window(self) -> int:
        """Longest zstd window that files of this layout may ask for, in bytes."""
        return _SPECS[self.name].window

    def kind(self, kind: Kind, source: str) -> Kind:
        """Check the format of a file against the layout; stdin is whatever the layout needs.

        Raises
        ------
        InputError
            For a format that exports of this layout do not have.
        """
        kinds = _SPECS[self.name].kinds
        if source == "stdin" and kind not in kinds:
            return kinds[0]
        if kind not in kinds:
            raise InputError(
                f"a {self.name} export is {' or '.join(kinds)}, not {kind}",
                where=source,
                fix="leave --layout out, or name the export",
            )
        return kind

    def rows(self, stream: BinaryIO, kind: Kind, source: str) -> Iterator[Row | Rejection]:
        """Stream the comments of one file; numbers count comments and broken rows only.

        Raises
        ------
        InputError
            For a file that holds no comment and no thread of this layout.
        """
        spec, number = _SPECS[self.name], 0
        known = len(self.threads)
        for line, record in _records(stream, kind, source, spec):
            if isinstance(record, Rejection):
                yield Rejection(source, number, line, record.column, record.reason, record.cells)
                number += 1
                continue
            raw = record if isinstance(record, Mapping) else record.fields
            try:
                columns = spec.convert(record, self.threads)
            except InputError as error:
                yield Rejection(source, number, line, "text", error.what, original(dict(raw)))
                number += 1
                continue
            if columns is None:
                continue
            if spec.shape and any(marked(text) for cell in columns.values() for text in _texts(cell)):
                yield Rejection(source, number, line, None, "not valid UTF-8", original(dict(columns)))
            else:
                yield Row(source, number, line, columns)
            number += 1
        if number == 0 and len(self.threads) == known:
            raise InputError(f"no comments of a {self.name} export", where=source, fix="check --layout")


def _texts(cell: Any) -> list[str]:
    """Strings of a column of an XML record."""
    return [text for text in (cell if isinstance(cell, list) else [cell]) if isinstance(text, str)]


def _records(stream: BinaryIO, kind: Kind, source: str, spec: _Spec) -> Iterator[tuple[int, Any]]:
    """Line and record, or line and rejection."""
    if spec.shape is not None:
        for record in xml_records(stream, source, spec.shape):
            yield record.line, record
        return
    reader = json_rows if kind == "json" else jsonl_rows
    for row in reader(stream, source):
        yield row.line, row if isinstance(row, Rejection) else row.values
