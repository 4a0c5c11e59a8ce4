import base64
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.formats import Rejection, Row, open_writer, parse_mapping, read_comments, read_rows
from data.record import MAX_TEXT, Comment


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: Path, **options: object) -> list[str]:
    found = list(read_comments(path, **options))  # type: ignore[arg-type]
    return [c.text if isinstance(c, Comment) else f"!{c.line}:{c.column}:{c.reason}" for c in found]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_quotes_and_embedded_newlines(tmp_path: Path, delimiter: str) -> None:
    rows = [["1", f'dit "oui"{delimiter} puis\nnon, ; |'], ["2", "rien"]]
    body = "".join(
        delimiter.join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) + "\r\n" for row in rows
    )
    path = write(tmp_path / "dump.csv", f"id{delimiter}text\r\n{body}")
    found = list(read_rows(path))
    assert [(r.number, r.line, list(r.values.values())) for r in found if isinstance(r, Row)] == [
        (0, 2, rows[0]),
        (1, 4, rows[1]),
    ]


def test_byte_order_mark_excel_sep_line_and_single_column(tmp_path: Path) -> None:
    assert texts(write(tmp_path / "a.csv", b"\xef\xbb\xbftext;id\r\nsalut;1\r\n")) == ["salut"]
    assert texts(write(tmp_path / "b.csv", "sep=;\r\ntext;n\r\noui, non;1\r\n")) == ["oui, non"]
    assert texts(write(tmp_path / "c.csv", "text\noui, non; si\n\nautre\n")) == ["oui, non; si", "autre"]
    assert texts(write(tmp_path / "d.csv", "text;n\nété;1\n".encode("utf-16"))) == ["été"]


def test_windows_1252_is_told_from_utf_8_with_a_bad_row(tmp_path: Path) -> None:
    assert texts(
        write(tmp_path / "w.csv", "text;n\nÇa coûte 3 € « déjà »;1\nœuvre;2\n".encode("cp1252"))
    ) == [
        "Ça coûte 3 € « déjà »",
        "œuvre",
    ]
    path = write(tmp_path / "u.csv", "id,text\n1,été\n2,".encode() + b"caf\xe9\n3,fin\n")
    first, bad, last = read_comments(path)
    assert isinstance(bad, Rejection)
    assert (bad.number, bad.line, bad.column, bad.reason) == (1, 3, "text", "not valid UTF-8")
    assert base64.b64decode(bad.cells["text"]["base64"]) == b"caf\xe9"
    assert isinstance(first, Comment)
    assert isinstance(last, Comment)
    assert (first.text, last.text) == ("été", "fin")
    assert texts(write(tmp_path / "x.csv", b"id,text\n1,bon\n2,\xff\xfe\n")) == [
        "bon",
        "!3:text:not valid UTF-8",
    ]


def test_ragged_rows_are_set_aside_with_their_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", "id,text,n\n1,a,x\n2,b\n3,c,d,e\n4,f,y\n")
    found = list(read_rows(path))
    assert [r.cells for r in found if isinstance(r, Rejection)] == [["2", "b"], ["3", "c", "d", "e"]]
    assert [r.number for r in found if isinstance(r, Row)] == [0, 3]


def test_an_open_quote_costs_one_line_not_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "q.csv", 'id,text\n1,"oups\n2,deux\n3,"trois\net demi"\n4,"a "b" c"\n5,"fin\n')
    found = list(read_rows(path))
    assert [r.values["text"] for r in found if isinstance(r, Row)] == ["deux", "trois\net demi"]
    broken = [(r.line, r.cells) for r in found if isinstance(r, Rejection)]
    assert broken == [(2, '1,"oups\n'), (6, '4,"a "b" c"\n'), (7, '5,"fin\n')]


def test_nul_bytes_are_data_and_a_megabyte_is_fine(tmp_path: Path) -> None:
    long = "é" * MAX_TEXT
    assert texts(write(tmp_path / "n.csv", f"text,n\na\0b,1\n{long},2\n{long}x,3\n"))[:2] == ["a\0b", long]
    lines = [json.dumps({"text": t}) for t in ("a\0b", long, long + "x")]
    found = texts(write(tmp_path / "n.jsonl", "\n".join(lines)))
    assert found[:2] == ["a\0b", long]
    assert found[2] == f"!3:text:{MAX_TEXT + 1} characters, at most {MAX_TEXT} are read"


def test_bad_json_lines(tmp_path: Path) -> None:
    deep = b'{"text": "x", "d": ' + b"[" * 90_000 + b"]" * 90_000 + b"}"
    lines = [b'{"text": "un"}', b"{", b"[1]", b'"s"', b"", b'{"text": "\xe9"}', b'{"text": "\\ud83d"}', deep]
    lines += [b'{"text": null}', b'{"text": {"a": 1}}', b'{"text": 12}', b'{"n": ' + b"9" * 5000 + b"}"]
    found = list(read_comments(write(tmp_path / "b.jsonl", b"\n".join(lines))))
    assert [c.text for c in found if isinstance(c, Comment)] == ["un", "12"]
    reasons = [(r.line, r.reason) for r in found if isinstance(r, Rejection)]
    assert reasons[0][0] == 2
    assert reasons[0][1].startswith("not valid JSON")
    assert reasons[1:] == [
        (3, "not a JSON object"),
        (4, "not a JSON object"),
        (6, "not valid UTF-8"),
        (7, "half of a surrogate pair"),
        (8, "nested too deeply"),
        (9, "empty"),
        (10, "not a string"),
        (12, "not a JSON object"),
    ]


def test_labels_are_read_or_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "l.csv", "text,severity,insult\na,2,1\nb,7,0\nc,,\n")
    first, bad, third = read_comments(path)
    assert isinstance(first, Comment)
    assert first.labels.given() == {"severity": 2, "insult": 1}
    assert isinstance(bad, Rejection)
    assert bad.column == "severity"
    assert "use 0 to 3" in bad.reason
    assert isinstance(third, Comment)
    assert not third.labels
    assert texts(path, labels=False) == ["a", "b", "c"]


def test_mapping(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "n°,corps,avis\n7,salut,1\n")
    mapping = parse_mapping(["text=corps", "id=n°", "insult=avis"])
    (comment,) = read_comments(path, mapping=mapping)
    assert isinstance(comment, Comment)
    assert (comment.id, comment.text, comment.labels.insult, comment.extra) == ("7", "salut", 1, {})
    with pytest.raises(
        InputError, match=r"m\.csv: no column 'text'; columns present: n°, corps, avis; use --map text"
    ):
        list(read_rows(path))
    for wrong in (["text"], ["nom=corps"], ["text=a", "text=b"]):
        with pytest.raises(InputError, match="--map"):
            parse_mapping(wrong)
    lines = write(tmp_path / "m.jsonl", '{"text": "a"}\n')
    with pytest.raises(InputError, match=r"no column 'parent'.*present: text"):
        list(read_rows(lines, mapping={"parent_id": "parent"}))


def compress(data: bytes, extension: str) -> bytes:
    if extension == ".gz":
        return gzip.compress(data)
    frames = (data[: len(data) // 2], data[len(data) // 2 :])
    return b"".join(zstandard.ZstdCompressor().compress(frame) for frame in frames)


@pytest.mark.parametrize("extension", [".gz", ".zst"])
@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".parquet"])
def test_compressed_whole_and_cut(tmp_path: Path, kind: str, extension: str) -> None:
    plain = tmp_path / f"p{kind}"
    with open_writer(plain, ["id", "text"]) as writer:
        writer.write({"id": str(i), "text": f"commentaire {i * 7919}"} for i in range(2000))
    data = compress(plain.read_bytes(), extension)
    assert len(texts(write(tmp_path / f"whole{kind}{extension}", data))) == 2000
    with pytest.raises(InputError, match=r"cut\..*: compressed file is cut short"):
        texts(write(tmp_path / f"cut{kind}{extension}", data[: len(data) * 2 // 3]))
    with pytest.raises(InputError, match="not compressed as its name says"):
        texts(write(tmp_path / f"not{kind}{extension}", b"text\nbonjour\n" * 50))


def test_unusable_files(tmp_path: Path) -> None:
    table = pa.table({"text": ["a"] * 1000})
    pq.write_table(table, tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "folder.csv").mkdir()
    cases = {
        "absent.csv": "no such file",
        "folder.csv": "is a directory",
        "dump.xlsx": "not a known extension",
        "cut.parquet": "damaged or cut short",
        "empty.csv": "empty file",
        "empty.jsonl": "empty file",
        "blank.jsonl": "empty file",
        "empty.parquet": "empty file",
        "blank.csv": "no line of column names",
        "prose.csv": "holds no column names",
        "array.jsonl": "no JSON object in the first 3 lines",
    }
    write(tmp_path / "cut.parquet", whole[: len(whole) // 2])
    for name in ("empty.csv", "empty.jsonl", "empty.parquet"):
        write(tmp_path / name, b"")
    write(tmp_path / "blank.jsonl", "\n \n")
    write(tmp_path / "blank.csv", "\n\n")
    write(tmp_path / "prose.csv", "Un commentaire secret " * 20 + "\n")
    write(tmp_path / "array.jsonl", '[\n{"text": "a"},\n]\n'.replace('{"text": "a"},', '"a",'))
    for name, message in cases.items():
        with pytest.raises(InputError, match=message) as caught:
            list(read_rows(tmp_path / name))
        assert name in str(caught.value)
        assert "secret" not in str(caught.value)


def test_parquet_numbers_gaps_and_bad_strings(tmp_path: Path) -> None:
    strings = pa.array([b"bon", b"caf\xe9", None], pa.binary()).view(pa.string())
    table = pa.table({"text": strings, "parent_id": [12.0, None, 3.5], "raw": [b"\xff", b"a", None]})
    pq.write_table(table, tmp_path / "n.parquet")
    good, bad, empty = read_comments(tmp_path / "n.parquet")
    assert isinstance(good, Comment)
    assert (good.parent_id, good.id) == ("12", "0")
    assert isinstance(bad, Rejection)
    assert (bad.column, bad.line) == ("text", 2)
    assert base64.b64decode(bad.cells["text"]["base64"]) == b"caf\xe9"
    assert isinstance(empty, Rejection)
    assert empty.reason == "empty"
    json.dumps([bad.as_dict(), empty.as_dict()])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_hostile_bytes_never_crash(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("h.csv", "h.jsonl", "h.parquet", "h.jsonl.zst", "h.csv.gz"):
        path = write(folder / name, (b"text,n\n" if name == "h.csv" else b"") + content)
        try:
            for row in read_comments(path):
                if isinstance(row, Rejection):
                    json.dumps(row.as_dict()).encode()
        except InputError:
            pass


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, wanted: list[str]) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("w.csv", "w.tsv.gz", "w.jsonl.zst", "w.parquet", "w.parquet.gz"):
        with open_writer(folder / name, ["id", "text"]) as writer:
            writer.write({"id": str(i), "text": "." + t} for i, t in enumerate(wanted))
        assert texts(folder / name) == ["." + t for t in wanted], name
