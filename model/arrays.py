"""Named arrays as one file whose bytes depend on them alone, read without trusting it."""

import io
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.errors import BundleError

_LARGEST_UNPACKED: Final = 1 << 30
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    tokenize.TokenError,  # as SyntaxError and RecursionError, from the header of a forged array
    SyntaxError,
    RuntimeError,
    MemoryError,
    ValueError,
    OSError,
    EOFError,
)
"""What zipfile and NumPy raise for files that are damaged or forged."""


def pack(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """An npz file whose bytes depend on the arrays alone, not on the clock."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            stamp = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            stamp.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(stamp, member.getvalue())
    return buffer.getvalue()


def unpack(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Read every array of an npz file; nothing in it is ever run.

    Raises
    ------
    BundleError
        For a file that is damaged, forged, unpacks to too much or holds pickled objects.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST_UNPACKED:
                raise BundleError(
                    "unpacks to more than a bundle can hold", where=str(path), fix="restore the bundle"
                )
            return {name.removesuffix(".npy"): _array(archive.read(name)) for name in archive.namelist()}
    except _UNREADABLE as error:
        raise BundleError("is no array file", where=str(path), fix="restore the bundle") from error


def _array(content: bytes) -> np.ndarray[Any, Any]:
    array: np.ndarray[Any, Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return array
