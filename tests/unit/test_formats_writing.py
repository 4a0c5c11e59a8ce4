import csv
import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import InputError
from data.formats import open_writer, read_rows

ROOT = Path(__file__).parents[2]


def test_formulas_are_text_in_csv_only(tmp_path: Path) -> None:
    row = {"text": "=HYPERLINK(1)", "n": "-12,5", "x": -3.5, "m": "@moi", "t": "\tx", "o": "1=1"}
    for name in ("o.csv", "o.jsonl"):
        with open_writer(tmp_path / name, [*row, "+head"]) as writer:
            writer.write([row])
    with (tmp_path / "o.csv").open(newline="", encoding="utf-8") as file:
        header, cells = csv.reader(file)
    assert header[-1] == "'+head"
    assert cells == ["'=HYPERLINK(1)", "-12,5", "-3.5", "'@moi", "'\tx", "1=1", ""]
    assert json.loads((tmp_path / "o.jsonl").read_text("utf-8")) == {**row, "+head": None}


def test_types_of_each_format(tmp_path: Path) -> None:
    when = datetime(2026, 3, 1, 12, tzinfo=UTC)
    row = {"d": when, "l": [1, None], "f": float("nan"), "b": True, "raw": b"\xff", "t": "é"}
    with open_writer(tmp_path / "o.parquet", list(row)) as writer:
        writer.write([row, {"t": "seul"}])
    found = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert found[0] == {
        "d": when.isoformat(),
        "l": "[1, null]",
        "f": None,
        "b": "true",
        "raw": '{"base64": "/w=="}',
        "t": "é",
    }
    assert found[1] == {"d": None, "l": None, "f": None, "b": None, "raw": None, "t": "seul"}
    with open_writer(tmp_path / "o.jsonl") as writer:
        writer.write([row])
    line = json.loads((tmp_path / "o.jsonl").read_text("utf-8"))
    assert (line["l"], line["f"], line["b"]) == ([1, None], None, True)


def test_parquet_has_row_groups_and_its_schema(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.int32()), ("text", pa.large_string())])
    with open_writer(tmp_path / "o.parquet", schema) as writer:
        writer.write({"n": i, "text": str(i)} for i in range(25_000))
    file = pq.ParquetFile(tmp_path / "o.parquet")
    assert file.schema_arrow.equals(schema)
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [
        10_000,
        10_000,
        5_000,
    ]
    file.close()


def test_long_texts_make_smaller_row_groups(tmp_path: Path) -> None:
    with open_writer(tmp_path / "o.parquet", ["text"]) as writer:
        writer.write({"text": "x" * 2**20} for _ in range(70))
    file = pq.ParquetFile(tmp_path / "o.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [32, 32, 6]
    file.close()


@pytest.mark.parametrize("name", ["o.csv", "o.jsonl.gz", "o.parquet", "o.csv.zst"])
def test_a_failure_leaves_the_earlier_file_and_nothing_else(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"earlier")

    def rows() -> object:
        yield {"text": "un"}
        raise KeyError

    with pytest.raises(KeyError), open_writer(path, ["text"]) as writer:
        writer.write(rows())  # type: ignore[arg-type]
    assert path.read_bytes() == b"earlier"
    assert os.listdir(tmp_path) == [name]


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("o.csv.gz", "o.jsonl.zst", "o.parquet"):
        made = []
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir(exist_ok=True)
            with open_writer(tmp_path / folder / name, ["text"]) as writer:
                writer.write({"text": str(i)} for i in range(100))
            made.append((tmp_path / folder / name).read_bytes())
        assert made[0] == made[1]
    assert gzip.decompress((tmp_path / "a" / "o.csv.gz").read_bytes()).startswith(b"text\r\n0\r\n")


def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "o.csv", tmp_path / "none" / "o.csv"):
        with pytest.raises(InputError, match="cannot be written"), open_writer(path, ["text"]):
            pass
    with pytest.raises(InputError, match="not a known extension"), open_writer(tmp_path / "o.xlsx", ["text"]):
        pass


@pytest.mark.parametrize(
    "name", ["o.csv", "o.jsonl", "o.parquet", "o.csv.gz", "o.jsonl.zst", "o.parquet.zst"]
)
def test_a_full_disk_is_one_line(tmp_path: Path, name: str) -> None:
    code = f"""
import resource, random, sys
from data.errors import CourtoisError
from data.formats import open_writer
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
letters = random.Random(1)
try:
    with open_writer({str(tmp_path / name)!r}, ["text"]) as writer:
        writer.write({{"text": str(letters.random())}} for _ in range(40000))
except CourtoisError as error:
    sys.exit(f"told: {{error}}")
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith("told: ")
    assert "cannot be written (File too large)" in done.stderr
    assert done.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == []


def test_our_own_csv_is_read_again_with_its_nul_and_returns(tmp_path: Path) -> None:
    wanted = ["a\0b", "un\rdeux", "un\r\ndeux", 'dit "oui"', " espaces "]
    with open_writer(tmp_path / "o.csv", ["id", "text"]) as writer:
        writer.write({"id": str(i), "text": t} for i, t in enumerate(wanted))
    assert [row.values["text"] for row in read_rows(tmp_path / "o.csv")] == wanted  # type: ignore[union-attr]
