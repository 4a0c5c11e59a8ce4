"""One pass over an export: every comment's last revision scored, everything else counted."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from data.formats import Rejection, Row
from data.record import Comment
from data.taxonomy import SUBTYPES
from model.batch import Factory, load_scorer, score_chunks
from model.batch_chunks import make_chunks
from model.serving.analyze import MAX_TEXT_BYTES
from training.migration.coral_export import records
from training.migration.coral_record import CoralAct, CoralComment, CoralFlag
from training.migration.table import Table

ATTRIBUTES: Final = {
    "TOXICITY": "incivility",
    "INCIVILITY": "incivility",
    "SEVERE_TOXICITY": "p_intolerable",
    **{name.upper(): name for name in SUBTYPES},
}
"""What may be asked for in Coral's field « Toxicity model », and the scored column that it is."""

_EVERY: Final = 50_000


@dataclass(slots=True)
class Gathered:
    """The table, and how many records of each kind were read."""

    table: Table = field(default_factory=Table)
    comments: int = 0
    set_aside: int = 0


def gather(
    paths: Sequence[str | os.PathLike[str]],
    *,
    bundle: Path | None,
    attribute: str,
    set_aside: Callable[[Rejection], None],
    jobs: int | None = None,
    factory: Factory = load_scorer,
    progress: Callable[[str], None] = lambda _: None,
) -> Gathered:
    """Read and score an export.

    Comments are scored alone, as the service scores what Coral sends: without parent or article.

    Parameters
    ----------
    attribute
        One of ``ATTRIBUTES``.
    set_aside
        Told each record that cannot be used.

    Raises
    ------
    CourtoisError
        For a file or bundle that cannot be used.
    """
    found, column = Gathered(), ATTRIBUTES[attribute]
    chunks = make_chunks(_scorable(paths, found, set_aside))
    scored = 0
    for group in score_chunks(chunks, bundle=bundle, jobs=jobs, factory=factory):
        for each in group:
            for row, columns in zip(each.chunk.rows, each.columns, strict=True):
                found.table.add(row.number, row.values["record"], columns[column])
            before, scored = scored, scored + len(each.columns)
            if before // _EVERY != scored // _EVERY:
                progress(f"{scored:,} comments scored")
    return found


def _scorable(
    paths: Sequence[str | os.PathLike[str]], found: Gathered, set_aside: Callable[[Rejection], None]
) -> Iterator[tuple[Row, Comment] | Rejection]:
    """Comments that the service would score; the others go straight into the table."""
    for item in records(paths):
        if isinstance(item, Rejection):
            found.set_aside += 1
            set_aside(item)
            continue
        row, record = item
        if isinstance(record, CoralAct):
            found.table.add_act(record)
        elif isinstance(record, CoralFlag):
            found.table.add_flag(record)
        else:
            place, found.comments = found.comments, found.comments + 1
            if record.deleted or not sendable(record):
                found.table.add(place, record, math.nan)
                continue
            # The body of the dump is not needed any more; the text counts for the size of a chunk.
            values = {"text": record.text, "record": record}
            yield Row(row.source, place, row.line, values), Comment(id=record.id, text=record.text)


def sendable(record: CoralComment) -> bool:
    """Whether Coral would get a score for it: it sends no empty text, and long ones are refused."""
    size = len(record.text.encode("utf-8", "surrogatepass"))
    return bool(record.text.strip()) and size <= MAX_TEXT_BYTES
