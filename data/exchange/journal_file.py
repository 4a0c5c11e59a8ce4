"""The journal as a file, and its statements of reasons as the Commission's database takes them."""

import os
from collections.abc import Callable, Iterable
from typing import Any, Final

import pyarrow as pa

from data.errors import InputError
from data.exchange.records import guarded
from data.formats import format_of, open_writer
from data.reasons import REASONS, problems
from data.reasons.dsa import Stated, faults, payload
from data.store.journal_records import JournalEntry
from data.store.journal_statements import Unstated

_NUMBERS: Final = ("id", "undoes", "undone_by")
COLUMNS: Final = (
    "id",
    "decided_at",
    "kind",
    "source",
    "moderator",
    "rule",
    "batch",
    "comment_id",
    "article_title",
    "thread_id",
    "reason",
    "reason_label",
    "coral_code",
    "statement",
    "origin",
    "proposed",
    "bundle",
    "previous_status",
    "previous_by",
    "previous_at",
    "undoes",
    "undone_by",
    "erased",
    "labels",
)


def journal_row(entry: JournalEntry) -> dict[str, Any]:
    """Give the columns of one row of the journal; a reason also under its French and Coral names."""
    row = {name: getattr(entry, name) for name in COLUMNS if hasattr(entry, name)}
    known = REASONS.get(entry.reason or "")
    return row | {
        "labels": dict(entry.labels.given()),
        "reason_label": known and known.label,
        "coral_code": known and known.coral,
    }


def export_journal(entries: Iterable[JournalEntry], path: str | os.PathLike[str]) -> int:
    """Write rows of the journal to ``path`` by its extension; ``-`` is JSON Lines on stdout.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    InputError
        If the file cannot be written; the old one is then still whole.
    """
    guard: Callable[[Any], Any] = guarded if format_of(path).kind == "csv" else lambda cell: cell
    types = {name: pa.int64() for name in _NUMBERS} | {"erased": pa.bool_()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    written = 0
    with open_writer(path, schema) as writer:
        for entry in entries:
            writer.write([{name: guard(value) for name, value in journal_row(entry).items()}])
            written += 1
    return written


def export_statements(
    statements: Iterable[Stated | Unstated],
    path: str | os.PathLike[str],
    *,
    left_out: Callable[[str, str], None],
) -> int:
    """Write statements of reasons as JSON Lines, one record of the Commission's database a line.

    Parameters
    ----------
    left_out
        Told which rejection was not written, and why.

    Returns
    -------
    int
        Records written.

    Raises
    ------
    InputError
        If the file is not JSON Lines or cannot be written.
    """
    if format_of(path).kind != "jsonl":
        raise InputError("statements are JSON Lines", where=str(path), fix="name it .jsonl")
    written = 0
    with open_writer(path) as writer:
        for one in statements:
            if isinstance(one, Unstated):
                left_out(f"row {one.decision_id}", one.why)
                continue
            made = payload(one)
            wrong = faults(made)
            wrong += [f"decision_facts: {found.kind}" for found in problems(one.statement)]
            if wrong:
                left_out(one.puid, "; ".join(wrong))
                continue
            writer.write([made])
            written += 1
    return written
