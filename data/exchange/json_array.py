"""A JSON array, written object by object, aside, and renamed when whole."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from data.formats import dumps, writing


class ArrayWriter:
    """Writes the objects of an open array."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._between = stream, b"[\n"

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            self._stream.write(self._between + dumps(row).encode())
            self._between = b",\n"

    def close(self) -> None:
        self._stream.write(b"\n]\n" if self._between == b",\n" else b"[]\n")


@contextmanager
def open_array(path: Path) -> Iterator[ArrayWriter]:
    """Write to ``path``, which changes only when the block ends well.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with writing(path):
        try:
            with aside.open("wb") as stream:
                writer = ArrayWriter(stream)
                yield writer
                writer.close()
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(path)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
