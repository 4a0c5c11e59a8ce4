"""Files made to cost time or memory, and files that are not what their name says."""

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from data.errors import InputError
from data.formats import Row, read_rows, source


def workbook() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "secret")
    return packed.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": ["secret"]}), out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.csv.gz", "a.parquet"])
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (workbook(), r"a ZIP archive or a workbook, not \w+ as its name says; unpack it, or export CSV"),
        (gzip.compress(b"text\nsecret\n"), r"gzip, not \w+ as its name says; end its name with \.gz"),
        (zstandard.compress(b"text\nsecret\n"), r"zstd, not \w+ as its name says; end its name with \.zst"),
        (parquet(), r"Parquet, not \w+ as its name says; end its name with \.parquet"),
    ],
    ids=["zip", "gzip", "zstd", "parquet"],
)
def test_a_file_under_another_formats_name_is_told(
    tmp_path: Path, name: str, content: bytes, fault: str
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    if name == "a.parquet" and content == parquet():
        assert len(list(read_rows(path))) == 1
        return
    with pytest.raises(InputError, match=fault) as error:
        list(read_rows(path))
    assert "secret" not in str(error.value)


def test_many_columns_of_one_name_are_numbered_in_one_pass(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text," + ",".join(["a"] * 9_999) + "\n" + ",".join(["x"] * 10_000) + "\n")
    (row,) = read_rows(path)
    assert isinstance(row, Row)
    assert list(row.values)[:4] == ["text", "a", "a_2", "a_3"]
    assert len(row.values) == 10_000


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_brackets_do_not_take_memory_on_the_square_of_their_number(tmp_path: Path, opening: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'[{"text": "a"},\n' + opening * 200_000)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"a\.json: nested too deeply"):
            list(read_rows(path))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_header_of_too_many_columns_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n\n" + "secret," * 10_000 + "text\nb\n")
    with pytest.raises(InputError, match=r"a\.csv:3: 10001 columns where 10000 are the most; export only"):
        list(read_rows(path))
    table = tmp_path / "a.parquet"
    pq.write_table(pa.table({f"secret{i}": [1] for i in range(10_001)}), table)
    with pytest.raises(InputError, match=r"a\.parquet: 10001 columns where") as error:
        list(read_rows(table))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_table_fills_no_disk(
    tmp_path: Path, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = parquet()
    path = tmp_path / f"a.parquet{'.gz' if pack is gzip.compress else '.zst'}"
    path.write_bytes(pack(content))
    monkeypatch.setattr(source, "MAX_UNPACKED", len(content))
    assert len(list(read_rows(path))) == 1
    path.write_bytes(pack(content + bytes(2**24)))
    monkeypatch.setattr(source, "MAX_UNPACKED", 2**22)
    with pytest.raises(InputError, match=r"unpacks to more than 0\.00390625 GiB; unpack it yourself"):
        list(read_rows(path))
