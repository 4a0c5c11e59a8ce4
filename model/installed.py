"""The bundles of this installation: a folder of them, by name and version, and which one is in use."""

import hashlib
import json
import os
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Final

from data.errors import BundleError
from model.manifest import CARD, MANIFEST, WEIGHTS, read_manifest
from model.promotions import NAME, Promoted, promoted, registry, unusable

SHIPPED: Final = Path(str(files("model"))) / "shipped"
"""As in ``model.bundle``, which the screens are too impatient to import."""

SHIPPED_NAME: Final = "shipped"
"""What the bundle that comes with courtois may be called wherever a bundle is asked for."""


def installed() -> list[Path]:
    """Folders of the bundles in the registry, by name; damaged ones too."""
    try:
        found = sorted(p for p in registry().iterdir() if NAME.fullmatch(p.name) and p.is_dir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unusable(registry(), error) from error
    return found


def current() -> Path:
    """Folder of the bundle in use: the one promoted last, else the shipped one.

    Raises
    ------
    BundleError
        When the pointer is damaged, or its bundle is gone or is no longer the one promoted.
    """
    stack = promoted()
    if not stack:
        return SHIPPED
    folder = registry() / stack[-1].bundle
    if _digest(folder) != stack[-1].manifest:
        raise BundleError(
            "is not the bundle that was promoted, or is gone",
            where=str(folder),
            fix=f"courtois model rollback, or give --bundle {SHIPPED_NAME}",
        )
    return folder


def resolve(given: str | Path | None) -> Path:
    """Folder of a bundle: a path, a ``name@version`` of the registry, ``shipped``, or nothing.

    Nothing means the bundle in use. A folder of that name in the working folder comes first.

    Raises
    ------
    BundleError
        For a ``name@version`` that is not installed, and as :func:`current`.
    """
    if given is None:
        return current()
    name = str(given)
    if Path(name).is_dir():
        return Path(name)
    if name in (SHIPPED_NAME, _shipped_full_name()):
        return SHIPPED
    if not NAME.fullmatch(name):
        return Path(name)
    folder = registry() / name
    if not folder.is_dir():
        known = ", ".join([_shipped_full_name(), *(p.name for p in installed())])
        raise BundleError(
            "is neither a folder nor an installed bundle", where=name, fix=f"installed are {known}"
        )
    return folder


def foundation() -> Path:
    """Folder of what to retrain on: the base of the bundle in use, or that one where it has none.

    A bundle adapted to labels must not be adapted to the same labels again: it has learnt them.

    Raises
    ------
    BundleError
        When the base is not installed, and as :func:`current`.
    """
    folder = current()
    base = read_manifest(folder).base
    return resolve(base) if base else folder


def install(folder: Path) -> Path:
    """Verify a bundle and copy it into the registry under its name and version.

    Returns
    -------
    Path
        Its folder there; the same bundle installed twice is one.

    Raises
    ------
    BundleError
        When it cannot be trusted, has a name that is none, or another one has its name and version.
    """
    from model.bundle import load_bundle

    name = load_bundle(folder).manifest.full_name
    if not NAME.fullmatch(name):
        raise BundleError(
            f"{name!r:.80} is no name and version", where=str(folder), fix="use letters, digits, . _ + and -"
        )
    place = registry() / name
    try:
        if place.exists() and _digest(place) == _digest(folder):
            read_manifest(place)
            return place
        if place.exists():
            raise BundleError(
                f"another bundle is installed as {name}", where=str(folder), fix="give it another version"
            )
        registry().mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".install.", dir=registry()))
        try:
            for part in (WEIGHTS, CARD, MANIFEST):
                shutil.copyfile(folder / part, aside / part)
            read_manifest(aside)
            os.rename(aside, place)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise unusable(registry(), error) from error
    return place


def pointed(folder: Path) -> Promoted:
    """What the pointer says of an installed bundle."""
    return Promoted(folder.name, _digest(folder) or "")


def _digest(folder: Path) -> str | None:
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except OSError:
        return None


def _shipped_full_name() -> str:
    try:
        content = json.loads((SHIPPED / MANIFEST).read_bytes())
        return f"{content['name']}@{content['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return SHIPPED_NAME
