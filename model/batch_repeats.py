"""Repeated comments are scored once, and always in the same place whatever the machine does."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from data.record import Comment
from model.batch_chunks import Chunk

REMEMBERED: Final = 20_000
"""Comments whose scores are kept at hand: about 30 MB."""

LONGEST: Final = 500
"""Characters of text and thread beyond which a comment is scored each time: it hardly repeats."""

Columns = dict[str, Any]


@dataclass(slots=True)
class Repeats:
    """The scores of the last comments that differ, by text, target, parent and title.

    What is scored, and beside which other comments, decides the last bit of a score. So what
    counts as repeated depends on the order of the rows alone: `plan` sees the chunks as they are
    read, `complete` as they are written, and both remember and forget the same comments.
    """

    size: int = REMEMBERED
    repeated: int = 0
    _planned: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    _scores: OrderedDict[bytes, Columns] = field(default_factory=OrderedDict)

    def plan(self, chunk: Chunk) -> Chunk:
        """Mark the comments of the next chunk that have to be scored."""
        chunk.keys = [_key(comment) for comment in chunk.comments]
        chunk.fresh = [
            place for place, key in enumerate(chunk.keys) if key is None or not self._seen(self._planned, key)
        ]
        self.repeated += len(chunk.keys) - len(chunk.fresh)
        return chunk

    def complete(self, chunk: Chunk, fresh: Sequence[Columns]) -> list[Columns]:
        """Columns of all comments of a planned chunk, from those of its fresh ones."""
        scored = dict(zip(chunk.fresh, fresh, strict=True))
        columns: list[Columns] = []
        for place, key in enumerate(chunk.keys):
            if key is None:
                columns.append(scored[place])
                continue
            self._seen(self._scores, key, scored.get(place))
            columns.append(self._scores[key])
        return columns

    def replay(self, chunk: Chunk, columns: Sequence[Mapping[str, Any]]) -> None:
        """Take in a chunk that an earlier run has scored."""
        self.plan(chunk)
        self.complete(chunk, [dict(columns[place]) for place in chunk.fresh])

    def _seen(self, memory: OrderedDict[bytes, Any], key: bytes, value: Any = None) -> bool:
        """Whether a key is remembered; it is now, and the one used longest ago is not."""
        known = key in memory
        if not known:
            memory[key] = value
            if len(memory) > self.size:
                memory.popitem(last=False)
        else:
            memory.move_to_end(key)
        return known


def _key(comment: Comment) -> bytes | None:
    parts = (comment.text, comment.target, comment.parent_text, comment.article_title)
    if sum(len(part or "") for part in parts) > LONGEST:
        return None
    # Lengths keep the parts apart; what cannot be encoded is kept by its code points.
    framed = "".join("-" if part is None else f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(framed.encode("utf-8", "surrogatepass"), digest_size=16).digest()
