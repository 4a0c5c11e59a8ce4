"""The queue in a real Chromium, by keys only, on a real server that is killed half way."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import review_rows

from data.store import Store

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
"""Milliseconds; only ever reached when something is broken."""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    program = os.environ.get("COURTOIS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        if os.environ.get("COURTOIS_REQUIRE_BROWSER") == "1":
            pytest.fail("COURTOIS_REQUIRE_BROWSER=1, but no Chromium is installed")
        pytest.skip("no Chromium is installed (or name one in COURTOIS_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.set_default_timeout(PATIENCE)
        yield opened
        browser.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "essai.sqlite3")) as opened:
        opened.add_scored(review_rows.scored())
        yield opened


@contextmanager
def serving(store: Store) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "review", "--store", store.where, "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--moderator", "Camille", "--no-browser"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            assert process.poll() is None, "courtois review ended"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.kill()
        process.wait()


def wait_for(page: Any, number: int) -> None:
    page.locator(".ct-text", has_text=review_rows.TEXTS[number]).first.wait_for()


def press(page: Any, store: Store, key: str, then: int) -> None:
    """Press ``key`` until its act is written: the very first may come before the page listens.

    A second press of the same act cannot count twice, which is part of what is tested.
    """
    before = len(store.journal(50))
    for _ in range(20):
        page.keyboard.press(key)
        for _ in range(20):
            if len(store.journal(50)) > before:
                wait_for(page, then)
                return
            page.wait_for_timeout(100)
    pytest.fail(f"the key {key} does nothing")


def test_ten_comments_by_keys_survive_a_reload_and_a_kill(page: Any, store: Store) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    with serving(store) as (address, process):
        page.goto(address)
        wait_for(page, 0)
        for number, key in enumerate("fdjfdf"):
            press(page, store, key, number + 1)
        press(page, store, "z", 5)  # the sixth is approved, then taken back and rejected
        assert store.item("c05").status == "pending"
        for number, key in enumerate("djfdj", start=5):
            press(page, store, key, number + 1)
        page.reload()
        wait_for(page, 10)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    expected = dict(zip((f"c{n:02d}" for n in range(10)), "fdjfddjfdj", strict=True))
    names = {"f": "approved", "d": "rejected", "j": "skipped"}
    assert {key: store.item(key).status for key in expected} == {k: names[v] for k, v in expected.items()}
    assert {store.item(f"c{n}").status for n in range(10, 14)} == {"pending"}
    kinds = {"approve": "f", "reject": "d", "skip": "j", "undo": "z"}
    assert "".join(kinds[row.kind] for row in store.journal(50))[::-1] == "fdjfdfzdjfdj"
    with serving(store) as (address, _):
        page.goto(address)
        wait_for(page, 10)
        page.get_by_text("Approuvés · 3").wait_for()
    outside = [url for url in requests if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
    assert outside == []


def test_keys_pressed_in_a_hurry_only_hit_what_was_shown(page: Any, store: Store) -> None:
    with serving(store) as (address, _):
        page.goto(address)
        wait_for(page, 0)
        page.evaluate(
            """() => {
                window.shown = [];
                document.addEventListener('keydown', () => {
                    const box = document.querySelector('.ct-text');
                    if (box) window.shown.push(box.textContent);
                }, true);
            }"""
        )
        for _ in range(8):
            page.keyboard.press("f")
            page.wait_for_timeout(15)
        settled(page, lambda: len(store.journal(50)))
        seen = set(page.evaluate("() => window.shown"))
        decided = {f"c{n:02d}" for n in range(14) if store.item(f"c{n:02d}").status != "pending"}
        assert decided
        assert {review_rows.TEXTS[int(key[1:])] for key in decided} <= seen
        assert len(store.journal(50)) == len(decided)
        wait_for(page, len(decided))


def settled(page: Any, measure: Callable[[], int]) -> None:
    """Wait until ``measure`` has stayed the same for a while."""
    before, same = -1, 0
    while same < 5:
        page.wait_for_timeout(200)
        now = measure()
        before, same = now, same + 1 if now == before else 0


def test_letters_typed_into_a_field_decide_nothing(page: Any, store: Store) -> None:
    with serving(store) as (address, _):
        page.goto(address + "analyser")
        box = page.get_by_label("Commentaire", exact=True)
        box.click()
        page.keyboard.type("fdjz")
        page.goto(address)
        wait_for(page, 0)
        assert store.journal(10) == []
        page.wait_for_timeout(500)
        page.keyboard.press("h")
        page.locator("kbd").first.wait_for()
        assert store.journal(10) == []


def test_hostile_html_stays_text_in_the_browser(page: Any, store: Store) -> None:
    hostile = "<img src=x onerror=\"document.title='pris'\"><style>.ct-text{display:none}</style> **gras**"
    comment = review_rows.Comment(text=hostile, id="h", article_title=hostile, target=hostile)
    store.add_scored([(comment, review_rows.scores(0.99, hostile))])
    with serving(store) as (address, _):
        page.goto(address)
        page.locator(".ct-text", has_text="**gras**").wait_for()
        assert page.locator(".ct-text").first.inner_text() == hostile
        assert page.locator(".ct-text img, .ct-panel img").count() == 0
        assert page.title() != "pris"
