"""Stores and pages that several files of tests begin with."""

from collections.abc import Iterator
from pathlib import Path

import insight_page
import pytest
import review_rows
from streamlit.testing.v1 import AppTest

from data.record import Comment, Labels
from data.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    path = str(tmp_path / "store.sqlite3")
    with Store.open(path) as store:
        scores = {"incivility": 0.9, "action": "hold"}
        store.add_scored((Comment(id=str(i), text=f"Commentaire {i}"), scores) for i in range(3))
        store.decide("0", "reject", moderator="anne", version=0, labels=Labels(insult=1))
        store.decide("1", "skip", moderator="anne", version=0)
    return path


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("COURTOIS_POLICY", str(tmp_path / "conf" / "policy.toml"))
    with Store.open(str(tmp_path / "essai.sqlite3")) as opened:
        opened.add_scored(review_rows.scored())
        yield opened


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> insight_page.Opener:
    from training.review import people

    monkeypatch.setattr(people, "current", people.current)  # the page's own stand-in goes again

    def opened(page: str, role: str = "responsable") -> AppTest:
        text = insight_page.PAGE.format(page=page, role=role, store=store.where)
        app = AppTest.from_string(text, default_timeout=60).run()
        assert not app.exception
        return app

    return opened
