"""``courtois labels`` as a user types it."""

import json
from pathlib import Path

import pytest

from app import main
from data.record import Comment, Labels
from data.store import Store


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


def test_conflicts_are_settled_by_majority_unless_all_is_kept(
    url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with Store.open(url) as store:
        for who, severity in (("bob", 3), ("lila", 3)):
            row = Comment(id="0", text="Commentaire 0", labels=Labels(severity=severity), labelled_by=who)
            store.import_labels([row], annotator=None)
    out = tmp_path / "a.jsonl"
    assert main(["labels", "export", "-o", str(out), "--store", url]) == 0
    (row,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert (row["severity"], row["insult"], row["labelled_by"], row["annotators"]) == (3, 1, "consensus", 3)
    assert main(["labels", "import", str(out), "--store", url]) == 0
    assert main(["labels", "import", str(out), "--store", url]) == 0
    assert "0 added, 0 updated, 1 unchanged" in capfd.readouterr().out
    assert main(["labels", "export", "-o", str(out), "--store", url, "--keep-all"]) == 0
    assert len(out.read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("form", "name"), [("label-studio", "a.json"), ("argilla", "a.jsonl"), ("doccano", "a.jsonl")]
)
def test_a_tool_and_back(
    form: str, name: str, url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, second = str(tmp_path / name), str(tmp_path / "second.sqlite3")
    assert main(["labels", "export", "-o", out, "--format", form, "--store", url]) == 0
    assert main(["labels", "import", out, "--store", second]) == 0
    assert "1 added" in capfd.readouterr().out
    with Store.open(url) as one, Store.open(second) as two:
        assert [(c.id, c.labels, c.labelled_by) for c in one.labelled()] == [
            (c.id, c.labels, c.labelled_by) for c in two.labelled()
        ]


def test_coral_is_counted_where_nobody_decided(
    url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "coral.jsonl"
    rows = [
        {"id": f"k{i}", "body": "<b>Texte secret</b>", "status": status}
        for i, status in enumerate(("APPROVED", "REJECTED", "SYSTEM_WITHHELD", "NONE", "NONE"))
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["labels", "import", str(path), "--store", url]) == 0
    out, err = capfd.readouterr()
    assert "2 added" in out
    assert "1 left out: withheld by the system" in out
    assert "2 left out: not decided by anyone" in out
    assert "secret" not in out + err


def test_config_prints_settings(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "config", "label-studio"]) == 0
    assert capfd.readouterr().out.startswith("<View>")
    assert main(["labels", "config", "argilla"]) == 0
    assert {q["name"] for q in json.loads(capfd.readouterr().out)["questions"]} >= {"severity", "threat"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["next", "-n", "0"], "-n 0"),
        (["next", "--blind-share", "2"], "--blind-share"),
        (["import", "{tmp}/x.jsonl", "--user", "3"], "--user"),
        (["export", "--format", "coral"], "takes no labels"),
        (["export", "--format", "label-studio", "-o", "{tmp}/x.jsonl"], "use .json"),
        (["agreement", "--json", "{tmp}/absent/x.json"], "cannot be written"),
    ],
)
def test_options_that_cannot_be_used_are_one_line(
    words: list[str], said: str, url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = [word.format(tmp=tmp_path) for word in words]
    assert main(["labels", *given, "--store", url]) == 2
    (line,) = [
        row
        for row in capfd.readouterr().err.splitlines()
        if row.startswith("courtois labels: ") and said in row
    ]
    assert line
