"""The comments that flip, read from the export again: the only place besides the report with their text."""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.errors import InputError
from data.formats import Rejection, open_writer
from training.migration.contents import Found
from training.migration.coral_export import records
from training.migration.coral_record import STATUSES, CoralComment
from training.migration.figures import Result
from training.migration.table import digest

COLUMNS: Final = pa.schema(
    [
        ("id", pa.string()), ("story_id", pa.string()), ("created_at", pa.string()), ("flip", pa.string()),
        ("old_score", pa.float64()), ("new_score", pa.float64()), ("change", pa.float64()),
        ("status", pa.string()), ("decision", pa.string()), ("text", pa.string()),
    ]
)  # fmt: skip
"""``flip`` is ``to_publish`` or ``to_hold``."""

DECISIONS: Final = ("", "approved", "rejected", "rule", "other_reason", "earlier_revision")

_LONGEST: Final = 700
"""Characters of an example in the report; the list has the whole text."""


@dataclass(frozen=True, slots=True)
class Example:
    """A comment shown in the report."""

    id: str
    old: float
    new: float
    decision: str
    text: str


def write_flips(
    paths: Sequence[str | os.PathLike[str]],
    found: Found,
    result: Result,
    output: Path,
    *,
    examples: int,
    text: bool,
    seed: int = 0,
) -> dict[str, list[Example]]:
    """Write every comment that flips, in the export's order.

    Parameters
    ----------
    examples
        How many to give back each way, drawn by lot with ``seed``.
    text
        Whether comments' text may be written at all.

    Raises
    ------
    InputError
        When the export is no longer what it was, or the list cannot be written.
    """
    ways = {"to_publish": result.to_publish, "to_hold": result.to_hold}
    way_of = {int(place): way for way, places in ways.items() for place in places}
    drawn = _drawn(ways, examples, seed)
    rows = {int(place): row for row, place in enumerate(found["place"]) if int(place) in way_of}
    shown: dict[str, list[Example]] = {way: [] for way in ways}

    def listed() -> Iterator[dict[str, Any]]:
        for place, comment in _again(paths, rows, found):
            row, way = rows[place], way_of[place]
            old, new = float(found["old"][row]), float(found["new"][row])
            decision = DECISIONS[int(found["verdict"][row])]
            yield {
                "id": comment.id,
                "story_id": comment.story,
                "created_at": _date(comment.created),
                "flip": way,
                "old_score": round(old, 4),
                "new_score": round(new, 4),
                "change": round(new - old, 4),
                "status": (*STATUSES, "")[comment.status],
                "decision": decision,
                "text": comment.text if text else None,
            }
            if place in drawn and text:
                cut = comment.text[:_LONGEST] + ("…" if len(comment.text) > _LONGEST else "")
                shown[way].append(Example(comment.id, old, new, decision, cut))

    with open_writer(output, COLUMNS) as writer:
        writer.write(listed())
    return shown


def _again(
    paths: Sequence[str | os.PathLike[str]], rows: dict[int, int], found: Found
) -> Iterator[tuple[int, CoralComment]]:
    """The wanted comments of the export, by place; each must still be the one that was scored."""
    place, met = -1, 0
    for item in records(paths):
        if isinstance(item, Rejection) or not isinstance(item[1], CoralComment):
            continue
        place += 1
        if place not in rows:
            continue
        if digest(item[1].id) != int(found["key"][rows[place]]):
            break
        met += 1
        yield place, item[1]
    if met != len(rows):
        raise InputError(
            "changed while it was read", where=str(paths[0]), fix="export to a file that nobody writes to"
        )


def _drawn(ways: dict[str, npt.NDArray[np.int64]], examples: int, seed: int) -> set[int]:
    lot = random.Random(seed)
    return {
        int(place)
        for places in ways.values()
        for place in lot.sample(places.tolist(), min(examples, len(places)))
    }


def _date(milliseconds: int) -> str | None:
    return None if milliseconds < 0 else str(np.datetime64(milliseconds, "ms").astype("datetime64[s]")) + "Z"
