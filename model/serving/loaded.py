"""The bundle that answers, and its replacement while requests come in."""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import BundleError
from data.record import Comment
from model.bundle import load_bundle
from model.manifest import MANIFEST
from model.scorer import Scorer
from model.serving.language import detect
from model.serving.shared import give_back, share

LOG = logging.getLogger("courtois.serve")

_WARM: Final = "Bonjour, merci pour cet article !"

Stamp = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scorer and the version that clients may pin."""

    scorer: Scorer
    version: str

    @property
    def name(self) -> str:
        """Bundle name and version."""
        return self.scorer.bundle_name


class Bundles:
    """Watches where the bundle in use lives and loads what is put there.

    Parameters
    ----------
    folder
        Says which folder is in use now; it may be a link that is pointed elsewhere, or a folder
        that is replaced whole.
    place
        Folder in which processes share the arrays of bundles that they load after the first;
        without one, each has its own copy.
    """

    def __init__(self, folder: Callable[[], Path], place: Path | None = None) -> None:
        self._folder, self._place = folder, place
        self._lock = threading.Lock()
        self._refused: Stamp | str | None = None
        self.failures = 0
        path = folder().resolve()
        self._stamp = _stamp(path)
        self.current = _load(path)

    def refresh(self) -> bool:
        """Load the bundle in use if it is another one than before; a bad one changes nothing.

        Returns
        -------
        bool
            Whether another bundle answers from now on.
        """
        with self._lock:
            stamp: Stamp | None = None
            try:
                path = self._folder().resolve()
                stamp = _stamp(path)
                if stamp is None or stamp in (self._stamp, self._refused):
                    return False
                loaded = _load(path, self._place)
            except BundleError as error:
                if stamp is None or _stamp(path) == stamp:  # not a replacement caught half way
                    self._keep(stamp or str(error), error)
                return False
            self.current, self._stamp, self._refused = loaded, stamp, None
            LOG.info("bundle %s answers from now on", loaded.name)
        give_back()
        return True

    def _keep(self, refused: Stamp | str, error: BundleError) -> None:
        if refused != self._refused:  # said once, not every second
            self._refused, self.failures = refused, self.failures + 1
            LOG.error("the bundle stays %s: %s", self.current.name, error)


def _load(path: Path, place: Path | None = None) -> Loaded:
    bundle = load_bundle(path)
    if place is not None:
        try:
            bundle = share(bundle, place)
        except OSError as error:
            LOG.warning("this process keeps a copy of the bundle (%s)", error.strerror)
    scorer = Scorer(bundle)
    # The first comment costs a second: encoder, tokenizers and language tables are loaded by it.
    scorer.score(Comment(id="", text=_WARM, target=_WARM), spans=True)
    detect(_WARM)
    return Loaded(scorer, scorer.bundle.manifest.version)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = os.stat(path / MANIFEST)
    except OSError:
        return None
    return str(path), found.st_ino, found.st_mtime_ns, found.st_size
