"""Plain progress lines on stderr."""

import sys
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # the reader of dumps is slow to import
    from data.formats import Rejection

_START: Final = time.monotonic()


def say(message: str) -> None:
    """Print one line with the seconds since the command started."""
    print(f"[{time.monotonic() - _START:6.1f} s] {message}", file=sys.stderr, flush=True)


def say_set_aside(row: "Rejection") -> None:
    """Print where a row that cannot be used is and why, never what it holds."""
    column = f"column {row.column}: " if row.column else ""
    print(f"set aside: {row.where}: {column}{row.reason}", file=sys.stderr)
