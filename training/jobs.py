"""Retrainings in processes of their own: they survive the tab and the server that started them.

Each has a folder of its own in the registry with its log, a sign of life, and its result. Logs are
progress lines and figures; they never hold a comment.
"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from data.errors import InputError
from model.promotions import registry, unusable

RUNNER: Final = "training.retrain_job"
REQUEST: Final = "request.json"
RESULT: Final = "result.json"
ALIVE: Final = "alive"
LOG: Final = "log.txt"
LABELS: Final = "labels.jsonl"
CANDIDATE: Final = "candidate"

BEAT: Final = 2.0
"""Seconds between two signs of life."""
_SILENT: Final = 30.0
_LOG_BYTES: Final = 20_000

State = Literal["running", "done", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Job:
    """One retraining: its folder says everything."""

    folder: Path

    @property
    def request(self) -> dict[str, Any]:
        """Who started it, when, and on which store."""
        return _read(self.folder / REQUEST)

    @property
    def result(self) -> dict[str, Any]:
        """Exit code of the retraining, once it has ended by itself."""
        return _read(self.folder / RESULT)

    @property
    def state(self) -> State:
        """``interrupted`` when it stopped giving signs of life without a result."""
        if code := self.result:
            return "done" if code.get("code") in (0, 1) and self.candidate else "failed"
        with suppress(OSError):
            if time.time() - (self.folder / ALIVE).stat().st_mtime < _SILENT:
                return "running"
        return "interrupted"

    @property
    def candidate(self) -> Path | None:
        """Folder of the candidate; written whole or not at all."""
        folder = self.folder / CANDIDATE
        return folder if folder.is_dir() else None

    def lines(self, count: int = 12) -> list[str]:
        """Last lines of its log."""
        try:
            with (self.folder / LOG).open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - _LOG_BYTES))
                return file.read().decode("utf-8", "replace").splitlines()[-count:]
        except OSError:
            return []


def jobs() -> list[Job]:
    """Every retraining of this installation, newest first; an export left by a killed one is removed."""
    try:
        folders = sorted((registry() / "jobs").iterdir(), reverse=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unusable(registry() / "jobs", error) from error
    found = [Job(folder) for folder in folders if (folder / REQUEST).is_file()]
    for job in found:
        if job.state != "running":
            with suppress(OSError):
                (job.folder / LABELS).unlink(missing_ok=True)
    return found


def start(*, store: str | None, who: str) -> Job:
    """Start a retraining on every label of a store.

    Raises
    ------
    InputError
        When one is running already.
    BundleError
        When the registry cannot be written.
    """
    if any(job.state == "running" for job in jobs()):
        raise InputError("a retraining is running already", fix="wait for its end")
    stamp = datetime.now(UTC)
    folder = registry() / "jobs" / f"{stamp:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    request = {"started": stamp.isoformat(timespec="seconds"), "who": who, "store": store}
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    try:
        folder.mkdir(mode=0o700, parents=True)
        (folder / ALIVE).touch()
        (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
        with (folder / LOG).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", RUNNER, str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C on the server must not reach it
                env=os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
            )
    except OSError as error:
        raise unusable(folder, error) from error
    threading.Thread(target=process.wait, daemon=True).start()  # no zombie while the server lives
    return Job(folder)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
