"""The queue's page from its front door, with Streamlit's own test harness in the browser's place."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import review_rows
import streamlit as st
from streamlit.testing.v1 import AppTest
from workbench_rig import Tab, act, data_of

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
    st.cache_data.clear()
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


def test_the_first_page_is_complete(store: Store, open_app: Opener) -> None:
    app = open_app()
    sent = data_of(app)
    assert [card["id"] for card in sent["items"]] == [f"c{n:02d}" for n in range(14)]
    first, second = sent["items"][:2]
    assert (first["text"], first["v"], first["title"]) == (review_rows.TEXTS[0], 0, review_rows.TITLE)
    assert second["parent"] == review_rows.TEXTS[0]
    assert first["scores"]["band"] == "very_likely"
    assert first["scores"]["target"] == "quitter les logiciels américains"
    assert first["scores"]["bundle"] == "essai-1"
    assert sent["evidence"]["c00"]["labels"][0]["spans"] == [[0, 6, 3, 1.25]]
    assert len(sent["beside"]["c00"]["thread"]) == 14
    assert sent["counts"]["pending"] == 14
    assert (sent["config"]["me"], sent["config"]["decide"]) == ("Camille", True)
    assert "Camille" in html_of(app)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("approve", "approved"), ("reject", "rejected"), ("skip", "skipped"), ("escalate", "to_review")],
)
def test_an_act_is_in_the_store_before_it_is_acknowledged(
    store: Store, open_app: Opener, kind: str, status: str
) -> None:
    tab = Tab(open_app())
    (ack,) = tab.say(act(kind, "c00"))["acks"]
    assert (ack["state"], ack["status"], ack["v"]) == ("done", status, 1)
    assert (store.item("c00").status, store.item("c00").decided_by) == (status, "Camille")
    assert tab.ids[0] == "c01"
    assert data_of(open_app())["items"][0]["id"] == "c01"


def test_a_page_drawn_again_applies_nothing_twice(store: Store, open_app: Opener) -> None:
    tab = Tab(open_app())
    first = tab.say(act("reject", "c00"))["acks"]
    tab.app.selectbox(key="queue_order").set_value("age").run()
    assert data_of(tab.app)["acks"] == first
    assert len(store.journal(10)) == 1


def test_undo_brings_comments_back_at_any_depth(store: Store, open_app: Opener) -> None:
    tab = Tab(open_app())
    one, two = act("reject", "c00"), act("approve", "c01")
    tab.say(one, two)
    sent = tab.say(act("undo", "c01", 1, undoes=two["id"]), act("undo", "c00", 1, undoes=one["id"]))
    assert [ack["item"]["id"] for ack in sent["acks"]] == ["c01", "c00"]
    assert store.counts()["pending"] == 14
    (ack,) = tab.say(act("undo"))["acks"]
    assert (ack["state"], ack["message"]) == ("nothing", FR["queue.undo.nothing"])
    assert [row.kind for row in store.journal(10)][::-1] == ["reject", "approve", "undo", "undo"]


def test_labels_go_with_a_decision_or_alone(store: Store, open_app: Opener) -> None:
    tab = Tab(open_app())
    tab.say(act("label", "c00", 0, labels={"severity": 2, "insult": 1, "stance": "against"}))
    item = store.item("c00")
    assert (item.status, item.version) == ("pending", 1)
    assert item.labels.given() == {"severity": 2, "insult": 1, "stance": "against"}
    tab.say(act("reject", "c00", 1, labels={"threat": 0}, reason="insult"))
    assert store.item("c00").labels.given() == {"severity": 2, "insult": 1, "threat": 0, "stance": "against"}
    assert json.loads(json.dumps(tab.data["acks"]))[0]["status"] == "rejected"


def test_two_moderators_never_get_the_same_comment(
    store: Store, open_app: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Tab(open_app())
    monkeypatch.setenv("COURTOIS_MODERATOR", "Dominique")
    second = Tab(open_app(), "Dominique")
    assert len(first.ids) == 14
    assert second.ids == []
    (ack,) = second.say(act("reject", "c00"))["acks"]
    assert (ack["state"], ack["message"], ack["lost"]) == ("conflict", FR["queue.conflict.lease"], True)
    assert store.item("c00").status == "pending"


def test_a_decision_that_someone_else_took_is_said(store: Store, open_app: Opener) -> None:
    tab = Tab(open_app())
    store.release("Camille")
    store.decide("c00", "reject", moderator="Dominique", version=0)
    (ack,) = tab.say(act("approve", "c00"))["acks"]
    assert ack["message"] == FR["queue.conflict.other"].format(who="Dominique", status=FR["status.rejected"])
    assert store.item("c00").decided_by == "Dominique"


def test_labels_changed_by_another_are_shown_before_deciding(store: Store, open_app: Opener) -> None:
    tab = Tab(open_app())
    store.relabel("c00", Labels(severity=1), moderator="Dominique", version=0)
    (ack,) = tab.say(act("approve", "c00"))["acks"]
    assert (ack["state"], ack["message"]) == ("conflict", FR["queue.conflict.changed"])
    assert (ack["item"]["v"], ack["item"]["labels"]) == (1, {"severity": 1})
    assert tab.say(act("approve", "c00", 1))["acks"][0]["state"] == "done"


def test_a_store_that_fails_acknowledges_nothing(
    store: Store, open_app: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(open_app())
    sent = act("approve", "c00")

    def refuse(*args: object, **options: object) -> None:
        raise StoreError("the disk is full; nothing was written", where="essai")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "perform", refuse)
        answer = tab.say(sent)
        assert answer["acks"] == []
        assert "the disk is full" in answer["error"]
    assert tab.say(sent)["acks"][0]["state"] == "done"
    assert store.item("c00").status == "approved"


def test_filters_narrow_the_queue_and_views_keep_them(store: Store, open_app: Opener) -> None:
    elsewhere = Comment(id="lyon", text="Une autre remarque.", extra={"site": "lyon"})
    store.add_scored([(elsewhere, review_rows.scores(0.3, elsewhere.text))])
    app = open_app()
    before = data_of(app)["queue"]
    app.selectbox(key="queue_filter_site").set_value("lyon").run()
    sent = data_of(app)
    assert [card["id"] for card in sent["items"]] == ["lyon"]
    assert sent["queue"] != before
    app.text_input(key="queue_view_name").input("Lyon")
    next(b for b in app.button if b.label == FR["queue.view.save"]).click().run()
    app.button(key="queue_clear").click().run()
    assert data_of(app)["queue"] == before
    app.selectbox(key="queue_view_chosen").set_value("Lyon")
    app.button(key="queue_view_open").click().run()
    assert data_of(app)["queue"] == sent["queue"]
    assert not app.exception


def test_the_score_range_is_a_condition(store: Store, open_app: Opener) -> None:
    app = open_app()
    app.slider(key="queue_filter_range").set_value((50, 80)).run()
    scores = [card["scores"]["incivility"] for card in data_of(app)["items"]]
    assert scores
    assert all(0.5 <= score <= 0.8 for score in scores)


def test_states_can_be_browsed_and_decisions_changed(store: Store, open_app: Opener) -> None:
    tab = Tab(open_app())
    tab.say(act("approve", "c00"), act("approve", "c01"))
    sent = tab.say(view="approved")
    assert (sent["status"], tab.ids) == ("approved", ["c00", "c01"])
    tab.say(act("reject", "c01", 1))
    assert store.item("c01").status == "rejected"
    assert tab.ids == ["c00"]


def test_an_empty_queue_is_told(tmp_path: Path, open_app: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "vide.sqlite3"))
    sent = data_of(open_app())
    st.cache_resource.clear()
    assert (sent["items"], sent["error"]) == ([], None)


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> fin",
    "**gras** [lien](javascript:alert(1)) # titre\n\n- liste fin",
    "con\u200bfus </div></div><style>*{display:none}</style> fin",
    "demi \ud83d paire fin",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_only_travels_as_data(store: Store, open_app: Opener, text: str) -> None:
    comment = Comment(text=text, id="h", article_title=text, target=text, thread_id="h")
    store.add_scored([(comment, review_rows.scores(0.99, text))])
    tab = Tab(open_app())
    assert tab.data["items"][0]["text"] == store.item("h").comment.text
    drawn = html_of(tab.app) + "".join(element.value for element in tab.app.markdown)
    assert text[:12] not in drawn
    tab.say(act("reject", "h"))
    assert store.item("h").status == "rejected"
