"""The scorer of a bundle, loaded once per process and shared by every page and the first filling."""

import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from model.installed import resolve

if TYPE_CHECKING:  # slow to import, and the queue of a scored store starts without it
    from model.scorer import Scorer

_lock = threading.Lock()


def load(bundle: Path | None) -> "Scorer":
    """Give the scorer of a bundle; one that was replaced or promoted meanwhile is loaded anew.

    Raises
    ------
    BundleError
        When the bundle is damaged or absent.
    """
    with _lock:
        folder = resolve(bundle)
        return _load(folder, _stamp(folder))


def _stamp(bundle: Path) -> int:
    try:
        return (bundle / "manifest.json").stat().st_mtime_ns
    except OSError:  # loading it says what is wrong, better than a stamp can
        return 0


@lru_cache(maxsize=2)
def _load(bundle: Path, stamp: int) -> "Scorer":
    from model.scorer import Scorer

    return Scorer.load(bundle)
