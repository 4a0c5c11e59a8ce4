"""Dumps on their way to the scorer: ids, targets, parents and duplicates."""

import os
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from data.formats import STANDARD, Layout, Rejection, Row, read_rows, to_comment
from data.record import Comment

RECENT_COMMENTS: Final = 20_000
"""Comments that replies may refer back to."""

PARENT_CHARACTERS: Final = 2_000
"""How much of a parent is kept."""


@dataclass(slots=True)
class RecentTexts:
    """The texts of the last comments of a stream, by id; the oldest make room."""

    size: int = RECENT_COMMENTS
    _texts: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def add(self, key: str, text: str) -> None:
        self._texts[key] = text[:PARENT_CHARACTERS]
        self._texts.move_to_end(key)
        if len(self._texts) > self.size:
            self._texts.popitem(last=False)

    def get(self, key: str) -> str | None:
        return self._texts.get(key)


@dataclass(slots=True)
class Intake:
    """Comments of several dumps as one stream.

    Parents are looked up among the comments read before, when a row names its parent but does
    not bring its text. Ids that the dumps do not give are row numbers counted over all dumps.

    Parameters
    ----------
    paths
        Files in order, or ``-`` for stdin.
    mapping
        Record field -> column, for all files.
    target
        Stance target of rows that have none.
    layout
        Name of the layout that all files have.
    """

    paths: Sequence[str | os.PathLike[str]]
    mapping: Mapping[str, str]
    target: str | None = None
    layout: str | None = None
    rows: int = 0
    duplicate_ids: int = 0
    untitled: int = 0
    """Comments whose thread was read so long before that its title was forgotten."""
    recent: RecentTexts = field(default_factory=RecentTexts)

    def __iter__(self) -> Iterator[tuple[Row, Comment] | Rejection]:
        layout = Layout(self.layout) if self.layout else None
        for path in self.paths:
            start = self.rows
            # Eight bytes a row: ids themselves would grow with the dump.
            digests = array("q")
            for row in read_rows(path, mapping=self.mapping, layout=layout):
                self.rows += 1
                if isinstance(row, Rejection):
                    yield row
                    continue
                yield self._item(row, start, digests)
            self.duplicate_ids += _duplicates(digests)
        self.untitled = layout.threads.missed if layout else 0

    def _item(self, row: Row, start: int, digests: "array[int]") -> tuple[Row, Comment] | Rejection:
        comment = to_comment(row, mapping=self.mapping, labels=False, default_id=str(start + row.number))
        if isinstance(comment, Rejection):
            return comment
        own = row.values.get(self.mapping.get("id", "id"))
        if own is None or own == "":
            key = f"{start}\0{row.number}"
        else:
            key = comment.id
            digests.append(hash(key))
        changes: dict[str, str] = {}
        if comment.parent_text is None and comment.parent_id is not None:
            parent = self._parent(comment.parent_id, start)
            if parent is not None:
                changes["parent_text"] = parent
        if comment.target is None and self.target:
            changes["target"] = self.target
        self.recent.add(key, comment.text)
        return row, replace(comment, **changes) if changes else comment  # type: ignore[arg-type]

    def _parent(self, parent_id: str, start: int) -> str | None:
        # A spreadsheet turns an id column with gaps into 12.0.
        whole = parent_id.removesuffix(".0")
        found = (self.recent.get(key) for key in (parent_id, whole, f"{start}\0{whole}"))
        return next((text for text in found if text is not None), None)


def _duplicates(digests: Iterable[int]) -> int:
    values = np.asarray(digests, dtype=np.int64)
    return int(values.size - np.unique(values).size)


def count_rows(
    paths: Sequence[str | os.PathLike[str]], mapping: Mapping[str, str], layout: str | None = None
) -> int | None:
    """Read all files once, so that a cut or unusable one is told before hours of scoring.

    Returns
    -------
    int or None
        Number of rows; ``None`` when stdin is among them.
    """
    if any(os.fspath(path) == STANDARD for path in paths):
        return None
    reading = Layout(layout) if layout else None
    return sum(1 for path in paths for _ in read_rows(path, mapping=mapping, layout=reading))
