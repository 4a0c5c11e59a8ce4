"""The page *Modèles*: what it shows, and that it changes nothing by accident."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.store import Store
from model.installed import current, install
from model.manifest import read_manifest
from model.promotions import history
from training import jobs, promote
from training.gates import Gate
from training.review import models_view
from training.review.strings_fr import TEXTS as FR

PASSED = (Gate(name="quality", passed=True, current=0.7, candidate=0.8, detail="p_uncivil auc"),)
LOST = (Gate(name="identity", passed=False, current=0.01, candidate=0.2, detail="<b>gras</b>"),)

PAGE = """
from training.review import models_page
models_page.draw({store!r})
"""


@pytest.fixture
def page(
    tmp_path: Path, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], AppTest]]:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))
    monkeypatch.setenv("COURTOIS_MODERATOR", "Camille")
    monkeypatch.delenv("COURTOIS_BUNDLE", raising=False)
    install(small_folder)
    store = str(tmp_path / "essai.sqlite3")
    monkeypatch.setenv("COURTOIS_STORE", store)
    Store.open(store).close()

    def opened() -> AppTest:
        app = AppTest.from_string(PAGE.format(store=store), default_timeout=30).run()
        assert not app.exception
        return app

    yield opened
    st.cache_resource.clear()


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def press(app: AppTest, key: str) -> AppTest:
    (button,) = [b for b in app.button if b.label == FR[key]]
    button.click().run()
    assert not app.exception
    return app


def gates(monkeypatch: pytest.MonkeyPatch, given: tuple[Gate, ...]) -> None:
    monkeypatch.setattr(promote, "measure_gates", lambda *arguments: given)


def test_shows_the_bundle_in_use_beside_the_other(page: Callable[[], AppTest]) -> None:
    app = page()
    (title,) = [s.value for s in app.header]
    assert title.startswith("En service : courtois-fr@")
    (choice,) = app.selectbox
    assert choice.options == ["petit@1 (installé)"]
    frames = [frame.value for frame in app.dataframe]
    assert any("embedded/14" in frame.to_string() for frame in frames)
    assert FR["models.shipped"] in [c.value for c in app.caption]


def test_promotion_needs_the_confirmation(
    page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    gates(monkeypatch, PASSED)
    app = press(page(), "models.promote")
    assert "Cochez la confirmation" in html_of(app)
    assert history() == []


def test_promote_and_back(page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    gates(monkeypatch, PASSED)
    app = page()
    app.checkbox(key="models_sure").check()
    app.text_input(key="models_reason").input("mesuré mardi")
    press(app, "models.promote")
    assert current().name == "petit@1"
    assert "petit@1 est en service" in html_of(app)
    assert [s.value for s in app.header] == ["En service : petit@1"]
    app.checkbox(key="models_rollback_sure").check()
    press(app, "models.rollback")
    assert current().name == "shipped"
    assert [(e.who, e.action, e.reason) for e in history()] == [
        ("Camille", "promote", "mesuré mardi"),
        ("Camille", "rollback", ""),
    ]


def test_a_lost_gate_refuses_and_is_shown_as_text(
    page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    gates(monkeypatch, LOST)
    app = page()
    app.checkbox(key="models_sure").check()
    press(app, "models.promote")
    assert current().name == "shipped"
    assert "il perd sur phrases neutres sur l’identité" in html_of(app)
    assert "<b>gras" not in html_of(app)
    app.checkbox(key="models_force").check()
    app.checkbox(key="models_sure").check()
    press(app, "models.promote")
    assert "--force needs a reason" in html_of(app)
    assert current().name == "shipped"


def test_a_damaged_pointer_is_said(page: Callable[[], AppTest], tmp_path: Path) -> None:
    (tmp_path / "bundles" / "current.json").write_text("{", encoding="utf-8")
    assert "does not name the bundle in use" in html_of(page())


def test_retraining_runs_on_its_own_and_says_how_it_ended(
    page: Callable[[], AppTest], tmp_path: Path
) -> None:
    app = press(page(), "models.retrain")
    (job,) = jobs.jobs()
    assert job.request["who"] == "Camille"
    for _ in range(300):
        if job.state != "running":
            break
        time.sleep(0.1)
    assert job.state == "failed"  # the store is empty
    assert job.result == {"code": 2}
    assert any("at least 30 are needed" in line for line in job.lines())
    assert not (job.folder / jobs.LABELS).exists()
    app.run()
    assert "n’a pas donné de candidat" in html_of(app)


def test_a_killed_retraining_leaves_no_export(page: Callable[[], AppTest], tmp_path: Path) -> None:
    folder = tmp_path / "bundles" / "jobs" / "20260101T000000-abc123"
    folder.mkdir(parents=True)
    (folder / jobs.REQUEST).write_text(json.dumps({"who": "Lila", "started": "2026-01-01T00:00:00+00:00"}))
    (folder / jobs.LABELS).write_text("texte")
    app = page()
    assert "a été interrompu" in html_of(app)
    assert not (folder / jobs.LABELS).exists()


def test_a_comparison_says_what_it_rests_on(small_folder: Path) -> None:
    """Blind labels alone, all of them, or, from an older bundle, nothing known."""
    row = {"head": "p_uncivil", "n": 210, "measure": "auc", "base": 0.7, "candidate": 0.8, "passed": True}
    rows = [row | {"blind": 210, "on_blind": True}, row | {"blind": 12, "on_blind": False}, row]
    manifest = replace(read_manifest(small_folder), metrics={"comparison": rows})
    frame = models_view.comparison(models_view.Shown(small_folder, manifest, ""))
    assert frame is not None
    assert frame[FR["models.basis"]].tolist() == ["celles à l’aveugle", "toutes (12 à l’aveugle)", "–"]
