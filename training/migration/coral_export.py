"""Files of a Coral export as one stream of records, whatever the order in which they are named."""

import os
from collections.abc import Iterator, Sequence

from data.errors import InputError
from data.formats import STANDARD, Rejection, Row, format_of
from data.formats.json_reader import json_rows
from data.formats.jsonl_reader import jsonl_rows
from data.formats.source import open_bytes
from training.migration.coral_record import CoralAct, CoralComment, CoralFlag, parse

Record = CoralComment | CoralAct | CoralFlag


def records(paths: Sequence[str | os.PathLike[str]]) -> Iterator[tuple[Row, Record] | Rejection]:
    """Read JSON Lines or arrays, plain, ``.gz`` or ``.zst``; stories are passed over.

    Raises
    ------
    InputError
        For a file that cannot be used at all: see `data.formats.source.open_bytes`.
    """
    for path in paths:
        kind = format_of(path).kind
        if os.fspath(path) == STANDARD:
            raise InputError("stdin cannot be read twice", where=STANDARD, fix="name files")
        if kind not in ("jsonl", "json"):
            raise InputError(
                f"a Coral export is JSON, not {kind}", where=str(path), fix="export with mongoexport"
            )
        reader = jsonl_rows if kind == "jsonl" else json_rows
        with open_bytes(path) as stream:
            for row in reader(stream, str(path)):
                if isinstance(row, Rejection):
                    yield row
                    continue
                try:
                    record = parse(row.values)
                except (ValueError, InputError) as error:
                    what = error.what if isinstance(error, InputError) else str(error)
                    yield Rejection(row.source, row.number, row.line, None, what, dict(row.values))
                    continue
                if record is not None:
                    yield row, record
