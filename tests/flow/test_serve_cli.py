"""The command's options: mistakes in one line, and keys."""

import re
from pathlib import Path

import pytest

from app import main
from data.store import Store


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "0.0.0.0"), "without a key"),
        (("--port", "70000"), "--port: 70000 is out of range"),
        (("--workers", "0"), "--workers: 0 is out of range"),
        (("--rate", "-1"), "--rate"),
        (("--new-key", "deux mots"), "is no name for a key"),
        (("--revoke-key", "personne"), "no key named 'personne'"),
        (("--host", "192.0.2.1", "--store", "KEYED"), "cannot listen"),
    ],
)
def test_mistakes_are_one_line(
    tmp_path: Path,
    small_folder: Path,
    options: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keyed = tmp_path / "keyed.sqlite3"
    with Store.open(str(keyed)) as store:
        store.add_api_key("x", "0" * 64)
    given = [str(keyed) if o == "KEYED" else o for o in options]
    store_option = [] if "--store" in given else ["--store", str(tmp_path / "s.sqlite3")]
    assert main(["serve", "--bundle", str(small_folder), *store_option, *given]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert said in lines[0]


def test_keys_are_listed_without_themselves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ["--store", str(tmp_path / "s.sqlite3")]
    assert main(["serve", "--new-key", "coral", "--rate", "5", *store]) == 0
    key = capsys.readouterr().out.strip()
    assert main(["serve", "--revoke-key", "coral", *store]) == 0
    assert main(["serve", "--list-keys", *store]) == 0
    shown = capsys.readouterr().out
    assert re.match(r"coral\trevoked .+\t5/s\tmade ", shown)
    assert key not in shown
