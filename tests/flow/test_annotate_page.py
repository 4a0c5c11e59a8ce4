"""The page À annoter, with Streamlit's own test harness."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import review_rows
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.record import Comment, Labels
from data.store import Draft, Store
from training.review.strings_fr import TEXTS as FR

PAGE = """
from training.review import annotate_page, resources
annotate_page.draw(resources.service)
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    monkeypatch.setenv("COURTOIS_MODERATOR", "Camille")
    opened = Store.open(None)
    opened.add_scored(review_rows.scored())
    yield opened
    st.cache_resource.clear()
    opened.close()


def page() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=30).run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def labels_of(app: AppTest) -> list[str]:
    return [group.label for group in app.get("button_group")]


def press(app: AppTest, key: str) -> AppTest:
    next(button for button in app.button if button.label == FR[key]).click().run()
    assert not app.exception
    return app


def fill(app: AppTest, starts: str, value: int | str) -> None:
    next(group for group in app.get("button_group") if group.label.startswith(starts)).set_value(value)


def test_an_empty_list_says_how_to_draw_one(store: Store) -> None:
    assert FR["annotate.empty"] in drawn(page())


def test_scores_are_shown_but_not_for_the_blind_share(store: Store) -> None:
    store.list_tasks([Draft(comment_id="c00", kind="active"), Draft(comment_id="c02", kind="blind")])
    app = page()
    assert any("modèle" in label for label in labels_of(app))
    fill(app, FR["form.severity"], 2)
    press(app, "form.save")
    assert FR["annotate.done"] in drawn(app)
    assert "guignols" in drawn(app)
    assert not any("modèle" in label for label in labels_of(app))
    assert FR["annotate.hidden"] in drawn(app)
    fill(app, FR["form.severity"], 1)
    press(app, "form.save")
    assert FR["annotate.empty"] in drawn(app)
    said = {c.id: (c.labels.severity, c.labelled_by, c.extra.get("sampling")) for c in store.labelled()}
    assert said == {"c00": (2, "Camille", None), "c02": (1, "Camille", "blind")}
    assert store.item("c00").status == "pending"


def test_an_empty_answer_is_not_taken(store: Store) -> None:
    store.list_tasks([Draft(comment_id="c00", kind="active")])
    app = press(page(), "form.save")
    assert FR["annotate.nothing"] in drawn(app)
    assert list(store.labelled()) == []
    assert store.waiting_tasks("Camille") == 1


def test_later_shows_the_next_and_comes_back(store: Store) -> None:
    store.list_tasks([Draft(comment_id="c00", kind="active"), Draft(comment_id="c02", kind="active")])
    app = press(page(), "annotate.later")
    assert "guignols" in drawn(app)
    app = press(app, "annotate.later")
    assert FR["annotate.passed"] in drawn(app)
    assert "clown" in drawn(press(app, "empty.restart"))


def test_second_readings_hide_what_was_said(store: Store) -> None:
    store.decide("c00", "reject", moderator="Dominique", version=0, labels=Labels(severity=3))
    store.list_tasks(
        [
            Draft(comment_id="c00", kind="second"),
            Draft(comment_id="c00", kind="repeat", annotator="Dominique"),
        ]
    )
    app = page()
    assert "clown" in drawn(app)
    assert "Dominique" not in drawn(app)
    assert FR["status.rejected"] not in drawn(app)
    fill(app, FR["form.severity"], 1)
    press(app, "form.save")
    assert {c.labelled_by: c.labels.severity for c in store.labelled()} == {"Dominique": 3, "Camille": 1}
    assert store.waiting_tasks("Camille") == 0
    assert store.waiting_tasks("Dominique") == 1


def test_disputes_lead_to_their_comment(store: Store) -> None:
    rows = [
        Comment(
            id=f"c{n:02d}",
            text=review_rows.TEXTS[n],
            labels=Labels(severity=(n + shift) % 3),
            labelled_by=who,
        )
        for n in range(8)
        for who, shift in (("Camille", 0), ("Dominique", int(n == 0)))
    ]
    store.import_labels(rows, annotator=None)
    app = page()
    app.toggle(key="agreement_on").set_value(True).run()
    assert not app.exception
    assert "κ" in drawn(app)
    assert "Dominique" in drawn(app)
    app = press(app, "agreement.disputed.open")
    assert FR["annotate.empty"] not in drawn(app)
    fill(app, FR["form.severity"], 1)
    press(app, "form.save")
    assert {c.labels.severity for c in store.labelled() if c.id == "c00"} == {1}
