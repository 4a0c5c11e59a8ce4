"""``courtois retrain --doubts``: labels that were turned round are found, written and counted less."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_retrain_cli import run, site_convention, write

from data.record import Comment, Labels
from model.manifest import read_manifest


def test_labels_turned_round_are_written_to_be_read_again(
    unseen_comments: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = site_convention(unseen_comments)
    wrong = {rows[i].id for i in range(3, len(rows), 15)}
    given = [
        replace(c, labels=Labels(incivility=1 - int(c.labels.uncivil or 0))) if c.id in wrong else c
        for c in rows
    ]
    export = write(tmp_path / "labels.jsonl", given)
    again = tmp_path / "again.jsonl"
    assert run(export, "--base", small_folder, "-o", tmp_path / "c", "--doubts", again) in (0, 1)
    written = [json.loads(line) for line in again.read_text(encoding="utf-8").splitlines()]
    found = {row["id"] for row in written}
    assert len(found & wrong) >= 0.7 * len(wrong)
    assert len(found - wrong) <= len(wrong)
    assert "incivility labels look wrong" in capsys.readouterr().out
    figures = read_manifest(tmp_path / "c").metrics["doubts"]
    assert figures["doubted"] == len(found)
    assert figures["n"] == len(rows)
