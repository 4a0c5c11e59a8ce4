"""``courtois journal``: the audit log and the statements of reasons as files."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app import main
from data.record import Comment
from data.store import Store

SCORES = {"incivility": 0.9, "action": "hold", "bundle": "b-1"}


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = str(tmp_path / "essai.sqlite3")
    with Store.open(url) as opened:
        for id_ in ("=1+1", "b", "c"):
            opened.add_scored([(Comment(id=id_, text=f"Texte {id_}", article_title="'=titre"), SCORES)])
        opened.decide("=1+1", "reject", moderator="@anne", version=0, reason="threat")
        opened.decide("b", "reject", moderator="bob", version=0)
        opened.decide_many([("c", 0)], "reject", moderator="bob", rule="de 80 % à 100 %", reason="spam")
    return url


def run(*words: str) -> int:
    return main(["journal", *words])


def test_a_spreadsheet_runs_no_cell(store: str, tmp_path: Path) -> None:
    out = tmp_path / "journal.csv"
    assert run("export", "--store", store, "-o", str(out)) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["comment_id"] for row in rows] == ["'=1+1", "b", "c"]
    assert rows[0]["moderator"] == "'@anne"
    assert rows[0]["article_title"] == "''=titre"
    assert (rows[0]["reason"], rows[0]["coral_code"]) == ("threat", "ILLEGAL_CONTENT")
    assert [row["source"] for row in rows] == ["human", "human", "rule"]


def test_formats_agree_and_conditions_hold(store: str, tmp_path: Path) -> None:
    lines, table = tmp_path / "journal.jsonl", tmp_path / "journal.parquet"
    for out in (lines, table):
        assert run("export", "--store", store, "--moderator", "bob", "-o", str(out)) == 0
    told = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    held = pq.read_table(table).to_pylist()
    assert [row["comment_id"] for row in told] == [row["comment_id"] for row in held] == ["b", "c"]
    assert told[1]["rule"] == held[1]["rule"] == "de 80 % à 100 %"
    assert (told[0]["proposed"], told[0]["undone_by"], told[0]["erased"]) == ("hold", None, False)
    assert run("export", "--store", store, "--reason", "none", "-o", str(lines)) == 0
    assert [json.loads(line)["comment_id"] for line in lines.read_text("utf-8").splitlines()] == ["b"]


def test_statements_have_the_shape_of_the_database(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURTOIS_RULES_URL", "https://journal.example/regles")
    out = tmp_path / "statements.jsonl"
    assert run("statements", "--store", store, "-o", str(out)) == 1
    told = capsys.readouterr().err
    assert "row 2: nobody gave a reason" in told
    assert "2 statements written, 1 left out" in told
    threat, spam = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert threat["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert threat["illegal_content_legal_ground"].startswith("Articles 222-17")
    assert threat["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert spam["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
    assert spam["decision_ground_reference_url"] == "https://journal.example/regles"
    assert spam["automated_detection"] == "Yes"
    assert spam["content_type"] == ["CONTENT_TYPE_TEXT"]
    assert "bob" not in out.read_text("utf-8")


def test_mistakes_are_one_line(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ("export", "--store", store, "--since", "demain"),
        ("export", "--store", str(tmp_path / "absent.sqlite3")),
        ("statements", "--store", store, "-o", str(tmp_path / "s.csv")),
    ):
        assert run(*words) == 2
        told = capsys.readouterr().err
        assert told.startswith("courtois journal: ")
        assert told.count("\n") == 1


def test_the_app_does_not_start_with_an_address_that_is_none(
    store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURTOIS_COMPLAINTS_URL", "moderation@journal.example")
    monkeypatch.setenv("COURTOIS_STORE", store)
    assert main(["review", "--no-browser"]) == 2
    assert "COURTOIS_COMPLAINTS_URL is no web address" in capsys.readouterr().err
