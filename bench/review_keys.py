"""The review queue under a fast hand: comments decided by keys in a real Chromium.

The app runs in a process of its own on a store of recombined sentences scored without evidence, as
``courtois review --dump`` leaves it, so that the model explains what comes on screen meanwhile.
Times are taken in the page, from the key going down to the end of the frame that shows the next
comment. What was on screen at every key is compared with what the journal holds.

    python -m bench.review_keys [--comments 500] [--interval 200]
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.review_queue import comments as recombined
from data.store import Store

ROOT: Final = Path(__file__).resolve().parents[1]
COMMENTS: Final = 500
INTERVAL: Final = 200.0
ROWS: Final = 2000
KEYS: Final = "ffdfdjffde"
"""Keys pressed in turn."""

MOVES: Final = {"f": "approve", "d": "reject", "j": "skip", "e": "escalate"}
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)

WATCH: Final = """
window.courtois = {keys: [], times: []};
const shown = () => {
  if (!window.courtois.card || !window.courtois.card.isConnected) {
    for (const host of document.querySelectorAll('[data-testid="stBidiComponentIsolated"], div')) {
      const card = host.shadowRoot && host.shadowRoot.querySelector('.ct-card');
      if (card) window.courtois.card = card;
    }
  }
  return window.courtois.card ? window.courtois.card.dataset.id : undefined;
};
addEventListener('keydown', (event) => {
  const begin = performance.now(), before = shown();
  window.courtois.keys.push([event.key, before]);
  const look = () => {
    if (shown() === before) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.courtois.times.push(performance.now() - begin);
    channel.port2.postMessage(null);
  };
  requestAnimationFrame(look);
}, true);
"""


def measure(comments: int = COMMENTS, interval: float = INTERVAL, rows: int = ROWS) -> dict[str, Any]:
    """Decide ``comments`` comments, one key every ``interval`` milliseconds.

    Returns
    -------
    dict
        ``keys_pressed``, ``keys_in_database``, ``keys_lost``, ``keys_double``, ``keys_unseen``,
        ``key_to_next_ms_median`` and ``_p95``, and ``app_peak_mb`` (proportional set size).
    """
    with tempfile.TemporaryDirectory(prefix="courtois-bench-") as folder:
        path = Path(folder) / "store.sqlite3"
        with Store.open(str(path)) as store:
            store.add_scored((comment, {**scores, "reasons": None}) for comment, scores in recombined(rows))
        with _serving(path) as (address, watch):
            seen, times = _press(address, comments, interval)
        with Store.open(str(path)) as store:
            journal = [(row.kind, row.comment_id) for row in store.journal(10 * comments)][::-1]
    wished = [(MOVES[key], comment_id) for key, comment_id in seen]
    return {
        "keys_pressed": comments,
        "keys_in_database": len(set(journal)),
        "keys_lost": comments - len(set(wished) & set(journal)),
        "keys_double": len(journal) - len(set(journal)),
        "keys_unseen": len(set(journal) - set(wished)),
        "key_to_next_ms_median": round(statistics.median(times), 1),
        "key_to_next_ms_p95": round(statistics.quantiles(times, n=20)[-1], 1),
        "key_to_next_ms_max": round(max(times), 1),
        "app_peak_mb": round(watch.peak),
    }


def _press(address: str, comments: int, interval: float) -> tuple[list[tuple[str, str]], list[float]]:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("COURTOIS_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("bench: no Chromium is installed; name one in COURTOIS_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(WATCH)
        page.goto(address)
        page.locator(".ct-card[data-id]").wait_for(timeout=120_000)
        page.wait_for_timeout(2000)
        begin = time.perf_counter()
        for number in range(comments):
            page.keyboard.press(KEYS[number % len(KEYS)])
            time.sleep(max(0.0, begin + (number + 1) * interval / 1000 - time.perf_counter()))
        # nothing is left to send once the browser's own log is empty
        page.wait_for_function(
            "() => !Object.keys(sessionStorage).some((key) => key.startsWith('courtois.log'))", timeout=60_000
        )
        keys, times = page.evaluate("() => [window.courtois.keys, window.courtois.times]")
        browser.close()
    return [(key, comment_id) for key, comment_id in keys], times


class _Memory(threading.Thread):
    """Peak memory of a process, shared pages counted by their share, in megabytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._rollup = Path(f"/proc/{pid}/smaps_rollup")

    def run(self) -> None:
        while True:
            try:
                found = re.search(r"^Pss:\s+(\d+)", self._rollup.read_text(), re.MULTILINE)
            except OSError:
                return
            if found is None:
                return
            self.peak = max(self.peak, int(found[1]) / 1024)
            time.sleep(0.5)


@contextmanager
def _serving(store: Path) -> Iterator[tuple[str, _Memory]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "review", "--store", str(store), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--moderator", "bench", "--no-browser"],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    watch = _Memory(process.pid)
    watch.start()
    try:
        for _ in range(1200):
            if process.poll() is not None:
                raise SystemExit("bench: courtois review ended")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/", watch
    finally:
        process.kill()
        process.wait()
        watch.join(5)


def main() -> None:
    """Print the figures, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--comments", type=int, default=COMMENTS)
    parser.add_argument("--interval", type=float, default=INTERVAL, help="milliseconds between two keys")
    given = parser.parse_args()
    figures = measure(given.comments, given.interval)
    for name, value in figures.items():
        print(f"{name:24} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
