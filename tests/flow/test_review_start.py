"""How the app starts: the command, the first filling of the store, and a model that fails."""

import re
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import review_rows
import streamlit as st
from streamlit.testing.v1 import AppTest
from workbench_rig import Tab, act, data_of

import model.batch
from app import main
from data.errors import BundleError, InputError
from data.store import Store
from training.review import filling, launch, scorers, settings
from training.review.service import ReviewService
from training.review.strings_fr import TEXTS as FR

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(scorers, "_load", lambda bundle, stamp: review_rows.RuleScorer())
    monkeypatch.setattr(model.batch, "_scorers", {})
    yield
    st.cache_resource.clear()


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_every_text_is_in_the_catalogue_and_used() -> None:
    folder = ROOT / "training" / "review"
    paths = [path for path in folder.rglob("*.py") if not path.name.startswith("strings_")]
    source = "\n".join(path.read_text("utf-8") for path in paths)
    keys = set(re.findall(r"""say\(\s*["']([a-z_.]+)["']""", source))
    assert keys
    assert {key for key in keys if not key.endswith(".")} <= FR.keys()
    quoted = set(re.findall(r"""["']([a-z_]+\.[a-z_.0-9]+)["']""", source))
    prefixes = tuple(re.findall(r"""["']([a-z_]+\.(?:[a-z_]+\.)?)(?=\{|["'])""", source))
    assert [key for key in FR if key not in keys | quoted and not key.startswith(prefixes)] == []


def test_an_empty_store_is_filled_with_the_sample_once(
    rule: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "neuf.sqlite3"))
    added = launch.fill_store(None, progress=sys.stderr)
    assert added > 5
    assert launch.fill_store(None, progress=sys.stderr) == 0
    with Store.open(None) as store:
        assert store.counts()["pending"] == added
        assert all(item.scores["bundle"] == "regle-1" for item in store.next_items(limit=added))


def test_the_sample_is_scored_while_the_app_starts(
    rule: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "neuf.sqlite3"))
    monkeypatch.setattr(filling, "_current", None)
    launch.prepare(None, progress=sys.stderr)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    st.cache_resource.clear()
    assert not app.exception
    assert {card["scores"]["bundle"] for card in data_of(app)["items"]} == {"regle-1"}


def test_a_sample_that_cannot_be_scored_is_told_in_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(bundle: object, stamp: object) -> None:
        raise BundleError("no bundle", fix="run courtois train")

    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "neuf.sqlite3"))
    monkeypatch.setattr(scorers, "_load", refuse)
    monkeypatch.setattr(model.batch, "_scorers", {})
    monkeypatch.setattr(filling, "_current", None)
    launch.prepare(None, progress=sys.stderr)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    st.cache_resource.clear()
    assert "no bundle; run courtois train" in html_of(app)
    assert data_of(app)["items"] == []


def test_a_dump_is_added_to_a_store_in_use(
    rule: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "plein.sqlite3"))
    dump = tmp_path / "dump.csv"
    dump.write_text("id,text\na,Quel clown !\nb,\n", "utf-8")
    with Store.open(None) as store:
        store.add_scored(review_rows.scored())
    assert launch.fill_store(dump, progress=sys.stderr) == 1
    with Store.open(None) as store:
        assert store.counts()["pending"] == 15
    with pytest.raises(InputError):
        launch.fill_store(tmp_path / "absent.csv", progress=sys.stderr)


def test_reasons_are_computed_for_rows_scored_without(tmp_path: Path) -> None:
    load: Callable[[], review_rows.RuleScorer] = review_rows.RuleScorer
    comment = review_rows.Comment(text="Quel clown !", id="a")
    bare = {**review_rows.scores(0.9, comment.text), "reasons": None}
    with Store.open(str(tmp_path / "essai.sqlite3")) as store:
        store.add_scored([(comment, bare)])
        service = ReviewService(store, "Camille", load)  # type: ignore[arg-type]
        reasons, other = service.explain(store.item("a"))
    assert [(r.label, r.begin, r.end) for r in reasons] == [("incivility", 5, 10), ("insult", 5, 10)]
    assert other == "regle-1"


def test_a_taken_or_impossible_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="taken"):
            launch.free_port(taken.getsockname()[1])
    with pytest.raises(InputError, match="no port"):
        launch.free_port(0)


@pytest.mark.parametrize(
    "options",
    [["--dump", "absent.csv"], ["--store", "mysterydb://x"], ["--port", "0"], ["--store", "."]],
    ids=["dump", "store", "port", "folder"],
)
def test_the_command_refuses_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    with Store.open(None) as store:
        store.add_scored(review_rows.scored())
    assert main(["review", "--no-browser", *options]) == 2
    told = capsys.readouterr().err
    assert told.startswith("courtois review: ")
    assert told.count("\n") == 1


def test_a_broken_model_does_not_stop_the_decisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(bundle: object, stamp: object) -> None:
        raise BundleError("damaged bundle")

    monkeypatch.setattr(scorers, "_load", refuse)
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    comment = review_rows.Comment(text="Quel clown !", id="a")
    with Store.open(None) as store:
        store.add_scored([(comment, {**review_rows.scores(0.9, comment.text), "reasons": None})])
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        st.cache_resource.clear()
        tab = Tab(app, settings.moderator_name())
        assert tab.wait_for("a")["error"] == "damaged bundle"
        tab.say(act("reject", "a"))
        assert store.item("a").status == "rejected"
