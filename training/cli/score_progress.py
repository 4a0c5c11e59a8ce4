"""Progress of a scoring run on stderr: a bar on a terminal, plain lines otherwise."""

import sys
import time
from types import TracebackType
from typing import Any, Final, Self

from tqdm import tqdm

from model.batch import Chunk, Scored

_SECONDS: Final = 10.0
"""Time between two plain lines."""


class Progress:
    """Counts rows read, scored or set aside.

    Parameters
    ----------
    total
        Rows to come; ``None`` where they are not known.
    """

    def __init__(self, total: int | None) -> None:
        self.total, self.rows, self.scored = total, 0, 0
        self._bar: Any = tqdm(total=total, unit=" rows", file=sys.stderr) if sys.stderr.isatty() else None
        self._begun = self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def skip(self, chunk: Chunk) -> None:
        """Count rows that an earlier run has committed."""
        self._add(len(chunk.rows) + len(chunk.rejections))

    def advance(self, group: list[Scored]) -> None:
        """Count the rows of a scored group."""
        self.scored += sum(len(scored.chunk.rows) for scored in group)
        self._add(sum(len(scored.chunk.rows) + len(scored.chunk.rejections) for scored in group))

    @property
    def rate(self) -> float:
        """Rows scored per second so far."""
        return self.scored / max(1e-9, time.monotonic() - self._begun)

    def note(self, message: str) -> None:
        """Write one line."""
        if self._bar is not None:
            self._bar.write(f"courtois score: {message}", file=sys.stderr)
        else:
            print(f"courtois score: {message}", file=sys.stderr, flush=True)

    def _add(self, rows: int) -> None:
        self.rows += rows
        if self._bar is not None:
            self._bar.update(rows)
            return
        now = time.monotonic()
        if now - self._told >= _SECONDS:
            self._told = now
            of = "" if self.total is None else f" of {self.total:,}"
            self.note(f"{self.rows:,}{of} rows, {self.rate:,.0f} rows/s")
