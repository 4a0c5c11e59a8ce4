"""What ``courtois migrate coral`` refuses, and that it keeps figures, not texts."""

import json
from pathlib import Path

import coral_dump
import numpy as np
import pytest

import app
from data.record import Comment


def test_messages_name_the_option(
    unseen_comments: list[Comment], tmp_path: Path, small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["migrate", "coral", "-o", str(tmp_path / "out"), "--bundle", str(small_folder)]
    dumps = [coral_dump.write(tmp_path / "few.json", coral_dump.export(unseen_comments[:30:3])[0])]
    stories = coral_dump.write(tmp_path / "s.json", [{"id": "s", "url": "https://a.example"}])
    for extra, told in (
        ([*dumps, "--attribute", "STANCE"], "--attribute"),
        ([*dumps, "--old-model", "INSULT"], "it has: TOXICITY"),
        ([*dumps, "--examples", "1000"], "--examples"),
        ([stories], "no comment that can be scored"),
        ([str(tmp_path / "none.json")], "no such file"),
        (["-"], "stdin cannot be read twice"),
        (["comments.csv"], "a Coral export is JSON"),
    ):
        assert app.main([*command, *extra]) == 2
        assert told in capsys.readouterr().err
    for option in ("--threshold", "--hold-rate", "--pace"):
        with pytest.raises(SystemExit):
            app.main([*command, *dumps, option, "-3"])


def test_memory_does_not_hold_the_texts(tmp_path: Path) -> None:
    """23 MB of text through a scorer that costs nothing: what stays is some hundred bytes a comment."""
    import tracemalloc

    import fake_scorer

    from training.migration.gather import gather

    path = tmp_path / "c.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(1_200):
            body = coral_dump.revision("r", f"{number} " + "x" * 19_000, 0.3, number)
            file.write(json.dumps({"id": f"c{number}", "status": "NONE", "revisions": [body]}) + "\n")
    tracemalloc.start()
    try:
        found = gather(
            [path],
            bundle=None,
            attribute="TOXICITY",
            set_aside=lambda _: None,
            jobs=1,
            factory=fake_scorer.load,
        )
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert np.isfinite(found.table.latest()["new"]).sum() == 1_200
    assert kept < 1_200 * 400
    assert peak < 16 * 2**20
