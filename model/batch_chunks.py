"""What travels to the workers: consecutive rows of the input."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from data.formats import Rejection, Row
from data.record import Comment

CHUNK_ROWS: Final = 250
"""Rows that one task scores; small enough that the last tasks of a group keep all cores busy."""

CHUNK_CHARACTERS: Final = 1_000_000
"""A chunk of long comments ends early, so that memory does not depend on their length."""


@dataclass(slots=True)
class Chunk:
    """Consecutive rows of the input: those to score, and those set aside among them.

    ``keys`` and ``fresh`` are filled by `model.batch_repeats.Repeats`: the key of each comment,
    and the places of those that have to be scored.
    """

    index: int
    source: str = ""
    rows: list[Row] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    characters: int = 0
    keys: list[bytes | None] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk with the scored columns of each of its rows."""

    chunk: Chunk
    columns: list[dict[str, Any]]


def make_chunks(items: Iterable[tuple[Row, Comment] | Rejection]) -> Iterator[Chunk]:
    """Cut a stream into chunks of one source each.

    Where they end depends on the rows alone, never on the machine.
    """
    chunk = Chunk(0)
    for item in items:
        source = (item if isinstance(item, Rejection) else item[0]).source
        if chunk.source not in ("", source):
            yield chunk
            chunk = Chunk(chunk.index + 1)
        chunk.source = source
        if isinstance(item, Rejection):
            chunk.rejections.append(item)
            chunk.characters += len(str(item.cells))
        else:
            row, comment = item
            chunk.rows.append(row)
            chunk.comments.append(comment)
            chunk.characters += sum(len(v) for v in row.values.values() if isinstance(v, str))
        full = len(chunk.rows) + len(chunk.rejections) >= CHUNK_ROWS
        if full or chunk.characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk = Chunk(chunk.index + 1)
    if chunk.rows or chunk.rejections:
        yield chunk
