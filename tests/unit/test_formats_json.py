import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from data.errors import InputError
from data.formats import Rejection, Row, read_rows, repair


def put(folder: Path, content: str | bytes, name: str = "a.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_arrays_keep_their_values_and_places(tmp_path: Path) -> None:
    rows = [
        {"text": "été 😀\u2028", "n": 1.5, "big": 10**30, "neg": -0.0, "l": [None, True, {"x": "1"}]},
        {"text": "deux", "n": "change"},
    ]
    for body in (json.dumps(rows), "\ufeff\n " + json.dumps(rows, indent=2, ensure_ascii=False)):
        found = list(read_rows(put(tmp_path, body)))
        assert [(row.number, row.line, row.values) for row in found if isinstance(row, Row)] == [
            (0, 1, rows[0]),
            (1, 2, rows[1]),
        ]
        assert isinstance(found[0].values["n"], float)  # type: ignore[union-attr]
    packed = put(tmp_path, gzip.compress(json.dumps(rows).encode()), "a.json.gz")
    assert len(list(read_rows(packed))) == 2


def test_a_json_file_of_lines_is_read_by_lines(tmp_path: Path) -> None:
    found = list(read_rows(put(tmp_path, '{"text": "a"}\nbroken\n{"text": "b"}\n')))
    assert [type(row) for row in found] == [Row, Rejection, Row]


def test_items_that_cannot_be_used_cost_one_row(tmp_path: Path) -> None:
    deep: object = "x"
    for _ in range(100):
        deep = [deep]
    body = json.dumps([{"text": "a"}, 3, {"text": "b", "deep": deep}, {"text": "BAD"}, {"text": "c"}])
    found = list(read_rows(put(tmp_path, body.encode().replace(b"BAD", b"caf\xe9"))))
    reasons = [row.reason if isinstance(row, Rejection) else row.values["text"] for row in found]
    assert reasons == ["a", "not a JSON object", "nested too deeply", "not valid UTF-8", "c"]
    assert found[3].cells == {"text": {"base64": "Y2Fm6Q=="}}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "item"),
    [
        ('[{"text": "secret"}, {"text": "secr', 1),
        ('[{"text": "secret"}, {"text" "secret"}]', 1),
        ('[{"text": "secret"}] secret', 1),
        ('[{"text": "a"}, {"text": "b"}, {"text": secret}]', 2),
        ("[", 0),
    ],
)
def test_an_array_that_is_cut_or_broken_is_told_without_its_text(
    tmp_path: Path, body: str, item: int
) -> None:
    with pytest.raises(InputError, match=f"cut short or not valid after item {item}") as caught:
        list(read_rows(put(tmp_path, body)))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("body", ["[]", "[1, 2]"])
def test_an_array_without_objects_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(InputError, match=r"empty file|no JSON object in the first 2 lines"):
        list(read_rows(put(tmp_path, body)))


def test_memory_is_that_of_one_item(tmp_path: Path) -> None:
    path = put(tmp_path, "[" + ",".join(json.dumps({"text": "x" * 1000}) for _ in range(20_000)) + "]")
    tracemalloc.start()
    assert sum(1 for _ in read_rows(path)) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000 < path.stat().st_size


def test_an_item_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "MAX_LINE", 2**18)
    path = put(tmp_path, '[{"text": "a"}, {"text": "' + "x" * 2**20)
    with pytest.raises(InputError, match="a record longer than 262144 bytes"):
        list(read_rows(path))
