"""Labels leave one store and arrive whole in another."""

import csv
import json
from pathlib import Path

import pytest

from data.errors import InputError
from data.exchange import COLUMNS, export_labels, read_labelled
from data.formats import Rejection
from data.record import Comment, Labels
from data.store import Store

HOSTILE = (
    "=HYPERLINK(0)",
    "+1 tout à fait",
    "-12.5",
    "- Bonjour\n- Bonsoir",
    "@moi",
    "\tdécalé",
    "\rretour",
    "'=déjà",
    "''+deux",
    "'l''autre, \"cité\"",
    "> cité\r\n\r\nrépondu 🙂",
)


def filled(path: Path) -> Store:
    store = Store.open(str(path))
    scores = {"incivility": 0.5, "action": "review", "bundle": "b"}
    extra = {"=rubrique": "=économie", "votes": 3, "tags": ["a", "b"]}
    for number, text in enumerate(HOSTILE):
        comment = Comment(
            id=f"c{number}", text=text, author="Zoé", thread_id="t", target="@cible", extra=extra
        )
        store.add_scored([(comment, scores)])
        labels = Labels(severity=number % 4, insult=1, stance="against") if number % 2 else None
        store.decide(comment.id, "reject", moderator="anne", version=0, labels=labels)
    store.decide("c0", "approve", moderator="bob", version=1)
    store.import_labels([Comment(id="seul", text="Sans score", labels=Labels(threat=0))], annotator="lila")
    return store


@pytest.mark.parametrize(
    "name", ["labels.jsonl", "labels.csv", "labels.csv.gz", "labels.tsv", "labels.parquet"]
)
def test_export_and_import_lose_nothing(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    with filled(tmp_path / "one.sqlite3") as one, Store.open(str(tmp_path / "two.sqlite3")) as two:
        before = list(one.labelled())
        assert export_labels(one.labelled, out) == len(before) == len(HOSTILE) + 2
        read = [row for row in read_labelled(out) if isinstance(row, Comment)]
        assert two.import_labels(read, annotator=None).added == len(before)
        after = list(two.labelled())
        assert one.import_labels(read, annotator=None).unchanged == len(before)
    kept = ("id", "text", "author", "thread_id", "target", "labels", "labelled_by", "labelled_at", "source")
    assert [[getattr(c, n) for n in kept] for c in after] == [[getattr(c, n) for n in kept] for c in before]
    assert [str(c.extra.get("=rubrique")) for c in after] == [str(c.extra.get("=rubrique")) for c in before]
    if name.endswith(".jsonl"):
        assert [c.extra for c in after] == [c.extra for c in before]


def test_csv_cells_cannot_run_in_a_spreadsheet(tmp_path: Path) -> None:
    out = tmp_path / "labels.csv"
    with filled(tmp_path / "one.sqlite3") as store:
        export_labels(store.labelled, out)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][: len(COLUMNS)] == list(COLUMNS)
    live = [c for row in rows for c in row if c.startswith(tuple("=+-@\t\r"))]
    assert live == ["-12.5"]


def test_export_names_no_author(tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    with filled(tmp_path / "one.sqlite3") as store:
        export_labels(store.labelled, out)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {row["author"][:5] for row in rows if row["id"] != "seul"} == {"hmac:"}
    assert "Zoé" not in out.read_text(encoding="utf-8")


def test_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "labels.csv"
    out.write_text("l'ancien")
    calls = iter([[Comment(id="1", text="a")], [Comment(id="1", text="a", extra={"neuf": 1})]])
    with pytest.raises(InputError, match="new columns"):
        export_labels(lambda: next(calls), out)
    assert out.read_text() == "l'ancien"
    assert list(tmp_path.iterdir()) == [out]


def test_rows_without_a_usable_label_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "retour.csv"
    path.write_text("id,text,severity\n1,Bien,0\n2,Sans,\n3,Trop,7\n4,,1\n", encoding="utf-8")
    rows = list(read_labelled(path))
    assert [row.id for row in rows if isinstance(row, Comment)] == ["1"]
    aside = [row for row in rows if isinstance(row, Rejection)]
    assert [(row.line, row.column) for row in aside] == [(3, None), (4, "severity"), (5, "text")]
    assert "no label" in aside[0].reason
