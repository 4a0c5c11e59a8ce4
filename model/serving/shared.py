"""A promoted bundle's arrays in one place on disk, mapped by every process instead of copied into each.

What the parent loads before it forks is shared already; a bundle that is promoted later is loaded by
each worker on its own. The first one writes the large arrays down, the others find them there; all
then read the same pages.
"""

import ctypes
import gc
import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.bundle import Bundle
from model.network import Network

_LARGE: Final = 1 << 16
"""Bytes from which an array is worth a file."""


def share(bundle: Bundle, place: Path) -> Bundle:
    """Give the bundle again with its large arrays mapped read-only from ``place``.

    What is mapped is compared with what was loaded and verified, so that a file in ``place`` can
    never change a score. Arrays of other bundles there are removed; who reads them keeps them.

    Parameters
    ----------
    place
        A folder of the service's own; made when it is not there.

    Raises
    ------
    OSError
        When ``place`` cannot be written or read.
    """
    generation = place / hashlib.sha256(bundle.manifest.dumps().encode()).hexdigest()[:32]
    generation.mkdir(mode=0o700, parents=True, exist_ok=True)

    def mapped(name: str, values: Any) -> Any:
        if not isinstance(values, np.ndarray) or values.nbytes < _LARGE:
            return values
        return _mapped(generation / f"{name}.npy", values)

    for name in ("chars", "words"):
        weights = getattr(bundle.space, name)
        weights.idf_ = mapped(f"space.{name}", weights.idf_)
    shared = replace(
        bundle,
        incivility=_parts(bundle.incivility, "incivility", mapped),
        stance=_parts(bundle.stance, "stance", mapped),
    )
    for other in place.iterdir():
        if other != generation:
            shutil.rmtree(other, ignore_errors=True)
    return shared


def _parts(whole: Any, name: str, mapped: Callable[[str, Any], Any]) -> Any:
    held: dict[str, Any] = {}
    for field in fields(whole):
        value, part = getattr(whole, field.name), f"{name}.{field.name}"
        held[field.name] = _parts(value, part, mapped) if isinstance(value, Network) else mapped(part, value)
    return replace(whole, **held)


def _mapped(path: Path, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array from its file, which is written if it is not there; else the array as it is."""
    if not path.exists():
        aside = path.with_name(f"{os.getpid()}.{path.name}")
        np.save(aside, values)
        with suppress(FileExistsError):
            os.link(aside, path)  # never over a file that another process maps
        aside.unlink()
    try:
        # Seen as a plain array: the library's own class slows every slice.
        found = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (ValueError, EOFError):
        return values
    same = found.dtype == values.dtype and np.array_equal(found, values)
    return found if same else values


def give_back() -> None:
    """Return the memory of what is not used any more to the system, where the C library can."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
