"""``courtois import-page`` as a user runs it."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import app

PAGE = """Le canal de Sorvigny rouvre aux péniches

Le 9 avril à 08h00

Fermé depuis 2019, le canal rouvre ce mercredi 9 avril.

Commentaires (2)

votre avatar
Bonne nouvelle pour les éclusiers, on n'y croyait plus.
votre avatar
on n'y croyait plus pour les éclusiers, c'est vrai
=SOMME(A1) mais il reste la passerelle.

Le canal de Sorvigny rouvre aux péniches

Fermer
"""
NAME = "le-canal-de-sorvigny-rouvre-aux-peniches-04-09"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_json_lines(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert app.main(["import-page", str(saved), "-o", str(out), "--target", "la réouverture"]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"{NAME}-1", f"{NAME}-2"]
    assert {row["target"] for row in rows} == {"la réouverture"}
    assert {row["article_date"] for row in rows} == {"2025-04-09"}
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "2 comments, 0 of them replies\n")


def test_year(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert app.main(["import-page", str(saved), "-o", str(out), "--year", "2014"]) == 0
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["article_date"] == "2014-04-09"


def test_csv_and_parquet(saved: Path, tmp_path: Path) -> None:
    for name in ("out.csv", "out.parquet"):
        assert app.main(["import-page", str(saved), "-o", str(tmp_path / name)]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["id"] for row in rows] == [row["id"] for row in table]
    assert rows[1]["text"].endswith("mais il reste la passerelle.")


def test_standard_output(saved: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert app.main(["import-page", str(saved), "-o", "-"]) == 0
    assert len(capfdbinary.readouterr().out.splitlines()) == 2


def test_a_wrong_count_is_a_warning(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved.write_text(PAGE.replace("(2)", "(3)"), encoding="utf-8")
    assert app.main(["import-page", str(saved), "-o", str(tmp_path / "out.jsonl")]) == 0
    assert "warning: the page announces 3 comments, 2 were found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("Un article.\n\nSans rien dessous.\n", "an article without comments"),
        ("", "empty"),
        ("caf\xe9", "not UTF-8"),
    ],
)
def test_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, fault: str
) -> None:
    path, out = tmp_path / "p.txt", tmp_path / "out.jsonl"
    path.write_text(content, encoding="latin-1")
    assert app.main(["import-page", str(path), "-o", str(out)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"courtois import-page: {path}: {fault}")
    assert error.count("\n") == 1
    assert not out.exists()


def test_missing_and_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path, tmp_path / "nothing.txt"):
        assert app.main(["import-page", str(path), "-o", str(tmp_path / "out.jsonl")]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_unknown_output_format(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["import-page", str(saved), "-o", str(tmp_path / "out.xlsx")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_year_that_is_none(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        app.main(["import-page", str(saved), "-o", "-", "--year", "25"])
    assert stopped.value.code == 2
    assert "from 1990 to 2100" in capsys.readouterr().err
