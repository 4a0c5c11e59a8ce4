"""One run at a time for an output."""

from pathlib import Path

from filelock import FileLock, Timeout

from data.errors import InputError


class OutputLock:
    """Held from the first part to the last; the system lets go of it when the process dies.

    Raises
    ------
    InputError
        When another run holds it.
    """

    def __init__(self, folder: Path, out: Path) -> None:
        busy = InputError(
            "another run is writing it", where=str(out), fix="wait for it, or choose another output"
        )
        path = folder / "lock"
        self._lock = FileLock(path)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise busy from error
        # The run that held it may have removed its folder between our opening the file and locking it.
        if not path.exists():
            self.release()
            raise busy

    def release(self) -> None:
        """Let go; safe to call twice."""
        self._lock.release(force=True)
