"""Signing in with a real Chromium: a reload keeps the session, signing out ends it everywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import review_rows
from argon2 import PasswordHasher
from browser_rig import chromium, command
from sqlalchemy import update

from data.store import Store, passwords
from data.store.account_tables import login_session
from training.review.people import ASK_AGAIN, cookie_name
from training.review.strings_fr import TEXTS as FR

pytestmark = pytest.mark.browser

PASSWORD = "le chat dort au marché"
PATIENCE = 60_000
"""Milliseconds; only ever reached when something is broken."""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    with Store.open(str(tmp_path / "essai.sqlite3")) as opened:
        opened.add_scored(review_rows.scored())
        opened.add_account("Camille", "moderateur", PASSWORD)
        yield opened


def sign_in(page: Any, password: str) -> None:
    page.get_by_label(FR["login.name"]).fill("Camille")
    page.get_by_label(FR["login.password"], exact=True).fill(password)
    page.get_by_label(FR["login.password"], exact=True).press("Enter")


def kept(page: Any, store: Store, *, there: bool) -> dict[str, Any]:
    """Wait until the session's cookie is there, or gone."""
    for _ in range(100):
        found = [one for one in page.context.cookies() if one["name"] == cookie_name(store)]
        if bool(found) is there:
            return found[0] if found else {}
        page.wait_for_timeout(100)
    pytest.fail(f"the cookie is {'not ' if there else ''}there")


def test_a_reload_keeps_the_session_and_sign_out_ends_it(store: Store) -> None:
    words = ("review", "--store", store.where, "--no-browser")
    with command(*words) as address, chromium() as page:
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/analyser")
        sign_in(page, "un mauvais mot de passe")
        page.get_by_text(FR["login.wrong"]).wait_for()
        sign_in(page, PASSWORD)
        page.get_by_text("Camille (modération)").wait_for()
        page.get_by_role("heading", name=FR["login.title"]).wait_for(state="detached")
        assert page.url.endswith("/analyser")

        cookie = kept(page, store, there=True)
        assert cookie["sameSite"] == "Strict"
        assert cookie["expires"] > 0
        assert store.session(cookie["value"]) is not None

        page.reload()
        page.get_by_text("Camille (modération)").wait_for()
        with page.context.expect_page() as opened:
            page.evaluate("address => window.open(address)", address)
        second = opened.value
        second.set_default_timeout(PATIENCE)
        second.get_by_text("Camille (modération)").wait_for()

        page.get_by_role("button", name=FR["logout"]).click()
        page.get_by_role("heading", name=FR["login.title"]).wait_for()
        kept(page, store, there=False)
        assert store.session(cookie["value"]) is None
        second.reload()
        second.get_by_role("heading", name=FR["login.title"]).wait_for()


def decided(store: Store) -> list[tuple[str, str]]:
    return [(row.kind, row.moderator) for row in store.journal(10)][::-1]


def wait_for_decisions(page: Any, store: Store, number: int, tenths: int = 600) -> bool:
    for _ in range(tenths):
        if len(decided(store)) == number:
            return True
        page.wait_for_timeout(100)
    return False


def test_a_key_pressed_after_the_session_expired_counts_once_signed_in_again(store: Store) -> None:
    words = ("review", "--store", store.where, "--no-browser")
    with command(*words) as address, chromium() as page:
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        sign_in(page, PASSWORD)
        page.locator(".ct-card").first.wait_for()
        for _ in range(5):  # the very first key may come before the page listens
            page.keyboard.press("f")
            if wait_for_decisions(page, store, 1, tenths=50):
                break
        shown = page.locator(".ct-card").first.get_attribute("data-id")
        with store._writing() as connection:
            connection.execute(update(login_session).values(seen_at="2026-01-01T00:00:00.000+00:00"))
        page.wait_for_timeout(1000 * (ASK_AGAIN + 0.5))
        page.keyboard.press("d")
        page.get_by_text("Votre session est terminée, Camille.").wait_for()
        assert decided(store) == [("approve", "Camille")]
        sign_in(page, PASSWORD)
        assert wait_for_decisions(page, store, 2)
        assert decided(store) == [("approve", "Camille"), ("reject", "Camille")]
        assert store.item(str(shown)).status == "rejected"
