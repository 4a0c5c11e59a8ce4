"""A model at rest: arrays and a manifest in a folder, read without running any code from it."""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.errors import BundleError, CourtoisError
from model.encoder import sentence_encoder_name
from model.features.lexical import feature_names
from model.features.space import CHARACTER_BITS, WORD_BITS, FeatureSpace, dense_width
from model.features.stance import stance_width
from model.heads import HeadSet
from model.manifest import CARD, MANIFEST, WEIGHTS, Manifest, read_manifest

SHIPPED: Final = Path(str(files("model"))) / "shipped"
"""The bundle that comes with courtois."""

_LARGEST_UNPACKED: Final = 1 << 30
_SETS: Final = ("incivility", "stance")
_HALVES: Final = ("chars", "words", "landmarks")
"""Arrays kept in half precision: they are most of the file and bear the rounding."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything needed to score: features, heads, and the manifest that describes them."""

    manifest: Manifest
    space: FeatureSpace
    incivility: HeadSet
    stance: HeadSet


def save_bundle(bundle: Bundle, folder: Path, card: str) -> Manifest:
    """Write the bundle aside, then rename it into place; an existing bundle is replaced whole.

    Raises
    ------
    CourtoisError
        When the folder cannot be written or holds something that is no bundle.
    """
    if folder.exists() and (
        not folder.is_dir() or (any(folder.iterdir()) and not (folder / MANIFEST).exists())
    ):
        raise BundleError("exists and is no bundle", where=str(folder), fix="choose another output folder")
    weights = _packed(_arrays(bundle))
    digests = {WEIGHTS: _sha256(weights), CARD: _sha256(card.encode())}
    manifest = replace(bundle.manifest, files=digests)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, content in (
                (WEIGHTS, weights), (CARD, card.encode()), (MANIFEST, manifest.dumps().encode())
            ):  # fmt: skip
                _write(aside / name, content)
            aside.chmod(0o755)
            _swap(aside, folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise CourtoisError(
            f"the bundle cannot be written ({error.strerror})",
            where=str(folder),
            fix="choose another output folder",
        ) from error
    return manifest


def load_bundle(folder: Path) -> Bundle:
    """Verify a bundle, then read it.

    Raises
    ------
    BundleError
        When it is damaged, of another format, made with other word lists' columns or another
        encoder, or holds arrays of the wrong shape.
    """
    manifest = read_manifest(folder)
    where = str(folder)
    if manifest.encoder != sentence_encoder_name():
        raise BundleError(
            f"was trained on encoder {manifest.encoder}, installed is {sentence_encoder_name()}",
            where=where,
            fix="install that encoder version or retrain",
        )
    if tuple(manifest.features) != feature_names():
        raise BundleError(
            "was trained with other lexicon classes", where=where, fix="retrain with this courtois"
        )
    arrays = _unpacked(folder / WEIGHTS)
    try:
        space = FeatureSpace()
        space.chars.idf_ = _checked(arrays, "chars.idf", (1 << CHARACTER_BITS,))
        space.words.idf_ = _checked(arrays, "words.idf", (1 << WORD_BITS,))
        space.mean = _checked(arrays, "lexical.mean", (len(feature_names()),))
        space.scale = _checked(arrays, "lexical.scale", (len(feature_names()),))
        sets = [_head_set(arrays, name, width) for name, width in zip(_SETS, _widths(), strict=True)]
    except (KeyError, ValueError) as error:
        raise BundleError(
            f"weights do not fit the format: {error}", where=where, fix="restore the bundle"
        ) from error
    return Bundle(manifest, space, *sets)


def _widths() -> tuple[int, int]:
    return dense_width(), stance_width()


def _arrays(bundle: Bundle) -> dict[str, np.ndarray[Any, Any]]:
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "chars.idf": bundle.space.chars.idf_.astype(np.float16),
        "words.idf": bundle.space.words.idf_.astype(np.float16),
        "lexical.mean": bundle.space.mean,
        "lexical.scale": bundle.space.scale,
    }
    for name in _SETS:
        heads: HeadSet = getattr(bundle, name)
        arrays[f"{name}.names"] = np.array(heads.names)
        for part in ("chars", "words", "landmarks", "gammas", "alphas", "intercepts"):
            values = getattr(heads, part)
            arrays[f"{name}.{part}"] = values.astype(np.float16) if part in _HALVES else values
    return arrays


def _head_set(arrays: Mapping[str, np.ndarray[Any, Any]], name: str, width: int) -> HeadSet:
    names = tuple(str(n) for n in arrays[f"{name}.names"])
    heads, marks = len(names), len(arrays[f"{name}.landmarks"])
    return HeadSet(
        names,
        _checked(arrays, f"{name}.chars", (1 << CHARACTER_BITS, heads)),
        _checked(arrays, f"{name}.words", (1 << WORD_BITS, heads)),
        _checked(arrays, f"{name}.landmarks", (marks, width)),
        _checked(arrays, f"{name}.gammas", (marks,)),
        _checked(arrays, f"{name}.alphas", (marks, heads)),
        _checked(arrays, f"{name}.intercepts", (heads,)),
    )


def _checked(
    arrays: Mapping[str, np.ndarray[Any, Any]], name: str, shape: tuple[int, ...]
) -> np.ndarray[Any, np.dtype[np.float32]]:
    values = arrays[name]
    if values.shape != shape or values.dtype.kind != "f":
        raise ValueError(f"{name} has shape {values.shape}, expected {shape}")
    values = values.astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} is not finite")
    return values


def _packed(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
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


def _unpacked(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST_UNPACKED:
                raise BundleError("unpacks to more than a bundle can hold", where=str(path))
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise BundleError("is no array file", where=str(path), fix="restore the bundle") from error


def _swap(aside: Path, folder: Path) -> None:
    """Put the new folder in place; at every moment one whole bundle exists under some name."""
    if not folder.exists():
        os.rename(aside, folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    os.rename(folder, old / "bundle")
    os.rename(aside, folder)
    shutil.rmtree(old)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
