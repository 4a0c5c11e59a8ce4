"""Logs without a word of any comment."""

import copy
import logging
import sys
import traceback
from types import TracebackType


class Discreet(logging.Formatter):
    """Names the kind and the places of an exception, never its message, which may quote a comment."""

    def format(self, record: logging.LogRecord) -> str:
        """Format anew: another handler may have left the whole traceback in the record."""
        fresh = copy.copy(record)
        fresh.exc_text = None
        return super().format(fresh)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Give ``ValueError at file.py:12 in f < ...``, innermost first.

        >>> try:
        ...     raise ValueError("a comment")
        ... except ValueError as error:
        ...     shown = Discreet().formatException((ValueError, error, error.__traceback__))
        >>> shown.startswith("ValueError at "), "a comment" in shown
        (True, False)
        """
        if ei[0] is None:
            return ""
        frames = traceback.extract_tb(ei[2])[::-1][:8]
        places = " < ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno} in {f.name}" for f in frames)
        return f"{ei[0].__name__} at {places}"


def configure(*, access: bool) -> None:
    """Send the service's and uvicorn's messages to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(asctime)s courtois serve[%(process)d] %(levelname)s %(message)s"))
    for name, level in (
        ("courtois.serve", logging.INFO),
        ("courtois.access", logging.INFO if access else logging.CRITICAL),
        ("uvicorn.error", logging.WARNING),
        ("asyncio", logging.CRITICAL),
    ):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
