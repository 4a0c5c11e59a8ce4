"""Plain progress lines on stderr."""

import sys
import time
from typing import Final

_START: Final = time.monotonic()


def say(message: str) -> None:
    """Print one line with the seconds since the command started."""
    print(f"[{time.monotonic() - _START:6.1f} s] {message}", file=sys.stderr, flush=True)
