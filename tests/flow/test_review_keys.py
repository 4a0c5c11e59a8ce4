"""The queue in a real Chromium, by keys only, on a real server that is killed half way."""

import os
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
from browser_rig import ROOT, chromium

from data.record import Comment
from data.store import Store
from training.review.strings_fr import TEXTS as FR

pytestmark = pytest.mark.browser

PATIENCE = 60_000
"""Milliseconds; only ever reached when something is broken."""

WATCH = """
window.pressed = [];
addEventListener('keydown', (event) => {
  const hosts = Array.from(document.querySelectorAll('*')).filter((one) => one.shadowRoot);
  const card = hosts.map((one) => one.shadowRoot.querySelector('.ct-card')).find(Boolean);
  window.pressed.push([event.key, card ? card.dataset.id : null]);
}, true);
"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with chromium(viewport={"width": 1280, "height": 800}) as opened:
        opened.set_default_timeout(PATIENCE)
        opened.add_init_script(WATCH)
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "essai.sqlite3")) as opened:
        opened.add_scored(review_rows.scored())
        yield opened


class Server:
    """``courtois review`` on one port, however often it is started."""

    def __init__(self, store: Store) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.store, self.address = store, f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        words = ("review", "--store", self.store.where, "--port", str(self.port), "--moderator", "Camille")
        self.process = subprocess.Popen(
            [sys.executable, "app.py", *words, "--no-browser"],
            cwd=ROOT,
            env=dict(os.environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            assert self.process.poll() is None, "courtois review ended"
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(store: Store) -> Iterator[Server]:
    server = Server(store)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def shown(page: Any, number: int) -> None:
    """Wait until a comment is on screen, and was for long enough to be decided on."""
    page.locator(f'.ct-card[data-id="c{number:02d}"]').wait_for()
    page.wait_for_timeout(350)


def kinds(store: Store) -> str:
    letters = {"approve": "f", "reject": "d", "skip": "j", "escalate": "e", "undo": "z", "label": "l"}
    return "".join(letters[row.kind] for row in store.journal(100))[::-1]


def until(page: Any, holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("it never comes about")


def test_decisions_outlive_a_reload_and_a_server_that_dies(page: Any, store: Store) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    with serving(store) as server:
        page.goto(server.address)
        shown(page, 0)
        for number, key in enumerate("fdjefd"):
            page.keyboard.press(key)
            shown(page, number + 1)
        page.keyboard.press("z")
        shown(page, 5)
        page.keyboard.press("f")
        shown(page, 6)
        until(page, lambda: kinds(store) == "fdjefdzf")
        page.reload()
        shown(page, 6)
        page.keyboard.press("z")  # further back than this page's life: the store knows
        shown(page, 5)
        page.keyboard.press("d")
        shown(page, 6)
        until(page, lambda: kinds(store) == "fdjefdzfzd")
        server.kill()
        for number, key in enumerate("fd", start=6):
            page.keyboard.press(key)
            shown(page, number + 1)
        page.locator(".ct-link-state", has_text="2").wait_for()
        assert kinds(store) == "fdjefdzfzd"
        server.start()
        until(page, lambda: kinds(store) == "fdjefdzfzdfd")
        page.wait_for_function(
            "() => sessionStorage.length === 0 || !JSON.stringify(sessionStorage).includes('kind')"
        )
    names = {"f": "approved", "d": "rejected", "j": "skipped", "e": "to_review"}
    assert [store.item(f"c{n:02d}").status for n in range(8)] == [names[key] for key in "fdjefdfd"]
    assert store.counts()["pending"] == 6
    outside = [url for url in requests if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
    assert outside == []


def test_keys_pressed_in_a_hurry_only_hit_what_was_shown(page: Any, store: Store) -> None:
    with serving(store) as server:
        page.goto(server.address)
        shown(page, 0)
        page.evaluate("() => { window.pressed = []; }")
        for key in "fdfdfdfdfdfd":
            page.keyboard.press(key)
            page.wait_for_timeout(8)
        page.wait_for_function("() => Object.keys(sessionStorage).every((key) => !key.includes('log'))")
        names = {"f": "approve", "d": "reject"}
        seen = [(names[key], comment) for key, comment in page.evaluate("() => window.pressed")]
    written = [(row.kind, row.comment_id) for row in store.journal(100)][::-1]
    assert written
    assert set(written) <= set(seen)
    assert len({comment for _, comment in written}) == len(written)


def test_labels_reasons_and_duplicates_by_keys(page: Any, store: Store) -> None:
    same = [
        (Comment(id=f"d{n}", text="Quel torchon !"), review_rows.scores(0.99, "Quel torchon !"))
        for n in range(3)
    ]
    store.add_scored(same)
    with serving(store) as server:
        page.goto(server.address)
        page.get_by_text(FR["desk.same"].format(n=2)).wait_for()
        page.wait_for_timeout(350)
        page.keyboard.press("?")
        page.get_by_role("heading", name=FR["desk.help.title"]).wait_for()
        page.keyboard.press("f")  # the help covers the comment
        page.get_by_text(FR["desk.hidden.by"]).wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.get_by_text(FR["desk.same.armed"].format(n=3)).wait_for()
        for key in ("2", "4", "p", "m", "1"):  # severity, insult, stance, reject, for the first reason
            page.keyboard.press(key)
        shown(page, 0)
        until(page, lambda: {store.item(f"d{n}").status for n in range(3)} == {"rejected"})
        assert store.item("d0").labels.given() == {"severity": 2, "insult": 1, "stance": "favor"}
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        until(page, lambda: store.item("c00").labels.severity == 1)
        assert store.item("c00").status == "pending"
        for _ in range(2):
            page.keyboard.press("z")
            page.wait_for_timeout(400)
        until(page, lambda: {store.item(f"d{n}").status for n in range(3)} == {"pending"})
        assert not store.item("c00").labels
        page.get_by_role("button", name=FR["queue.filters"]).click()
        page.get_by_label(FR["queue.filter.site"], exact=True).press_sequentially("fdjz")
        page.wait_for_timeout(600)
        assert len(store.journal(100)) == 8


HOSTILE = (
    "<img src=x onerror=\"document.title='pris'\"><style>.ct-text{display:none}</style> **gras** $E=mc^2$",
    "مرحبا بكم \u202eabc\u2066 النقاش",
    "🤡🤡🤡",
    "con\u200bfus",
    "a" * 20_000,
)


def test_hostile_comments_stay_text_and_keep_the_page_whole(page: Any, store: Store) -> None:
    rows = [
        (Comment(id=f"h{n}", text=text, article_title=text, target=text, parent_text=text), 0.99 - n / 1000)
        for n, text in enumerate(HOSTILE)
    ]
    store.add_scored([(comment, review_rows.scores(p, comment.text)) for comment, p in rows])
    with serving(store) as server:
        page.goto(server.address)
        for number, text in enumerate(HOSTILE):
            page.locator(f'.ct-card[data-id="h{number}"]').wait_for()
            written = page.locator(".ct-text").inner_text()
            hidden = [character for character in text if character in "\u202e\u2066\u200b"]
            assert written.count("▯") == len(hidden)
            assert len(written) == len(text)
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
            page.wait_for_timeout(350)
            page.keyboard.press("n")
        assert page.locator(".ct-desk img, .ct-desk style").count() == 0
        assert page.title() != "pris"
