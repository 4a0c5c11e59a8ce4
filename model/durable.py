"""Files that are whole whatever happens while they are written."""

import os
from pathlib import Path


def commit(path: Path, content: bytes) -> None:
    """Write aside, flush to the disk, rename: after a crash the file is whole, old or new."""
    aside = path.with_name(path.name + ".tmp")
    try:
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    except OSError:
        # A full disk has better uses for it.
        aside.unlink(missing_ok=True)
        raise
