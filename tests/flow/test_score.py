import csv
import gzip
import io
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from score_driver import ROOT, main
from score_files import lines, put, table

import app
from data.taxonomy import SCORE_COLUMNS


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_own_columns_ride_along_before_the_scored_ones(capsys: pytest.CaptureFixture[str]) -> None:
    put("in.csv", "n;text;stance;auteur\r\n007;bonjour;against;a\r\n-8;=salut;;b\r\n")
    assert main(["in.csv", "-o", "out.csv"]) == 0
    header, first, second = table("out.csv")
    assert header == ["id", "n", "text", "input_stance", "auteur", *SCORE_COLUMNS]
    assert first[:5] == ["0", "007", "bonjour", "against", "a"]
    assert second[:5] == ["1", "-8", "'=salut", "", "b"]
    assert first[header.index("stance")] == first[header.index("reasons")] == ""
    assert sorted(os.listdir()) == ["in.csv", "out.csv", "out.csv.manifest.json"]
    said = capsys.readouterr()
    assert said.out == ""
    assert "2 rows in, 2 scored, 0 set aside" in said.err
    assert "proposed: publish" in said.err
    assert "bonjour" not in said.err


def test_rows_that_cannot_be_scored_are_set_aside(capsys: pytest.CaptureFixture[str]) -> None:
    put(
        "in.csv",
        b"id,text\n1,un\n2,\n3,caf\xe9\n4,d,e\n5," + "é".encode() + b"\0\n1," + b"x" * 1_000_001 + b"\n1,b\n",
    )
    assert main(["in.csv", "-o", "out.jsonl", "--target", "eux", "--spans"]) == 1
    out = lines("out.jsonl")
    assert [(row["id"], row["text"]) for row in out] == [("1", "un"), ("5", "é\0"), ("1", "b")]
    assert out[0]["stance"] == "against"
    assert json.loads(str(out[0]["reasons"]))[0]["end"] == 2
    aside = lines("out.jsonl.rejected.jsonl")
    assert [(r["line"], r["column"], r["reason"]) for r in aside] == [
        (3, "text", "empty"),
        (4, "text", "not valid UTF-8"),
        (5, None, "3 cells where the header has 2"),
        (7, "text", "1000001 characters, at most 1000000 are read"),
    ]
    assert aside[2]["cells"] == ["4", "d", "e"]
    assert len(aside[3]["cells"]["text"]) == 1_000_001  # type: ignore[index]
    said = capsys.readouterr().err
    assert "7 rows in, 3 scored, 4 set aside" in said
    assert "1 rows repeat an id of their dump" in said
    assert "rows set aside are in out.jsonl.rejected.jsonl" in said
    put("in2.csv", "text\nbon\n")
    assert main(["in2.csv", "-o", "out.jsonl"]) == 0
    assert not Path("out.jsonl.rejected.jsonl").exists()


def test_types_of_parquet_and_of_json_lines_that_change() -> None:
    when = datetime(2026, 1, 2, tzinfo=UTC)
    schema = pa.schema(
        [
            ("id", pa.int32()),
            ("text", pa.string()),
            ("at", pa.timestamp("us", "UTC")),
            ("l", pa.list_(pa.int8())),
        ]
    )
    rows = [{"id": 1, "text": "a", "at": when, "l": [1]}, {"id": None, "text": "b", "at": None, "l": None}]
    pq.write_table(pa.Table.from_pylist(rows, schema), "in.parquet")
    assert main(["in.parquet", "-o", "out.parquet"]) == 0
    found = pq.read_table("out.parquet")
    assert found.schema.names == [*schema.names, *SCORE_COLUMNS]
    assert [found.schema.field(name).type for name in schema.names] == schema.types
    assert found.select(schema.names).to_pylist() == rows
    assert main(["in.parquet", "-o", "out.jsonl"]) == 0
    assert lines("out.jsonl")[0]["at"] == when.isoformat()

    mixed = [{"text": "a", "v": 1}, {"text": "b", "v": {"x": [None]}, "late": "é"}, {"text": "c", "v": None}]
    put("in.jsonl", "\n".join(map(json.dumps, mixed)))
    assert main(["in.jsonl", "-o", "out.parquet"]) == 0
    found = pq.read_table("out.parquet", columns=["id", "text", "v", "late"])
    assert set(found.schema.types) == {pa.string()}
    assert found.column("v").to_pylist() == ["1", '{"x": [null]}', None]
    assert found.column("late").to_pylist() == [None, "é", None]
    assert main(["in.jsonl", "-o", "out.jsonl"]) == 0
    kept = [{k: v for k, v in row.items() if k not in SCORE_COLUMNS} for row in lines("out.jsonl")]
    assert kept == [{"id": str(i), **row} for i, row in enumerate(mixed)]


def test_several_inputs_patterns_and_a_union_of_columns() -> None:
    put("b1.csv", "text,x\nun,1\n")
    put("b2.csv.gz", gzip.compress(b"text;y\ndeux;2\n"))
    put("a.jsonl", '{"text": "zéro", "x": 5}\n')
    assert main(["a.jsonl", "b*.csv*", "-o", "out.csv"]) == 0
    found = table("out.csv")
    assert found[0][:4] == ["id", "text", "x", "y"]
    assert [row[:4] for row in found[1:]] == [
        ["0", "zéro", "5", ""],
        ["1", "un", "1", ""],
        ["2", "deux", "", "2"],
    ]


def test_mapped_columns_keep_their_names() -> None:
    put("in.csv", "id,n°,corps\nx,7,salut\n")
    assert main(["in.csv", "-o", "out.csv", "--map", "text=corps", "--map", "id=n°"]) == 0
    assert table("out.csv")[0][:4] == ["id", "input_id", "n°", "corps"]
    assert table("out.csv")[1][:4] == ["7", "x", "7", "salut"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.csv", "-o", "o.csv"], "none.csv: no such file"),
        (["n*.csv", "-o", "o.csv"], r"n\*.csv: no file matches"),
        (["in.csv", "-o", "o.xls"], "o.xls: not a known extension"),
        (["in.csv", "-o", "in.csv"], "in.csv: is also an input"),
        (["in.csv", "-o", "file/o.csv"], "file/o.csv: cannot be written"),
        (["in.csv", "-o", "none/o.csv"], "none/o.csv: cannot be written"),
        (["in.csv", "-o", "folder.csv"], "folder.csv: is a directory"),
        (["in.csv", "--jobs", "0"], "--jobs: 0 is no number of processes"),
        (["in.csv", "--map", "text=corps"], "no column 'corps'; columns present: id, text"),
        (["in.csv", "--map", "texte=text"], "a record has no 'texte'"),
        (["in.csv", "other.csv", "-o", "o.csv"], "other.csv: no column 'text'; columns present: corps"),
        (["empty.csv", "-o", "o.csv"], "empty.csv: empty file"),
        (["cut.parquet", "-o", "o.csv"], "cut.parquet: Parquet file is damaged or cut short"),
        (["in.csv", "cut.jsonl.gz", "-o", "o.csv"], "cut.jsonl.gz: compressed file is cut short"),
        (["in.csv", "--resume"], "--resume: stdin and stdout cannot be resumed"),
        (["-", "-", "-o", "o.csv"], "stdin is named twice"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put("in.csv", "id,text\n1,secret\n")
    put("other.csv", "corps\nsecret\n")
    put("empty.csv", "")
    put("file", "")
    Path("folder.csv").mkdir()
    pq.write_table(pa.table({"text": ["secret"] * 99}), "whole.parquet")
    put("cut.parquet", Path("whole.parquet").read_bytes()[:-20])
    put("cut.jsonl.gz", gzip.compress(b'{"text": "secret"}\n' * 99)[:-12])
    before = sorted(os.listdir())
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert re.search(message, said.err)
    assert "secret" not in said.err
    assert sorted(os.listdir()) == before


def test_the_front_door_tells_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main(["score", "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert "1 some rows set aside" in said
    assert "OUT.rejected.jsonl" in said


def test_the_shipped_bundle_scores_a_dump() -> None:
    if not (ROOT / "model" / "shipped" / "manifest.json").exists():
        pytest.skip("no shipped bundle yet")
    put(
        "in.csv",
        "id,text,article_title\na,Merci pour cet article très clair.,La réforme\nb,Pauvre abruti va !,\n",
    )
    assert app.main(["score", "in.csv", "-o", "out.csv", "--spans"]) == 0
    with io.StringIO(Path("out.csv").read_text("utf-8")) as file:
        first, second = csv.DictReader(file)
    assert (first["id"], second["id"]) == ("a", "b")
    assert float(first["incivility"]) < float(second["incivility"])
    assert first["stance"] in ("favor", "against", "none")
    assert second["stance"] == ""
    assert isinstance(json.loads(first["reasons"]), list)


def test_a_dump_in_a_bad_state_is_scored_as_far_as_it_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    """Broken rows, two encodings, a field of 50 MB, repeated ids, empty texts."""
    with Path("in.csv").open("wb") as file:
        file.write(b"id,text\n")
        for i in range(2000):
            broken = {0: b"%d,one,two\n", 3: b"%d,caf\xe9\n", 7: b"%d,\n"}.get(i % 30)
            file.write((broken or b"%d,texte \xc3\xa9\n") % (i // 2))
        file.write(b"9999," + b"x" * 50_000_000 + b"\n")
    assert main(["in.csv", "-o", "o.jsonl"]) == 1
    kept, aside = lines("o.jsonl"), lines("o.jsonl.rejected.jsonl")
    assert len(kept) + len(aside) == 2001
    assert {str(row["reason"]) for row in aside} == {
        "3 cells where the header has 2",
        "not valid UTF-8",
        "empty",
        "50000000 characters, at most 1000000 are read",
    }
    assert {row["text"] for row in kept} == {"texte é"}
    said = capsys.readouterr().err
    assert "rows repeat an id of their dump; all were kept" in said
    assert "rows repeat a comment scored before them" in said


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    put("in.csv", "text\nbonjour\n")
    assert main(["in.csv", "-o", "o.csv", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_an_export_by_its_layout() -> None:
    put("RS.jsonl", '{"id": "x", "title": "La réforme", "selftext": ""}\n')
    body = '{"id": "1", "body": "oui", "link_id": "t3_x", "parent_id": "t3_x", "score": 3}\n'
    body += '{"id": "2", "body": "non", "link_id": "t3_x", "parent_id": "t1_1", "score": "x"}\n'
    put("RC.ndjson.gz", gzip.compress(body.encode()))
    assert main(["RS.jsonl", "RC.ndjson.gz", "--layout", "reddit", "-o", "o.jsonl"]) == 0
    first, second = lines("o.jsonl")
    assert (first["article_title"], first["score"], first["stance"]) == ("La réforme", 3, "against")
    # The fake scorer shows what it saw of the parent.
    assert (second["parent_id"], second["stance_favor"], second["score"]) == ("1", 3.0, "x")
    assert main(["RC.ndjson.gz", "--layout", "reddit", "-o", "o.json"]) == 2


def test_scores_do_not_depend_on_what_was_repeated() -> None:
    put("in.csv", "text\n" + "".join(f"{'x' * (i * i % 53 + 1)}\n" for i in range(2000)))
    for name in ("1", "2"):
        assert main(["in.csv", "-o", f"{name}.parquet", "--jobs", name]) == 0
    chances = pq.read_table("2.parquet").column("p_impolite").to_pylist()
    assert chances == [(i * i % 53 + 1) % 10 / 10 for i in range(2000)]
    assert Path("1.parquet").read_bytes() == Path("2.parquet").read_bytes()
