"""The bundle's manifest: what it is, what it was made of, and the digests of its files."""

import hashlib
import json
import math
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from data.errors import BundleError

FORMAT: Final = 2
"""Bundle format this code writes. Raise it when files, arrays or the n-gram hash change."""
OLDEST_FORMAT: Final = 1
"""Oldest one it reads: 1 has no neural network."""

MANIFEST: Final = "manifest.json"
WEIGHTS: Final = "weights.npz"
CARD: Final = "MODEL_CARD.md"

_LARGEST: Final = {MANIFEST: 4 << 20, WEIGHTS: 256 << 20, CARD: 4 << 20}
"""Most bytes of each file; anything larger is no bundle of ours."""
_DIGITS: Final = 30
"""Most digits of an integer in the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What ``manifest.json`` says.

    ``thresholds`` gives each head's decision threshold, and ``review`` and ``hold`` those of the
    policy; ``corpora`` lists name, licence, SHA-256 and rows; ``metrics`` the held-out figures;
    ``tiers`` the bands of a faster tier and what it costs on held-out rows, where there is one.
    """

    name: str
    version: str
    courtois: str
    packages: Mapping[str, str]
    encoder: str
    lexicons: str
    features: tuple[str, ...]
    thresholds: Mapping[str, float]
    corpora: tuple[Mapping[str, Any], ...]
    metrics: Mapping[str, Any]
    settings: Mapping[str, Any]
    base: str | None = None
    tiers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def full_name(self) -> str:
        """Name and version, as written beside every score."""
        return f"{self.name}@{self.version}"

    def dumps(self) -> str:
        """The file's text; the same manifest always gives the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest, then the size and digest of every file that it names.

    Raises
    ------
    BundleError
        When the folder is no bundle, is of another format, or a file is missing or changed.
    """
    where = str(folder)
    if not folder.is_dir():
        raise BundleError(
            "no such bundle folder", where=where, fix="give the folder that holds manifest.json"
        )
    raw = _bounded(folder / MANIFEST)
    try:
        content = json.loads(raw, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise BundleError(
            "is not JSON, or holds an endless number", where=str(folder / MANIFEST), fix="restore the bundle"
        ) from error
    if not isinstance(content, dict) or type(content.get("format")) is not int:
        raise BundleError("is no bundle manifest", where=str(folder / MANIFEST), fix="restore the bundle")
    if not OLDEST_FORMAT <= content["format"] <= FORMAT:
        newer = content["format"] > FORMAT
        raise BundleError(
            f"bundle format {content['format']}, this courtois reads {OLDEST_FORMAT} to {FORMAT}",
            where=where,
            fix="update courtois" if newer else "retrain the bundle with this courtois",
        )
    try:
        content["features"] = tuple(content["features"])
        content["corpora"] = tuple(content["corpora"])
        manifest = Manifest(**content)
        _check_types(manifest)
    except (TypeError, KeyError, ValueError) as error:
        raise BundleError(
            "lacks required entries or has wrong ones", where=str(folder / MANIFEST), fix="restore the bundle"
        ) from error
    for name in (WEIGHTS, CARD):
        expected = manifest.files.get(name)
        if hashlib.sha256(_bounded(folder / name)).hexdigest() != expected:
            raise BundleError(
                "changed since it was saved", where=str(folder / name), fix="restore the bundle"
            )
    return manifest


def _whole(digits: str) -> int:
    """Read an integer that also fits a float, as whoever reads a figure takes for granted."""
    if len(digits) > _DIGITS:
        raise ValueError("too many digits")
    return int(digits)


def _check_types(manifest: Manifest) -> None:
    texts = (manifest.name, manifest.version, manifest.courtois, manifest.encoder, manifest.lexicons)
    maps = (manifest.thresholds, manifest.files, manifest.metrics, manifest.settings, manifest.packages)
    if not all(isinstance(t, str) for t in texts) or not all(isinstance(m, dict) for m in maps):
        raise ValueError("wrong type")
    if not isinstance(manifest.tiers, dict) or not all(isinstance(t, dict) for t in manifest.tiers.values()):
        raise ValueError("wrong type")
    if not all(type(t) in (int, float) and math.isfinite(t) for t in manifest.thresholds.values()):
        raise ValueError("a threshold is no number")
    if not all(isinstance(c, dict) for c in manifest.corpora):
        raise ValueError("wrong type")


def _bounded(path: Path) -> bytes:
    """Read a regular file of the bundle, not more of it than a bundle can hold."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST[path.name]:
            reason = "is no plain file, or too large for a bundle"
            raise BundleError(reason, where=str(path), fix="restore the bundle")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise BundleError(reason, where=str(path), fix="give a folder written by courtois train") from error
