"""Where rows come from: format by extension, decompression, and errors a user can mend."""

import gzip
import io
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

import pyarrow as pa
import zstandard

from data.errors import InputError

Kind = Literal["csv", "jsonl", "parquet", "json", "xml"]
Compression = Literal["gz", "zst"]

KINDS: Final[dict[str, Kind]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".json": "json",
    ".xml": "xml",
}
WRITTEN: Final[tuple[Kind, ...]] = ("csv", "jsonl", "parquet")
COMPRESSIONS: Final[dict[str, Compression]] = {".gz": "gz", ".zst": "zst"}
STANDARD: Final = "-"
"""Standard input or output, JSON Lines."""

MAX_LINE: Final = 64 * 2**20
"""Longest physical line, and longest CSV cell; anything longer is no dump of comments."""

# One zstd block of 4 bytes may unfold to 128 KiB: small bites keep a hostile file from filling memory.
_BITE: Final = 2048
MAX_WINDOW: Final = 2**27
"""Longest zstd window, in bytes, unless a layout needs more: each open file holds one."""
MAX_UNPACKED: Final = 16 * 2**30
"""Largest Parquet file, in bytes, that is unpacked to the disk to be read."""
MAX_COLUMNS: Final = 10_000
"""Most columns of a table; what has more is no dump of comments."""

_SIGNATURES: Final = {
    b"PK\x03\x04": ("a ZIP archive or a workbook", "unpack it, or export CSV"),
    b"\x1f\x8b": ("gzip", "end its name with .gz"),
    b"\x28\xb5\x2f\xfd": ("zstd", "end its name with .zst"),
    b"PAR1": ("Parquet", "end its name with .parquet"),
}


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is laid out and compressed."""

    kind: Kind
    compression: Compression | None = None


def format_of(path: str | os.PathLike[str]) -> Format:
    """Tell the format from the extension.

    Raises
    ------
    InputError
        For an extension that is not read or written.

    >>> format_of("dump.CSV.gz"), format_of("RC_2026-01.zst").kind
    (Format(kind='csv', compression='gz'), 'jsonl')
    """
    if os.fspath(path) == STANDARD:
        return Format("jsonl")
    name = Path(path)
    compression = COMPRESSIONS.get(name.suffix.lower())
    suffix = (name.with_suffix("") if compression else name).suffix.lower()
    # Archives of JSON Lines are often named by their compression alone.
    kind = "jsonl" if compression and not suffix else KINDS.get(suffix)
    if kind is None:
        known = ", ".join(KINDS)
        raise InputError(
            "not a known extension",
            where=str(path),
            fix=f"use {known}, or one of them followed by .gz or .zst",
        )
    return Format(kind, compression)


def output_format(path: str | os.PathLike[str]) -> Format:
    """Tell the format of a file to be written.

    Raises
    ------
    InputError
        For an extension that is not written.
    """
    form = format_of(path)
    if form.kind not in WRITTEN:
        raise InputError(
            f"{form.kind} is read, not written", where=str(path), fix="write .csv, .tsv, .jsonl or .parquet"
        )
    return form


class _ZstdStream(io.RawIOBase):
    """Decompressed zstd frames; unlike the library's own reader it notices a file cut short."""

    def __init__(self, stream: BinaryIO, window: int) -> None:
        self._stream, self._window = stream, window
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._input = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            self._input = self._input or self._stream.read(_BITE)
            if not self._input:
                if self._frame is not None:
                    raise EOFError("zstd frame ended early")
                return 0
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor(max_window_size=self._window).decompressobj()
            self._ready = memoryview(self._frame.decompress(self._input))
            self._input = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = None
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


@contextmanager
def open_bytes(path: str | os.PathLike[str], *, window: int = MAX_WINDOW) -> Iterator[BinaryIO]:
    """Open the decompressed bytes of a file, or of standard input for ``-``.

    A compressed Parquet file is unpacked to a temporary file, as Parquet is read from its end; beyond
    ``MAX_UNPACKED`` it is refused.

    Raises
    ------
    InputError
        For a missing, empty, unreadable, damaged or cut file, also while it is being read.
    """
    where = "stdin" if os.fspath(path) == STANDARD else str(path)
    form = format_of(path)
    try:
        if where == "stdin":
            yield cast(BinaryIO, _not_empty(sys.stdin.buffer, where))
            return
        with Path(path).open("rb") as file:
            stream = _not_empty(_decompressed(file, form.compression, window), where)
            _refuse_other_format(stream, form.kind, where)
            if form.kind == "parquet" and form.compression:
                with tempfile.TemporaryFile() as unpacked:
                    _unpack(stream, cast(BinaryIO, unpacked), where)
                    yield cast(BinaryIO, unpacked)
            else:
                yield cast(BinaryIO, stream)
    except EOFError as error:
        raise InputError(
            "compressed file is cut short", where=where, fix="copy or download it again"
        ) from error
    except (zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise _damaged(error, where, window) from error
    except pa.ArrowInvalid as error:
        raise InputError(
            "Parquet file is damaged or cut short", where=where, fix="copy or export it again"
        ) from error
    except FileNotFoundError as error:
        raise InputError("no such file", where=where) from error
    except IsADirectoryError as error:
        raise InputError("is a directory", where=where, fix="name the files in it") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or 'damaged'})", where=where) from error


def _unpack(stream: BinaryIO, unpacked: BinaryIO, where: str) -> None:
    while block := stream.read(2**20):
        if unpacked.tell() + len(block) > MAX_UNPACKED:
            raise InputError(
                f"unpacks to more than {MAX_UNPACKED / 2**30:g} GiB",
                where=where,
                fix="unpack it yourself: plain Parquet is read at any size",
            )
        unpacked.write(block)
    unpacked.seek(0)


def refuse_wide(columns: int, where: str) -> None:
    """Refuse a table of more than ``MAX_COLUMNS`` columns; InputError."""
    if columns > MAX_COLUMNS:
        raise InputError(
            f"{columns} columns where {MAX_COLUMNS} are the most",
            where=where,
            fix="export only the columns that you need, one comment a row",
        )


def _damaged(error: Exception, where: str, window: int) -> InputError:
    if "too much memory" in str(error):
        return InputError(
            f"needs a zstd window beyond {window >> 20} MiB",
            where=where,
            fix="use --layout reddit for a Reddit archive; else pack it again without --long",
        )
    return InputError("damaged, or not compressed as its name says", where=where)


def _decompressed(file: BinaryIO, compression: Compression | None, window: int) -> io.BufferedReader:
    if compression == "gz":
        return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=file)), 2**18)
    if compression == "zst":
        return io.BufferedReader(_ZstdStream(file, window), 2**18)
    return cast(io.BufferedReader, file)


def _not_empty(stream: BinaryIO | io.BufferedReader, where: str) -> io.BufferedReader:
    buffered = cast(io.BufferedReader, stream)
    if not buffered.peek(1):
        raise InputError("empty file", where=where)
    return buffered


def _refuse_other_format(stream: io.BufferedReader, kind: Kind, where: str) -> None:
    # read as text, it would end in a message that quotes its bytes as the columns present
    head = stream.peek(4)[:4]
    for signature, (what, fix) in _SIGNATURES.items():
        if head.startswith(signature) and (kind, what) != ("parquet", "Parquet"):
            raise InputError(f"{what}, not {kind} as its name says", where=where, fix=fix)
