"""Charts in a real Chromium: a range drawn on the histogram, a bar that is clicked."""

from collections.abc import Iterator
from typing import Any

import browser_rig
import pytest
import review_rows

from data.store import QueueFilter, Store
from training.review.strings_fr import TEXTS as FR

LABELS_END = """
() => Math.max(0, ...[...document.querySelectorAll('[data-testid="stMetricLabel"] p')].map(one => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return words.getBoundingClientRect().right;
}))
"""
"""Where the longest label of a figure ends, also one that its box would let out."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(str(tmp_path_factory.mktemp("insight") / "essai.sqlite3")) as opened:
        opened.add_scored(review_rows.scored())
        yield opened


@pytest.fixture(scope="module")
def address(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    policy = str(tmp_path_factory.mktemp("conf") / "policy.toml")
    words = ("review", "--store", store.where, "--moderator", "Camille", "--no-browser")
    with browser_rig.command(*words, COURTOIS_POLICY=policy) as listening:
        yield listening


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with browser_rig.chromium(viewport={"width": 1280, "height": 1000}) as opened:
        opened.set_default_timeout(20_000)
        yield opened


def chart(page: Any, number: int = 0) -> dict[str, float]:
    """Box of a chart, once it is drawn and its place is final."""
    drawn = page.locator(".stVegaLiteChart svg").nth(number)
    drawn.wait_for()
    before: dict[str, float] = {}
    for _ in range(50):
        box = drawn.bounding_box()
        if box == before:
            return dict(box)
        before = dict(box)
        page.wait_for_timeout(300)
    return before


def test_a_range_drawn_on_the_histogram_is_decided_and_taken_back(
    page: Any, address: str, store: Store
) -> None:
    page.goto(f"{address}/lots")
    box = chart(page)
    low = page.get_by_label(FR["batch.low"], exact=True)
    before = low.input_value()
    y = box["y"] + box["height"] * 0.4
    page.mouse.move(box["x"] + box["width"] * 0.45, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=5)
    page.mouse.move(box["x"] + box["width"] - 12, y, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "([label, before]) => { const e = document.querySelector(`input[aria-label='${label}']`);"
        " return e && e.value !== before; }",
        arg=[FR["batch.low"], before],
    )
    line = float(low.input_value().replace(",", "."))
    assert 0.2 < line < 0.6
    top = float(page.get_by_label(FR["batch.high"], exact=True).input_value().replace(",", "."))
    expected = len(store.ids_in_range("incivility", line, top, QueueFilter()))
    assert expected
    page.get_by_role(
        "button", name=FR["batch.prepare"].format(verdict="Approuver", n=expected, s="s")
    ).click()
    page.get_by_role("button", name=f"Oui, approuver {expected} commentaires").click()
    page.get_by_role("button", name=FR["batch.undo"]).wait_for()
    assert store.status_counts(QueueFilter())["approved"] == expected
    page.get_by_role("button", name=FR["batch.undo"]).click()
    page.get_by_text(FR["batch.undone"].format(n=expected, s="s")).wait_for()
    assert store.status_counts(QueueFilter())["approved"] == 0


def test_a_bar_that_is_clicked_lists_its_comments(page: Any, address: str) -> None:
    page.goto(f"{address}/positions")
    chart(page)
    page.get_by_text(review_rows.TEXTS[1]).wait_for()
    page.locator(".stVegaLiteChart").first.locator("path[aria-roledescription=bar]").first.click()
    page.get_by_text(FR["stances.list"].format(n=1, s=""), exact=True).wait_for()
    # those listed before go once the page has run to its end
    page.wait_for_function("() => document.querySelectorAll('.ct-quote').length === 1")


@pytest.mark.parametrize("name", ["lots", "charge", "positions"])
def test_a_phones_width_holds_the_page(page: Any, address: str, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/{name}")
    chart(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.evaluate(LABELS_END) <= 390 - 16
    levels = page.evaluate("() => [...document.querySelectorAll('h1, h2, h3')].map(one => one.tagName)")
    assert levels[0] == "H1"
    assert set(levels[1:]) <= {"H2"}
