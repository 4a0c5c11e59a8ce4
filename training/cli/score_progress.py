"""Progress of a scoring run on stderr: a bar on a terminal, plain lines otherwise."""

import sys
import time
from types import TracebackType
from typing import Any, Final, Self

from tqdm import tqdm

from model.batch import Scored

_SECONDS: Final = 10.0
"""Time between two plain lines."""


class Progress:
    """Counts rows read, scored or set aside.

    Parameters
    ----------
    total
        Rows to come; ``None`` where they are not known.
    quiet
        Say nothing.
    """

    def __init__(self, total: int | None, *, quiet: bool = False) -> None:
        self.total, self.quiet = total, quiet
        self.rows = self.scored = self.judged = self.flagged = 0
        bar = sys.stderr.isatty() and not quiet
        self._bar: Any = tqdm(total=total, unit=" rows", file=sys.stderr) if bar else None
        self._begun = self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def skip(self, scored: Scored) -> None:
        """Count rows that an earlier run has committed."""
        self._add(scored)

    def advance(self, group: list[Scored]) -> None:
        """Count the rows of a scored group."""
        for scored in group:
            self.scored += len(scored.chunk.rows)
            self._add(scored)

    @property
    def rate(self) -> float:
        """Rows scored per second so far."""
        return self.scored / max(1e-9, time.monotonic() - self._begun)

    def note(self, message: str) -> None:
        """Write one line."""
        if self.quiet:
            return
        if self._bar is not None:
            self._bar.write(f"courtois score: {message}", file=sys.stderr)
        else:
            print(f"courtois score: {message}", file=sys.stderr, flush=True)

    def _add(self, scored: Scored) -> None:
        rows = len(scored.chunk.rows) + len(scored.chunk.rejections)
        self.rows += rows
        self.judged += len(scored.columns)
        self.flagged += sum(columns["action"] != "publish" for columns in scored.columns)
        share = f"{self.flagged / max(1, self.judged):.1%} flagged"
        if self._bar is not None:
            self._bar.set_postfix_str(share, refresh=False)
            self._bar.update(rows)
            return
        now = time.monotonic()
        if now - self._told >= _SECONDS:
            self._told = now
            of = "" if self.total is None else f" of {self.total:,}"
            self.note(f"{self.rows:,}{of} rows, {self.rate:,.0f} rows/s, {share}{self._left()}")

    def _left(self) -> str:
        if self.total is None or not self.scored:
            return ""
        seconds = round((self.total - self.rows) / max(1e-9, self.rate))
        return f", {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left"
