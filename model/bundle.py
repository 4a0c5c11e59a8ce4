"""A model at rest: arrays and a manifest in a folder, read without running any code from it."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.errors import BundleError, CourtoisError
from data.taxonomy import STANCES
from model.arrays import pack, unpack
from model.encoder import sentence_encoder_name
from model.features.lexical import feature_names
from model.features.space import CHARACTER_BITS, WORD_BITS, FeatureSpace, dense_width
from model.features.stance import stance_width
from model.heads import HeadSet
from model.manifest import CARD, MANIFEST, WEIGHTS, Manifest, read_manifest
from model.network import Network
from model.policy import INCIVILITY_HEADS, THRESHOLDS
from model.tier import PARTS, LexicalHeads

SHIPPED: Final = Path(str(files("model"))) / "shipped"
"""The bundle that comes with courtois."""

_HALVES: Final = ("chars", "words", "landmarks")
"""Arrays kept in half precision: they are most of the file and bear the rounding."""
_SETS: Final = {"incivility": INCIVILITY_HEADS, "stance": STANCES}


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything needed to score: features, heads, and the manifest that describes them."""

    manifest: Manifest
    space: FeatureSpace
    incivility: HeadSet
    stance: HeadSet
    fast: LexicalHeads | None = None


def save_bundle(bundle: Bundle, folder: Path, card: str) -> Manifest:
    """Write the bundle aside, then rename it into place; an existing bundle is replaced whole.

    Raises
    ------
    CourtoisError
        When the folder cannot be written or holds something that is no bundle.
    """
    check_output(folder)
    weights = pack(_arrays(bundle))
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


def check_output(folder: Path) -> None:
    """Refuse to replace anything but a bundle; commands ask before they work for minutes.

    Raises
    ------
    BundleError
        When ``folder`` is a file, holds files that no bundle has, or cannot be written.
    """
    try:
        held = {entry.name for entry in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise BundleError(
            f"is no usable folder ({error.strerror})", where=str(folder), fix="choose another output folder"
        ) from error
    if held and (MANIFEST not in held or held - {MANIFEST, WEIGHTS, CARD}):
        raise BundleError("exists and is no bundle", where=str(folder), fix="choose another output folder")
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    # A bundle is replaced as a whole, beside the old one: its parent has to be writable as well.
    for place in {there, folder.absolute().parent if folder.exists() else there}:
        if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
            raise BundleError("cannot be written", where=str(place), fix="choose another output folder")


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
    if missing := set(THRESHOLDS) - set(manifest.thresholds):
        what = f"has no threshold for {', '.join(sorted(missing))}"
        raise BundleError(what, where=where, fix="retrain with this courtois")
    arrays = unpack(folder / WEIGHTS)
    try:
        space = FeatureSpace()
        space.chars.idf_ = _checked(arrays, "chars.idf", (1 << CHARACTER_BITS,))
        space.words.idf_ = _checked(arrays, "words.idf", (1 << WORD_BITS,))
        space.mean = _checked(arrays, "lexical.mean", (len(feature_names()),))
        space.scale = _checked(arrays, "lexical.scale", (len(feature_names()),))
        incivility = _head_set(arrays, "incivility", dense_width())
        stance = _head_set(arrays, "stance", stance_width())
        fast = _lexical_heads(arrays, manifest)
    except (KeyError, ValueError) as error:
        raise BundleError(
            f"weights do not fit the format: {error}", where=where, fix="restore the bundle"
        ) from error
    return Bundle(manifest, space, incivility, stance, fast)


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
        if heads.network is not None:
            arrays[f"{name}.units"] = heads.network.weights.astype(np.float16)
            arrays[f"{name}.shifts"] = heads.network.shifts
            arrays[f"{name}.outputs"] = heads.network.outputs
    if bundle.fast is not None:
        arrays |= {f"fast.{part}": getattr(bundle.fast, part) for part in PARTS}
    return arrays


def _lexical_heads(arrays: Mapping[str, np.ndarray[Any, Any]], manifest: Manifest) -> LexicalHeads | None:
    if "fast" not in manifest.tiers:
        return None
    heads = len(INCIVILITY_HEADS)
    shapes = dict.fromkeys(PARTS, (heads,)) | {"lexicon": (len(feature_names()), heads)}
    found = {name: _checked(arrays, f"fast.{name}", shape) for name, shape in shapes.items()}
    return LexicalHeads.of(found, manifest.tiers["fast"]["bands"])


def _head_set(arrays: Mapping[str, np.ndarray[Any, Any]], name: str, width: int) -> HeadSet:
    names = _SETS[name]
    if arrays[f"{name}.names"].tolist() != list(names):
        raise ValueError(f"{name}.names are not {', '.join(names)}")
    heads, marks = len(names), arrays[f"{name}.gammas"].size
    return HeadSet(
        names,
        _checked(arrays, f"{name}.chars", (1 << CHARACTER_BITS, heads)),
        _checked(arrays, f"{name}.words", (1 << WORD_BITS, heads)),
        _checked(arrays, f"{name}.landmarks", (marks, width)),
        _checked(arrays, f"{name}.gammas", (marks,)),
        _checked(arrays, f"{name}.alphas", (marks, heads)),
        _checked(arrays, f"{name}.intercepts", (heads,)),
        _network(arrays, name, width, heads) if f"{name}.units" in arrays else None,
    )


def _network(arrays: Mapping[str, np.ndarray[Any, Any]], name: str, width: int, heads: int) -> Network:
    units = arrays[f"{name}.shifts"].size
    return Network(
        _checked(arrays, f"{name}.units", (units, width)),
        _checked(arrays, f"{name}.shifts", (units,)),
        _checked(arrays, f"{name}.outputs", (units, heads)),
    )


def _checked(
    arrays: Mapping[str, np.ndarray[Any, Any]], name: str, shape: tuple[int, ...]
) -> np.ndarray[Any, np.dtype[np.float32]]:
    values = arrays[name]
    if values.shape != shape or values.dtype.kind != "f":
        raise ValueError(f"{name} has shape {values.shape}, expected {shape}")
    with np.errstate(over="ignore"):
        values = values.astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} is not finite")
    return values


def _swap(aside: Path, folder: Path) -> None:
    """Put the new folder in place; at every moment one whole bundle exists under some name."""
    if not folder.exists():
        os.rename(aside, folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    try:
        os.rename(folder, old / "bundle")
        try:
            os.rename(aside, folder)
        except OSError:
            os.rename(old / "bundle", folder)
            raise
    except OSError:
        with suppress(OSError):
            old.rmdir()  # stays where it still holds the bundle
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
