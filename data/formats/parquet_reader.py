"""Parquet: rows batch by batch, column types kept for whoever writes them again."""

import base64
import os
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputError
from data.formats.rows import Rejection, Row
from data.formats.source import format_of, open_bytes, refuse_wide

_BATCH: Final = 100


def parquet_rows(stream: BinaryIO, source: str) -> tuple[list[str], Iterator[Row | Rejection]]:
    """Read the footer and return the columns and a lazy reader of the rows.

    Raises
    ------
    InputError
        When two columns have the same name, or there are too many.
    """
    file = pq.ParquetFile(stream)
    names = list(file.schema_arrow.names)
    refuse_wide(len(names), source)
    if len(set(names)) < len(names):
        raise InputError("two columns have the same name", where=source, fix="rename one of them")
    return names, _rows(file, source)


def read_schema(path: str | os.PathLike[str]) -> pa.Schema | None:
    """Arrow schema of a Parquet file; ``None`` for formats without types."""
    if format_of(path).kind != "parquet":
        return None
    with open_bytes(path) as stream:
        return pq.ParquetFile(stream).schema_arrow


def _rows(file: pq.ParquetFile, source: str) -> Iterator[Row | Rejection]:
    number = 0
    for batch in file.iter_batches(batch_size=_BATCH):
        for item in _cells(batch):
            if isinstance(item, dict):
                yield Row(source, number, number + 1, item)
            else:
                yield Rejection(source, number, number + 1, item[0], "not valid UTF-8", item[1])
            number += 1


def _cells(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | tuple[str, dict[str, Any]]]:
    """Rows of a batch; a column name and raw cells for a row whose strings are not UTF-8."""
    try:
        yield from batch.to_pylist()
        return
    except UnicodeDecodeError:
        pass
    for index in range(batch.num_rows):
        row, bad = {}, ""
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                row[name] = column[index].as_py()
            except UnicodeDecodeError:
                bad = name
                row[name] = {
                    "base64": base64.b64encode(column[index].cast(pa.binary()).as_py()).decode("ascii")
                }
        yield (bad, row) if bad else row
