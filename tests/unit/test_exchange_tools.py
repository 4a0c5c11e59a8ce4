"""Labels of annotation tools: what their files say, and what ours say to them."""

import json
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from exchange_rows import SAID, comments, lines

from data.errors import InputError
from data.exchange import (
    LeftOut,
    detect,
    export_exchange,
    read_exchange,
)
from data.formats import Rejection
from data.record import MAX_TEXT, Comment


def told(rows: Iterable[Comment]) -> list[tuple[Any, ...]]:
    return [(c.id, c.text, c.labelled_by, c.labelled_at, c.labels, c.thread_id) for c in rows]


@pytest.mark.parametrize(
    ("form", "name"),
    [("label-studio", "a.json"), ("argilla", "a.json"), ("argilla", "a.jsonl"), ("doccano", "a.jsonl")],
)
def test_what_a_tool_gets_comes_back_whole(form: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    written = export_exchange(lambda: SAID, path, form=form, keep_all=True)
    assert written == (3 if form == "doccano" else 2)
    assert detect(path) == form
    assert told(comments(path)) == told(SAID)
    assert comments(path)[-1].extra["votes"] == 3


def test_label_studio_as_its_own_export_is(tmp_path: Path) -> None:
    def choice(name: str, *values: str) -> dict[str, Any]:
        return {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": list(values)}}

    task = {
        "id": 12,
        "data": {"text": "Bande de vendus", "comment_id": "c9"},
        "annotations": [
            {
                "id": 1,
                "completed_by": 3,
                "result": [choice("severity", "2 · uncivil"), choice("insult", "oui")],
            },
            {
                "id": 2,
                "completed_by": {"id": 4, "email": "bob@journal.example"},
                "result": [choice("types", "menace")],
            },
            {"id": 3, "completed_by": 5, "was_cancelled": True, "result": []},
            {"id": 4, "completed_by": 6, "result": [choice("severity", "affreux")]},
            {"id": 5, "completed_by": 7, "result": []},
        ],
        "predictions": [{"result": [choice("severity", "3 · intolerable")]}],
    }
    path = tmp_path / "project-1.json"
    path.write_text(
        json.dumps([task, {"id": 13, "data": {"text": "x"}, "annotations": []}]), encoding="utf-8"
    )
    rows = list(read_exchange(path, users={"3": "anne"}))
    said = [row for row in rows if isinstance(row, Comment)]
    assert [(c.id, c.labelled_by, c.labels.severity, c.labels.insult, c.labels.threat) for c in said] == [
        ("c9", "anne", 2, 1, None),
        ("c9", "bob@journal.example", None, 0, 1),
    ]
    assert sorted(row.reason for row in rows if isinstance(row, LeftOut)) == [
        "cancelled annotations",
        "tasks without an annotation",
    ]
    aside = [row for row in rows if isinstance(row, Rejection)]
    assert [(row.line, row.column) for row in aside] == [(1, "severity"), (1, None)]


def test_label_studio_json_min(tmp_path: Path) -> None:
    row = {"id": 4, "text": "Bravo", "severity": "0 · civil", "annotator": 2, "annotation_id": 9}
    path = tmp_path / "min.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    (said,) = comments(path)
    assert (said.id, said.labelled_by, said.labels.given()) == (
        "label-studio-4",
        "label-studio-2",
        {"severity": 0},
    )


def test_argilla_as_its_server_gives_it(tmp_path: Path) -> None:
    record = {
        "id": "r1",
        "fields": {"text": "Tu mens"},
        "metadata": {"thread_id": "f"},
        "responses": [
            {"user_id": "u1", "status": "submitted", "values": {"severity": {"value": "2"}}},
            {"user_id": "u2", "status": "draft", "values": {"severity": {"value": "0"}}},
        ],
        "suggestions": {"severity": {"value": "3"}},
    }
    rows = list(read_exchange(lines(tmp_path / "a.jsonl", [record]), users={"u1": "anne"}))
    assert [(c.labelled_by, c.labels.severity, c.thread_id) for c in rows if isinstance(c, Comment)] == [
        ("anne", 2, "f")
    ]
    assert [row.reason for row in rows if isinstance(row, LeftOut)] == ["drafts and discarded responses"]


def test_doccano_names_the_annotator_after_the_file(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": "Quel clown", "label": ["severity=2", "insult"], "Comments": []},
        {"id": 2, "text": "Bien", "label": []},
        {"id": 3, "text": "Hum", "label": ["bizarre"]},
        {"id": 4, "text": "Hum", "label": [[0, 2, "X"]]},
    ]
    found = list(read_exchange(lines(tmp_path / "anne.jsonl", rows)))
    (said,) = [row for row in found if isinstance(row, Comment)]
    assert (said.id, said.labelled_by, said.labels.given()) == (
        "doccano-1",
        "anne",
        {"severity": 2, "insult": 1},
    )
    assert [row.reason for row in found if isinstance(row, LeftOut)] == ["texts without a label"]
    assert [row.column for row in found if isinstance(row, Rejection)] == ["severity", "label"]
    (said,) = comments(lines(tmp_path / "all.jsonl", rows))
    assert said.labelled_by is None


def test_a_spreadsheet_with_a_byte_order_mark_and_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "retour.csv"
    path.write_text("\ufeffid;text;severity\n1;'=1+1;2\n2;Été;0\n", encoding="utf-8")
    assert [(c.id, c.text, c.labels.severity) for c in comments(path)] == [("1", "=1+1", 2), ("2", "Été", 0)]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_hostile_files_cost_a_row_or_a_line(name: str, tmp_path: Path) -> None:
    deep: Any = "x"
    for _ in range(100):
        deep = [deep]
    rows = [
        {"text": "Bien", "severity": 0, "id": "../../x"},
        {"text": "a", "severity": 0, "id": "x" * 2000},
        {"text": "a" * (MAX_TEXT + 1), "severity": 0},
        {"text": "a", "severity": 0, "note": "b" * (MAX_TEXT + 1)},
        {"text": "a", "severity": 0, "note": deep},
        {"text": {"$ne": 1}, "severity": 0},
        {"text": "a", "severity": "=2"},
    ]
    path = tmp_path / name
    if name.endswith(".json"):
        path.write_text(json.dumps(rows), encoding="utf-8")
    else:
        lines(path, rows)
    found = list(read_exchange(path))
    assert [c.id for c in found if isinstance(c, Comment)] == ["../../x"]
    aside = [row for row in found if isinstance(row, Rejection)]
    assert [row.line for row in aside] == [2, 3, 4, 5, 6, 7]
    assert [row.column for row in aside] == ["id", "text", None, None, "text", "severity"]


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps({"text": "x", "severity": 0}),
        b"[" * 200_000,
        b'[{"text": "x", "severity": 0}, {"te',
        b"\x00\x01\x02" * 50,
        b"[1, 2, 3]",
        b"",
    ],
    ids=["pickle", "deep", "cut", "binary", "numbers", "empty"],
)
@pytest.mark.parametrize("form", [None, "label-studio"])
def test_a_file_that_is_no_export_is_one_line(content: bytes, form: str | None, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        list(read_exchange(path, form=form))
    assert str(path) in str(raised.value)
    assert len(str(raised.value)) < 500


def test_a_file_of_two_tools_asks_which(tmp_path: Path) -> None:
    row = {"text": "x", "label": ["insult"], "body": "x", "status": "APPROVED"}
    path = lines(tmp_path / "a.jsonl", [row])
    with pytest.raises(InputError, match="--format doccano or --format coral"):
        list(read_exchange(path))
    assert len(comments(path, form="coral")) == 1
