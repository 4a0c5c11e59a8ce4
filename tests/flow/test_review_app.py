"""The review app from its front door, with Streamlit's own test harness."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import review_rows
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.errors import StoreError
from data.record import Comment, Labels
from data.store import Store
from training.review.strings_fr import TEXTS as FR

ROOT = Path(__file__).resolve().parents[2]

Opener = Callable[[], AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    monkeypatch.setenv("COURTOIS_MODERATOR", "Camille")
    opened = Store.open(None)
    opened.add_scored(review_rows.scored())
    yield opened
    st.cache_resource.clear()
    opened.close()


@pytest.fixture
def open_app() -> Opener:
    def opened() -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        assert not app.exception
        return app

    return opened


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def press(app: AppTest, action: str) -> AppTest:
    found = [button for button in app.button if button.label == FR[f"queue.{action}"]]
    assert len(found) == 1, [button.label for button in app.button]
    found[0].click().run()
    assert not app.exception
    return app


def shows(app: AppTest, number: int) -> bool:
    end = review_rows.TEXTS[number].split(maxsplit=1)[1]
    from training.review.safe_html import escape

    return f"</mark> {escape(end)}</div>" in html_of(app)


def test_the_queue_shows_the_flagged_first_with_its_context(store: Store, open_app: Opener) -> None:
    app = open_app()
    drawn = html_of(app)
    assert shows(app, 0)
    assert review_rows.TITLE in drawn
    assert FR["band.very_likely"] in drawn
    assert "cible : «" in drawn
    assert "quitter les logiciels américains" in drawn
    assert "essai-1" in drawn
    assert "Camille" in drawn
    assert "127.0.0.1" in drawn


def test_the_parent_stands_beside_a_reply(store: Store, open_app: Opener) -> None:
    app = press(open_app(), "approve")
    assert shows(app, 1)
    assert FR["card.parent"] in html_of(app)
    assert "bravo l&#x27;artiste" in html_of(app)


@pytest.mark.parametrize(
    ("action", "status"), [("approve", "approved"), ("reject", "rejected"), ("skip", "skipped")]
)
def test_an_action_is_in_the_store_and_moves_on(
    store: Store, open_app: Opener, action: str, status: str
) -> None:
    app = press(open_app(), action)
    item = store.item("c00")
    assert (item.status, item.decided_by) == (status, "Camille")
    assert shows(app, 1)
    assert shows(open_app(), 1)


def test_undo_brings_the_comment_back(store: Store, open_app: Opener) -> None:
    app = press(press(open_app(), "reject"), "undo")
    assert store.item("c00").status == "pending"
    assert shows(app, 0)
    assert FR["done.undo"] in html_of(app)


def test_undo_with_nothing_to_undo_says_so(store: Store, open_app: Opener) -> None:
    assert FR["done.undo.nothing"] in html_of(press(open_app(), "undo"))


def _fill_in(app: AppTest, starts: str, value: int | str) -> None:
    found = [group for group in app.get("button_group") if group.label.startswith(starts)]
    assert len(found) == 1, [group.label for group in app.get("button_group")]
    found[0].set_value(value)


def _save(app: AppTest) -> AppTest:
    button = next(button for button in app.button if button.label == FR["form.save"])
    button.click().run()
    assert not app.exception
    return app


def test_labels_can_be_corrected_before_deciding(store: Store, open_app: Opener) -> None:
    app = open_app()
    _fill_in(app, FR["form.severity"], 2)
    _fill_in(app, FR["label.insult"], 1)
    _fill_in(app, FR["form.stance"], "against")
    _save(app)
    given = store.item("c00").labels
    assert (given.severity, given.insult, given.threat, given.stance) == (2, 1, None, "against")
    assert store.item("c00").status == "pending"
    assert shows(app, 0)
    assert FR["severity.2"] in html_of(app)
    press(app, "reject")
    assert store.item("c00").labels.severity == 2


def test_labels_can_be_corrected_after_deciding(store: Store, open_app: Opener) -> None:
    app = press(open_app(), "reject")
    next(button for button in app.button if button.label == FR["done.correct"]).click().run()
    assert shows(app, 0)
    assert "rejeté par Camille" in html_of(app)
    _fill_in(app, FR["form.severity"], 3)
    _save(app)
    item = store.item("c00")
    assert (item.status, item.labels.severity) == ("rejected", 3)
    assert shows(press(app, "next"), 1)


def test_two_moderators_on_one_comment(
    store: Store, open_app: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_app()
    monkeypatch.setenv("COURTOIS_MODERATOR", "Dominique")
    second = open_app()
    assert shows(first, 0)
    assert shows(second, 0)
    press(second, "reject")
    monkeypatch.setenv("COURTOIS_MODERATOR", "Camille")
    press(first, "approve")
    assert FR["conflict.other"].format(who="Dominique", status=FR["status.rejected"]) in html_of(first)
    assert (store.item("c00").status, store.item("c00").decided_by) == ("rejected", "Dominique")
    assert shows(first, 1)
    assert store.item("c01").status == "pending"


def test_labels_changed_by_another_are_shown_before_deciding(store: Store, open_app: Opener) -> None:
    app = open_app()
    store.relabel("c00", Labels(severity=1), moderator="Dominique", version=store.item("c00").version)
    press(app, "approve")
    assert store.item("c00").status == "pending"
    assert shows(app, 0)
    assert FR["severity.1"] in html_of(app)
    press(app, "approve")
    assert store.item("c00").status == "approved"


def test_a_store_that_fails_loses_nothing(
    store: Store, open_app: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app()

    def refuse(*args: object, **options: object) -> None:
        raise StoreError("the disk is full; nothing was written", where="essai")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "decide", refuse)
        press(app, "approve")
        assert "the disk is full" in html_of(app)
        assert shows(app, 0)
    press(app, "approve")
    assert store.item("c00").status == "approved"


def test_states_can_be_browsed_and_decisions_changed(store: Store, open_app: Opener) -> None:
    app = press(press(open_app(), "approve"), "approve")
    view = next(group for group in app.get("button_group") if group.label == FR["view.label"])
    view.set_value("approved").run()
    assert shows(app, 0)
    press(app, "next")
    assert shows(app, 1)
    press(app, "reject")
    assert store.item("c01").status == "rejected"
    assert store.item("c00").status == "approved"


def test_an_empty_queue_says_so(tmp_path: Path, open_app: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "vide.sqlite3"))
    app = open_app()
    st.cache_resource.clear()
    assert FR["empty.pending"] in html_of(app)


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> fin",
    "**gras** [lien](javascript:alert(1)) # titre\n\n- liste fin",
    "\u202eeipoc \u2066abc\u2069 مرحبا بكم fin",
    "🤡🤡🤡",
    "mot " * 5000,
    "con\u200bfus </div></div><style>*{display:none}</style> fin",
    "demi \ud83d paire fin",
    "</mark>$E=mc^2$ :red[rouge] fin",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text(store: Store, open_app: Opener, text: str) -> None:
    comment = Comment(text=text, id="h", article_title=text, target=text)
    store.add_scored([(comment, review_rows.scores(0.99, text))])
    app = open_app()
    drawn = html_of(app)
    for raw in ("<script", "<img", "<style>*", "fus </div>", "\u202e", "\u200b", "\u2066"):
        assert raw not in drawn
    assert text.strip().split()[-1] in drawn
    assert "<" not in text or "&lt;" in drawn
    assert not any(text[:8] in element.value for element in app.markdown)
    press(app, "reject")
    assert store.item("h").status == "rejected"


def test_reasons_are_shown_with_their_weight(store: Store, open_app: Opener) -> None:
    drawn = html_of(open_app())
    assert 'title="Incivilité : +1,25">Encore</mark>' in drawn
    assert FR["reasons.whole"] in drawn


def test_the_journal_keeps_every_step(store: Store, open_app: Opener) -> None:
    press(press(press(open_app(), "approve"), "undo"), "skip")
    assert [row.kind for row in store.journal(10)][::-1] == ["approve", "undo", "skip"]
    assert json.loads(str(store.item("c00").scores["reasons"]))
