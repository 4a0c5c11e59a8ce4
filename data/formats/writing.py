"""Rows into CSV, JSON Lines or Parquet: written aside, renamed when whole."""

import csv
import gzip
import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, cast

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from data.errors import InputError
from data.formats.source import STANDARD, output_format
from data.formats.values import as_text, dumps, plain, spreadsheet_cell

ROW_GROUP: Final = 10_000
"""Rows of a Parquet row group, unless their text is long."""

_GROUP_CHARACTERS: Final = 32 * 2**20

Rows = Iterable[Mapping[str, Any]]


class Writer(Protocol):
    """What `open_writer` yields."""

    def write(self, rows: Rows) -> None: ...


@contextmanager
def open_writer(
    path: str | os.PathLike[str], columns: Sequence[str] | pa.Schema | None = None
) -> Iterator[Writer]:
    """Write rows to ``path`` by its extension; ``-`` is JSON Lines on stdout.

    The file appears under its name only when the block ends well; otherwise nothing is left.
    In CSV, text cells that a spreadsheet would run as a formula start with an apostrophe.

    Parameters
    ----------
    path
        ``.csv``, ``.tsv``, ``.jsonl``, ``.ndjson`` or ``.parquet``, optionally ``.gz`` or ``.zst``.
    columns
        Names, written as text, or an Arrow schema with types. Rows lacking a column get an empty
        cell or ``null``; keys outside ``columns`` are left out. JSON Lines may go without
        ``columns``: rows are then written as they are.

    Raises
    ------
    InputError
        For an unknown extension, a folder that cannot be written or a full disk.
    """
    form = output_format(path)
    if columns is None and form.kind != "jsonl":
        raise TypeError("only JSON Lines can be written without columns")
    schema = columns
    if columns is not None and not isinstance(columns, pa.Schema):
        schema = pa.schema([(name, pa.string()) for name in columns])
    if os.fspath(path) == STANDARD:
        yield _JsonLines(sys.stdout.buffer, schema)
        return
    final = Path(path)
    aside = final.with_name(f".{final.name}.{os.getpid()}.tmp")
    kinds: dict[str, type[_JsonLines | _Csv | _Parquet]]
    kinds = {"csv": _Csv, "jsonl": _JsonLines, "parquet": _Parquet}
    kind = kinds[form.kind]
    if ".tsv" in (suffix.lower() for suffix in final.suffixes[-2:]):
        kind = _Tsv
    with writing(path):
        try:
            with ExitStack() as stack:
                file = stack.enter_context(aside.open("wb"))
                stream = stack.enter_context(_compressed(file, form.compression))
                writer = kind(stream, schema)
                try:
                    yield writer
                    writer.close()
                except BaseException:
                    writer.abort()
                    raise
                if stream is not file:
                    stream.close()
                file.flush()
                os.fsync(file.fileno())
            aside.replace(final)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)


@contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn the machine's refusals to write ``path`` into one line."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        raise InputError(
            f"cannot be written ({reason})", where=str(path), fix="choose another folder or free some space"
        ) from error


@contextmanager
def _compressed(file: BinaryIO, compression: str | None) -> Iterator[BinaryIO]:
    """Open a stream into ``file``; no name or time in the header, so that equal rows give equal bytes."""
    if compression is None:
        yield file
        return
    stream: Any
    if compression == "gz":
        stream = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6)
    else:
        stream = zstandard.ZstdCompressor(write_checksum=True).stream_writer(file, closefd=False)
    try:
        yield cast(BinaryIO, stream)
    finally:
        # Closing flushes: after a full disk that fails again, and the first error is the one to show.
        with suppress(OSError, ValueError):
            stream.close()


class _JsonLines:
    def __init__(self, stream: BinaryIO, schema: pa.Schema | None) -> None:
        self._stream = stream
        self._names = None if schema is None else list(schema.names)

    def write(self, rows: Rows) -> None:
        names = self._names
        for row in rows:
            kept = row if names is None else {name: row.get(name) for name in names}
            self._stream.write(dumps(kept).encode() + b"\n")
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()

    def abort(self) -> None:
        """Nothing is held back."""


class _Csv:
    delimiter = ","

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._names = list(schema.names)
        self._text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        self._csv = csv.writer(self._text, delimiter=self.delimiter)
        self._csv.writerow([spreadsheet_cell(name) for name in self._names])

    def write(self, rows: Rows) -> None:
        for row in rows:
            self._csv.writerow([self._cell(row.get(name)) for name in self._names])

    @staticmethod
    def _cell(value: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return plain(value)
        return spreadsheet_cell(as_text(value))

    def close(self) -> None:
        self._text.flush()
        self._text.detach()

    def abort(self) -> None:
        with suppress(OSError, ValueError):
            self._text.detach()


class _Tsv(_Csv):
    delimiter = "\t"


class _Parquet:
    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows: list[Mapping[str, Any]] = []
        self._characters = 0
        # The sink is wrapped so that Arrow never closes a stream that we still have to flush.
        self._sink = _Counting(stream)
        self._writer = pq.ParquetWriter(pa.PythonFile(self._sink, mode="w"), schema, compression="zstd")

    def write(self, rows: Rows) -> None:
        for row in rows:
            self._rows.append(row)
            self._characters += sum(len(value) for value in row.values() if isinstance(value, str))
            if len(self._rows) == ROW_GROUP or self._characters >= _GROUP_CHARACTERS:
                self._flush()

    def _flush(self) -> None:
        columns = [self._column(field) for field in self._schema]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._rows, self._characters = [], 0

    def _column(self, field: pa.Field) -> pa.Array:
        values = [row.get(field.name) for row in self._rows]
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            values = [as_text(value) for value in values]
        return pa.array(values, type=field.type)

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()

    def abort(self) -> None:
        # Arrow writes its footer when it is closed, at the latest by the garbage collector.
        self._sink.dead = True
        with suppress(OSError):
            self._writer.close()


class _Counting:
    """A sink that knows its offset, as Parquet needs, also into a compressed stream."""

    closed = dead = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._offset = stream, 0

    def write(self, block: bytes) -> int:
        if not self.dead:
            self._stream.write(block)
        self._offset += len(block)
        return len(block)

    def tell(self) -> int:
        return self._offset

    def flush(self) -> None:
        if not self.dead:
            self._stream.flush()

    def close(self) -> None:
        self.flush()
