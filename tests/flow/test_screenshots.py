"""Every page in a real Chromium: wide and narrow, light and dark, whole and without errors.

The pictures go to a temporary folder; ``make screenshots`` also puts those that the moderators'
guide shows into docs/images.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import browser_rig
import pytest
import scene
from pictures import FIRST, FORM, HALF, IMAGES, LOOKS, NARROW, PAGES, SIGN_IN, TALLEST, WIDE, keep, shown

from data.store import Store
from training.review.strings_fr import TEXTS as FR

pytestmark = pytest.mark.browser

_EVERYTHING: Final = """
  const everything = root => [...root.querySelectorAll('*')].flatMap(
    one => one.shadowRoot ? [one, ...everything(one.shadowRoot)] : [one]);
  const above = one => one.parentElement || (one.getRootNode().host ?? null);
"""
QUIET: Final = f"""
() => {{
  {_EVERYTHING}
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.getAttribute('data-test-script-state') !== 'notRunning') return false;
  const waits = one => one.matches('[data-testid="stSkeleton"], .stSpinner') ||
    (one.childElementCount === 0 && one.checkVisibility() && /en cours de calcul/.test(one.textContent));
  return !everything(app).some(waits);
}}
"""
FAILED: Final = f"""
() => {{
  {_EVERYTHING}
  const wrong = '[data-testid="stException"], .stException, .ct-error, [data-testid="stAlertContentError"]';
  return everything(document).filter(one => one.matches(wrong) && one.getClientRects().length)
    .map(one => one.innerText.slice(0, 300)).filter(text => text.trim());
}}
"""
SPILLED: Final = f"""
() => {{
  {_EVERYTHING}
  const wide = document.documentElement.clientWidth, found = [];
  const main = document.querySelector('[data-testid="stMain"]');
  for (const box of [document.scrollingElement, main])
    if (box && box.scrollWidth > box.clientWidth + 1) found.push(`${{box.tagName}} ${{box.scrollWidth}}`);
  const held = one => {{
    if (!one.checkVisibility()) return true;
    for (let up = above(one); up && up !== main; up = above(up))
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return true;
    return false;
  }};
  for (const one of everything(main || document)) {{
    const box = one.getBoundingClientRect();
    if (box.width && box.height && box.right > wide + 1 && !held(one))
      found.push(`${{one.tagName}}.${{one.className}} ends at ${{Math.round(box.right)}}`);
  }}
  return found.slice(0, 5);
}}
"""
HEIGHT: Final = """
() => {
  const main = document.querySelector('[data-testid="stMain"]');
  const block = document.querySelector('[data-testid="stMainBlockContainer"]');
  const blank = block.getBoundingClientRect().bottom - block.lastElementChild.getBoundingClientRect().bottom;
  return Math.ceil(block.getBoundingClientRect().bottom + main.scrollTop - Math.max(0, blank - 24));
}
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("images")
    yield folder
    kept = Path(os.environ["COURTOIS_SCREENSHOTS"]) if "COURTOIS_SCREENSHOTS" in os.environ else None
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.png"):
            if kept.resolve() != IMAGES or path.name in shown():
                shutil.copy(path, kept)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The review app on the scene, with the HTTP service that it watches."""
    folder = tmp_path_factory.mktemp("scene")
    store = folder / "essai.sqlite3"
    with Store.open(str(store)) as opened:
        scene.fill(opened)
    own = {
        "COURTOIS_BUNDLES": str(folder / "bundles"),
        "XDG_CONFIG_HOME": str(folder),
        "COURTOIS_MODERATOR": "Camille",
    }
    with browser_rig.command(
        "serve", "--workers", "1", "--store", str(folder / "cles.sqlite3"), **own
    ) as service:
        scene.call(service)
        with browser_rig.command(
            "review", "--store", str(store), "--no-browser", COURTOIS_SERVICE=service, **own
        ) as app:
            yield app


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browser_rig.chromium(viewport=WIDE, locale="fr-FR", color_scheme="light") as page:
        page.set_default_timeout(60_000)
        yield page


def settle(page: Any) -> None:
    """Wait until the app has drawn, and nothing moves any more."""
    page.wait_for_function(QUIET)
    page.wait_for_timeout(200)
    page.wait_for_function(QUIET)


def shoot(page: Any, path: Path) -> None:
    """Keep the page as a small picture, as high as the page."""
    size = page.viewport_size
    page.set_viewport_size({**size, "height": max(500, min(TALLEST, page.evaluate(HEIGHT)))})
    settle(page)
    keep(page.screenshot(animations="disabled", caret="hide"), path)
    page.set_viewport_size(size)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole_in_every_light(browser: Any, address: str, name: str, pictures: Path) -> None:
    browser.set_viewport_size(WIDE)
    browser.emulate_media(color_scheme="light")
    browser.goto(address if name in FIRST else f"{address}/{name}")
    browser.locator(".ct-brand").first.wait_for()
    settle(browser)
    grounds = set()
    for look, size in LOOKS:
        browser.set_viewport_size(size)
        browser.emulate_media(color_scheme="dark" if look == "dark" else "light")
        settle(browser)
        assert browser.evaluate(FAILED) == [], look
        assert browser.evaluate(SPILLED) == [], look
        grounds.add(browser.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor"))
        shoot(browser, pictures / f"{name}-{look}.png")
    for size in (NARROW, HALF):
        browser.set_viewport_size(size)
        settle(browser)
        assert browser.evaluate(SPILLED) == [], size
    assert browser.evaluate("document.documentElement.lang") == "fr"
    assert browser.get_by_role("heading", level=1).count() == 1
    assert len(grounds) == 2, "the dark theme looks like the light one"


def test_the_form_of_a_reason_is_whole(browser: Any, address: str, pictures: Path) -> None:
    browser.set_viewport_size(WIDE)
    browser.emulate_media(color_scheme="light")
    browser.goto(f"{address}/journal")
    browser.locator(".ct-brand").first.wait_for()
    settle(browser)
    browser.get_by_text(FR["journal.give"], exact=True).click()
    pick, options = browser.get_by_label(FR["journal.give.pick"], exact=True), browser.get_by_role("option")
    for _ in range(60):  # a menu that opens while its place still unfolds closes again
        pick.focus()
        browser.keyboard.press("ArrowDown")
        browser.wait_for_timeout(500)
        if options.count():
            break
    options.nth(1).click()
    statement = browser.get_by_label(FR["journal.give.statement"], exact=True)
    statement.wait_for()
    settle(browser)
    for look, size in (("light", WIDE), ("phone", NARROW)):
        browser.set_viewport_size(size)
        settle(browser)
        assert browser.evaluate(FAILED) == [], look
        assert browser.evaluate(SPILLED) == [], look
    browser.set_viewport_size({**WIDE, "height": 1000})
    settle(browser)
    form = browser.get_by_test_id("stExpander").filter(has_text=FR["journal.give.intro"])
    form.scroll_into_view_if_needed()
    settle(browser)
    keep(form.screenshot(animations="disabled", caret="hide"), pictures / FORM)


def test_the_sign_in_is_whole(browser: Any, tmp_path: Path, pictures: Path) -> None:
    path, password = tmp_path / "equipe.sqlite3", "une phrase de passe assez longue"
    with Store.open(str(path)) as store:
        store.add_account("Anne", "responsable", password)
    with browser_rig.command("review", "--store", str(path), "--no-browser") as app:
        browser.set_viewport_size(WIDE)
        browser.emulate_media(color_scheme="light")
        browser.goto(app)
        browser.get_by_label(FR["login.password"], exact=True).wait_for()
        for look, size in (("light", WIDE), ("phone", NARROW)):
            browser.set_viewport_size(size)
            settle(browser)
            assert browser.evaluate(SPILLED) == [], look
        browser.set_viewport_size(WIDE)
        shoot(browser, pictures / SIGN_IN)
        browser.get_by_label(FR["login.name"], exact=True).fill("Anne")
        browser.get_by_label(FR["login.password"], exact=True).fill(password)
        browser.get_by_role("button", name=FR["login.submit"]).click()
        browser.locator(".ct-brand", has_text="Anne").wait_for()
        settle(browser)
        assert browser.evaluate(FAILED) == []
