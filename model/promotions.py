"""Which installed bundle is in use, and who changed that, when and why.

``current.json`` is the only state: the bundles promoted, oldest first, the last one in use, each with
the digest of its manifest. It is written aside and renamed, so that it is always whole.
``history.jsonl`` is only ever added to.
"""

import json
import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import platformdirs

from data.errors import BundleError

ENVIRONMENT: Final = "COURTOIS_BUNDLES"
POINTER: Final = "current.json"
HISTORY: Final = "history.jsonl"
NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,63}@[A-Za-z0-9][\w.+-]{0,63}", re.ASCII)
"""Name and version of a bundle that may be installed: it becomes the name of a folder."""

_LARGEST: Final = 1 << 20
_MEND: Final = "remove it to go back to the shipped bundle, or give --bundle shipped"


@dataclass(frozen=True, slots=True)
class Promoted:
    """A bundle that was put in use: name and version, and the SHA-256 of its manifest."""

    bundle: str
    manifest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the history: who put which bundle in use, when and why; ``lost`` names failed gates."""

    at: str
    who: str
    action: str
    bundle: str
    previous: str
    reason: str = ""
    forced: bool = False
    lost: tuple[str, ...] = ()


def registry() -> Path:
    """Folder of the installed bundles: ``COURTOIS_BUNDLES``, else one in the user's data folder."""
    given = os.environ.get(ENVIRONMENT)
    return Path(given).expanduser() if given else platformdirs.user_data_path("courtois") / "bundles"


def promoted() -> tuple[Promoted, ...]:
    """Every bundle that rollback can go back to, oldest first; the last one is in use.

    Raises
    ------
    BundleError
        When the pointer is damaged: another bundle than the one chosen must never score silently.
    """
    path = registry() / POINTER
    try:
        if path.stat().st_size > _LARGEST:
            raise BundleError("is too large for the pointer to a bundle", where=str(path), fix=_MEND)
        content = json.loads(path.read_bytes())
        if content["format"] != 1:
            raise ValueError("another format")
        stack = tuple(Promoted(str(one["bundle"]), str(one["manifest"])) for one in content["promoted"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError("does not name the bundle in use", where=str(path), fix=_MEND) from error
    except OSError as error:
        raise unusable(path, error) from error
    if not all(NAME.fullmatch(one.bundle) for one in stack):
        raise BundleError("does not name the bundle in use", where=str(path), fix=_MEND)
    return stack


def put_in_use(stack: Sequence[Promoted], event: Event) -> None:
    """Write the event, then the pointer: at every moment the pointer is the old or the new one, whole.

    Raises
    ------
    BundleError
        When the registry cannot be written; the bundle in use is then still the old one.
    """
    content = {"format": 1, "promoted": [asdict(one) for one in stack]}
    try:
        registry().mkdir(mode=0o700, parents=True, exist_ok=True)
        _append(registry() / HISTORY, asdict(event))
        handle, aside = tempfile.mkstemp(prefix=".current.", dir=registry())
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(content, indent=1) + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, registry() / POINTER)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(aside)
    except OSError as error:
        raise unusable(registry(), error) from error


def history() -> list[Event]:
    """Everything ever put in use, oldest first; a torn or foreign line is passed over."""
    try:
        lines = (registry() / HISTORY).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unusable(registry() / HISTORY, error) from error
    events = []
    for line in lines:
        with suppress(ValueError, TypeError, RecursionError):
            row: dict[str, Any] = json.loads(line)
            events.append(Event(**row | {"lost": tuple(row.get("lost", ()))}))
    return events


def now() -> str:
    """Moment of an event, in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def unusable(path: Path, error: OSError) -> BundleError:
    fix = f"check its rights, or set {ENVIRONMENT} to another folder"
    return BundleError(f"cannot be used ({error.strerror})", where=str(path), fix=fix)


def _append(path: Path, row: dict[str, Any]) -> None:
    line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a+b", buffering=0) as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line  # one torn by a power cut stays alone
        file.write(line)  # in one piece: two processes never mix lines
        os.fsync(handle)
