"""What each role finds on the pages: who only reads changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import review_rows
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.store import Draft, Store
from data.store.accounts import Role
from training.review import people
from training.review.strings_fr import TEXTS as FR

PAGES = {
    "models": "from training.review import models_page\nmodels_page.draw(None)",
    "annotate": "from training.review import annotate_page, resources\nannotate_page.draw(resources.service)",
}
MAY_NOT = FR["people.may_not"].split("{")[0]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))
    monkeypatch.delenv("COURTOIS_BUNDLE", raising=False)
    monkeypatch.setattr(people, "ASK_AGAIN", 0.0)
    st.cache_resource.clear()
    with Store.open(None) as opened:
        opened.add_scored(review_rows.scored())
        opened.list_tasks([Draft(comment_id=opened.next_items(limit=1)[0].comment.id, kind="active")])
        opened.add_account("Camille", "responsable")
        yield opened
    st.cache_resource.clear()


def page(name: str, store: Store, role: Role, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    store.set_role("Camille", role)
    sent = {people.cookie_name(store): store.start_session("Camille")}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda self: sent))
    app = AppTest.from_string(PAGES[name], default_timeout=30).run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize(("role", "may"), [("responsable", True), ("moderateur", False), ("lecture", False)])
def test_models_are_changed_by_those_in_charge(
    store: Store, monkeypatch: pytest.MonkeyPatch, role: Role, may: bool
) -> None:
    app = page("models", store, role, monkeypatch)
    assert app.header[0].value.startswith("En service :")
    assert app.button(key="models_retrain").disabled is not may
    assert (MAY_NOT in drawn(app)) is not may


@pytest.mark.parametrize(("role", "may"), [("responsable", True), ("moderateur", True), ("lecture", False)])
def test_comments_are_labelled_by_those_who_may(
    store: Store, monkeypatch: pytest.MonkeyPatch, role: Role, may: bool
) -> None:
    app = page("annotate", store, role, monkeypatch)
    assert (FR["annotate.later"] in [button.label for button in app.button]) is may
    assert (MAY_NOT in drawn(app)) is not may


def test_a_label_given_after_the_session_ended_is_not_kept_and_said(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page("annotate", store, "moderateur", monkeypatch)
    groups = app.get("button_group")
    next(group for group in groups if group.label.startswith(FR["form.severity"])).set_value(2)
    store.disable_account("Camille")
    next(button for button in app.button if button.label == FR["form.save"]).click().run()
    assert not app.exception
    assert FR["people.not_done"] in drawn(app)
    assert list(store.labelled()) == []
