"""A service of a bench's or test's own, in a folder of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Served:
    """The running command, its port, and the file of its log."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def megabytes(self) -> float:
        """Memory of all its processes, shared pages counted once (proportional set size)."""
        total = 0
        for pid in (self.process.pid, *self.workers()):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
        return total / 1024

    def tracebacks(self) -> int:
        """Faults that the log names."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return text.count("Traceback") + text.count("Exception in ASGI") + text.count(" ended (")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Served]:
    """Run ``courtois serve`` until the block ends, with nothing of this machine's settings.

    Its store, its temporary files and its log are in ``folder``.

    Raises
    ------
    RuntimeError
        When it does not start; the message is its log.
    subprocess.TimeoutExpired
        When it does not end within half a minute of being told to; it is killed then.
    """
    log, temporary = folder / "serve.log", folder / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COURTOIS_", "PROMETHEUS_"))}
    environment |= {
        "COURTOIS_STORE": str(folder / "store.sqlite3"),
        "TMPDIR": str(temporary),
        "OPENBLAS_NUM_THREADS": "1",
    }
    with log.open("wb") as out:
        command = [sys.executable, str(ROOT / "app.py"), "serve", "--port", "0", *options]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=ROOT)
    try:
        yield Served(process, _port(process, log), log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + 60
    while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the service does not start:\n{log.read_text()}")
        time.sleep(0.05)
    return int(found[1])
