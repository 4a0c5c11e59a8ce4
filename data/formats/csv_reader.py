"""Delimited text: delimiter and encoding found, bad rows set aside one by one."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO, Final

from data.errors import InputError
from data.formats.rows import Rejection, Row, safe_cell
from data.formats.source import MAX_LINE, refuse_wide

DELIMITERS: Final = (",", ";", "\t", "|")
NO_DELIMITER: Final = "\x1f"
"""Stands in for a file of a single column, whose commas are text."""

_SAMPLE: Final = 2**18
_SEP: Final = re.compile(r'"?sep=(.)"?\r?\n?')
_BAD_QUOTES: Final = "a quote that opens a cell is never closed, or a quote inside it is not doubled"

csv.field_size_limit(MAX_LINE)


class _Lines:
    """Physical lines that can be handed back, so that one open quote does not swallow the file."""

    def __init__(self, stream: io.TextIOWrapper, source: str) -> None:
        self._stream, self._source = stream, source
        self._pending: deque[str] = deque()
        self._returned = 0
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._pending.popleft() if self._pending else self._stream.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MAX_LINE:
            raise InputError(
                f"line longer than {MAX_LINE} characters",
                where=f"{self._source}:{self.number}",
                fix="is it a dump?",
            )
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """Return all lines of the current record but its first."""
        again = self.taken[1:]
        self._pending.extendleft(reversed(again))
        self.number -= len(again)
        self._returned += sum(map(len, again))
        if self._returned > 16 * MAX_LINE:
            raise InputError(
                "too many quotes that never close", where=self._source, fix="export the file again"
            )


@contextmanager
def open_csv(
    stream: BinaryIO, source: str, encoding: str
) -> Iterator[tuple[list[str], Iterator[Row | Rejection]]]:
    """Read the header and give the columns and a lazy reader of the rows.

    Raises
    ------
    InputError
        For a file without a header, too many columns, or lines beyond ``MAX_LINE``.
    """
    errors = "strict" if encoding == "utf-16" else "surrogateescape"
    text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
    try:
        columns, delimiter, lines = _header(text, source)
        yield columns, _rows(lines, delimiter, columns, source, encoding)
    finally:
        text.detach()


def _header(text: io.TextIOWrapper, source: str) -> tuple[list[str], str, _Lines]:
    lines = _Lines(text, source)
    try:
        sample: list[str] = []
        for line in islice(lines, 200):
            sample.append(line)
            if sum(map(len, sample)) > _SAMPLE:
                break
        skipped, delimiter = _dialect(sample)
        lines.taken.insert(0, "")
        lines.give_back()
        for _ in range(skipped):
            next(lines)
        first, header = next(((at, cells) for at, cells in _records(lines, delimiter) if cells), (0, None))
    except UnicodeError as error:
        raise InputError("damaged UTF-16 text", where=source, fix="save it as CSV UTF-8") from error
    if not isinstance(header, list):
        raise InputError("no line of column names", where=source)
    refuse_wide(len(header), f"{source}:{first}")
    return _names([str(safe_cell(name)) for name in header], source), delimiter, lines


def _dialect(sample: list[str]) -> tuple[int, str]:
    """Lines to skip and the delimiter: the one that cuts most rows like the header."""
    first = _SEP.fullmatch(sample[0]) if sample else None
    if first:
        return 1, first[1]
    best, best_score = NO_DELIMITER, (0.0, 0)
    for delimiter in DELIMITERS:
        records = [cells for cells in csv.reader(sample, delimiter=delimiter) if cells]
        width = len(records[0]) if records else 0
        if width > 1:
            # The last record of the sample may be cut.
            same = sum(len(cells) == width for cells in records[:-1]) / max(1, len(records) - 1)
            best, best_score = max((best, best_score), (delimiter, (same, width)), key=lambda pair: pair[1])
    return 0, best


def _names(header: list[str], source: str) -> list[str]:
    """Column names, made unique; nameless columns are numbered."""
    if any(len(name) > 200 or "\n" in name for name in header):
        raise InputError(
            "first line holds no column names", where=f"{source}:1", fix="add a line of column names"
        )
    names: dict[str, None] = {}
    copies: Counter[str] = Counter()  # kept, because a header of one name ten thousand times is soon written
    for position, raw in enumerate(header, 1):
        name = stem = raw.strip() or f"column_{position}"
        while name in names:
            copies[stem] += 1
            name = f"{stem}_{copies[stem] + 1}"
        names[name] = None
    return list(names)


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Line number and cells of each record; a broken one is its raw first line instead."""
    while True:
        lines.taken.clear()
        first = lines.number + 1
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error:
            broken = lines.taken[0]
            lines.give_back()
            yield first, broken
            continue
        yield first, cells


def _rows(
    lines: _Lines, delimiter: str, columns: list[str], source: str, encoding: str
) -> Iterator[Row | Rejection]:
    number = 0
    width = len(columns)
    try:
        for line, cells in _records(lines, delimiter):
            if not cells:
                continue
            if isinstance(cells, str):
                yield Rejection(source, number, line, None, _BAD_QUOTES, safe_cell(cells, encoding))
            elif len(cells) != width:
                reason = f"{len(cells)} cells where the header has {width}"
                yield Rejection(source, number, line, None, reason, [safe_cell(c, encoding) for c in cells])
            elif bad := _undecodable(columns, cells):
                reason = "not valid Windows-1252" if encoding == "cp1252" else "not valid UTF-8"
                raw = {name: safe_cell(c, encoding) for name, c in zip(columns, cells, strict=True)}
                yield Rejection(source, number, line, bad, reason, raw)
            else:
                yield Row(source, number, line, dict(zip(columns, cells, strict=True)))
            number += 1
    except UnicodeError as error:
        raise InputError("damaged UTF-16 text", where=f"{source}:{lines.number}") from error


def _undecodable(columns: list[str], cells: list[str]) -> str | None:
    for name, cell in zip(columns, cells, strict=True):
        if not cell.isascii() and not isinstance(safe_cell(cell), str):
            return name
    return None
