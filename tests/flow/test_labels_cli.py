"""``courtois labels`` as a user types it."""

import json
from pathlib import Path

import pytest

from app import main
from data.record import Comment, Labels
from data.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    path = str(tmp_path / "store.sqlite3")
    with Store.open(path) as store:
        scores = {"incivility": 0.9, "action": "hold"}
        store.add_scored((Comment(id=str(i), text=f"Commentaire {i}"), scores) for i in range(3))
        store.decide("0", "reject", moderator="anne", version=0, labels=Labels(insult=1))
        store.decide("1", "skip", moderator="anne", version=0)
    return path


def test_export_goes_to_stdout(url: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["labels", "export", "--store", url]) == 0
    out, err = capfdbinary.readouterr()
    (row,) = [json.loads(line) for line in out.splitlines()]
    assert (row["id"], row["incivility"], row["insult"], row["labelled_by"]) == ("0", 1, 1, "anne")
    assert b"1 labelled rows written" in err


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_round_trip_between_stores(
    url: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, second = str(tmp_path / f"labels{suffix}"), str(tmp_path / "second.sqlite3")
    assert main(["labels", "export", "-o", out, "--store", url]) == 0
    assert main(["labels", "import", out, "--store", second]) == 0
    assert "1 added, 0 updated, 0 unchanged, 0 set aside" in capsys.readouterr().out
    assert main(["labels", "import", out, "--store", second]) == 0
    assert "0 added, 0 updated, 1 unchanged" in capsys.readouterr().out
    with Store.open(url) as one, Store.open(second) as two:
        assert list(one.labelled()) == list(two.labelled())


def test_import_maps_columns_and_names_the_annotator(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "retour.csv"
    path.write_text("n°;message;severity\n0;Commentaire 0;3\n9;Nouveau;0\n", encoding="utf-8")
    options = ["--map", "id=n°", "--map", "text=message", "--annotator", "lila", "--store", url]
    assert main(["labels", "import", str(path), *options]) == 0
    assert "2 added" in capsys.readouterr().out
    with Store.open(url) as store:
        said = [(c.id, c.labelled_by, c.labels.given()) for c in store.labelled()]
    assert said == [
        ("0", "anne", {"incivility": 1, "insult": 1}),
        ("0", "lila", {"severity": 3}),
        ("9", "lila", {"severity": 0}),
    ]


def test_bad_rows_are_set_aside_by_line_and_column(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "retour.jsonl"
    rows = [
        {"text": "Bien", "severity": 0},
        {"text": "Secret gardé", "severity": 9},
        {"text": " ", "insult": 1},
        {"text": "x", "stance": "pour"},
    ]
    lines = [json.dumps(row) for row in rows]
    path.write_text("\n".join([*lines, "pas du JSON"]) + "\n", encoding="utf-8")
    assert main(["labels", "import", str(path), "--store", url]) == 1
    out, err = capsys.readouterr()
    assert f"1 added, 0 updated, 0 unchanged, 4 set aside in {path}.rejected.jsonl" in out
    assert (
        f"{path}:2: column severity: '9' is no label" in err or f"{path}:2: column severity: 9 is no" in err
    )
    assert f"{path}:3: column text: empty" in err
    assert f"{path}:4: column stance" in err
    assert "Secret" not in out + err
    aside = Path(f"{path}.rejected.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [json.loads(line) for line in aside]
    assert [(row["line"], row["column"]) for row in kept[:3]] == [(2, "severity"), (3, "text"), (4, "stance")]
    assert kept[0]["cells"]["text"] == "Secret gardé"
    assert kept[3]["line"] == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "{tmp}/absent.jsonl"], "absent.jsonl"),
        (["import", "{tmp}/vide.jsonl"], "empty file"),
        (["import", "{tmp}/dump.xlsx"], "not a known extension"),
        (["import", "{tmp}/vide.jsonl", "--map", "texte=x"], "--map"),
        (["export", "-o", "{tmp}/absent/x.csv"], "cannot be written"),
        (["export", "-o", "{tmp}/x.doc"], "not a known extension"),
        (["export", "--store", "{tmp}/typo.sqlite3"], "no such store"),
        (["export", "--store", "{tmp}/dump.xlsx"], "not a courtois store"),
    ],
)
def test_unusable_input_is_one_line_and_two(
    words: list[str], said: str, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vide.jsonl").write_text("")
    (tmp_path / "dump.xlsx").write_text("PK, mais rien d'autre " * 100)
    given = [word.format(tmp=tmp_path) for word in words]
    if "--store" not in given:
        given += ["--store", url]
    assert main(["labels", *given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("courtois labels: ")
    assert said in err
    assert len(err.splitlines()) == 1
