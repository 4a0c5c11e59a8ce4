"""Scoring of the sample while Streamlit starts, so that the first comment is soon on screen."""

import sys
import threading
from collections.abc import Callable

from data.errors import CourtoisError


class Filling:
    """One piece of work in the background, and the error that ended it, if any."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.error: CourtoisError | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, name="courtois-sample", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except CourtoisError as error:
            self.error = error
            print(f"courtois review: {error}", file=sys.stderr, flush=True)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def wait(self) -> CourtoisError | None:
        """Wait for the end; give the error that ended it."""
        self._thread.join()
        return self.error


_current: Filling | None = None


def start(work: Callable[[], object]) -> Filling:
    """Begin ``work`` in this process's one background thread."""
    global _current
    _current = Filling(work)
    return _current


def current() -> Filling | None:
    """Give what this process began, if anything."""
    return _current
