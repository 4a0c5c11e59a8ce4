"""``courtois model``: what is installed, and what cannot be used."""

import json
import shutil
from pathlib import Path

import pytest

from app import main
from model.bundle import SHIPPED
from model.manifest import read_manifest


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))


@pytest.fixture
def shelf(small_folder: Path, tmp_path: Path) -> Path:
    """A folder of bundles, and something that is none."""
    shutil.copytree(small_folder, tmp_path / "b-petit")
    (tmp_path / "a-notes").mkdir()
    (tmp_path / "a-notes" / "notes.txt").write_text("rien")
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_list(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "list", str(shelf)]) == 0
    shipped = read_manifest(SHIPPED).full_name
    assert listed(capsys) == [
        [shipped, "base", "shipped", "in use"],
        ["petit@1", "base", str(shelf / "b-petit")],
    ]


def test_list_of_the_working_folder_and_of_a_bundle_itself(
    shelf: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shelf)
    assert main(["model", "list"]) == 0
    assert listed(capsys)[1][0] == "petit@1"
    assert main(["model", "list", "b-petit"]) == 0
    assert listed(capsys)[1] == ["petit@1", "base", "b-petit"]


def test_damaged_bundle_is_named_and_the_others_still_listed(
    shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(shelf / "b-petit", shelf / "c-bon")
    with (shelf / "b-petit" / "weights.npz").open("ab") as file:
        file.write(b"x")
    assert main(["model", "list", str(shelf)]) == 1
    rows = listed(capsys)
    assert [row[0] for row in rows[1:]] == ["unusable", "petit@1"]
    assert "b-petit" in rows[1][1]
    assert "restore the bundle" in rows[1][1]


def test_show_card_and_manifest(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "show", str(shelf / "b-petit")]) == 0
    assert capsys.readouterr().out.strip() == "# petit"
    assert main(["model", "show", str(shelf / "b-petit"), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown == json.loads((shelf / "b-petit" / "manifest.json").read_text(encoding="utf-8"))


def test_show_without_a_folder_is_the_shipped_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "show"]) == 0
    assert capsys.readouterr().out.startswith(f"# {read_manifest(SHIPPED).full_name}\n")


@pytest.mark.parametrize("action", ["list", "show"])
def test_no_such_folder(action: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", action, str(tmp_path / "absent")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert line.startswith("courtois model: ")
    assert "absent: no such" in line


def test_show_refuses_what_was_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "MODEL_CARD.md").write_text("# faux")
    assert main(["model", "show", str(folder)]) == 2
    shown = capsys.readouterr()
    assert "faux" not in shown.out
    assert "changed since it was saved" in shown.err
