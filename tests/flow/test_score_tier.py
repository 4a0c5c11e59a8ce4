"""``courtois score --tier fast`` through the front door."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app import main
from data.record import Comment


def test_the_same_bytes_whatever_the_jobs(
    small_folder: Path,
    unseen_comments: list[Comment],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"id": c.id, "text": c.text} for c in unseen_comments[:400]]
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    fast = ["score", "in.jsonl", "--bundle", str(small_folder), "--target", "le projet", "--tier", "fast"]
    assert main([*fast, "-o", "one.parquet", "--jobs", "1"]) == 0
    said = capsys.readouterr().err
    assert main([*fast, "-o", "two.parquet", "--jobs", "2"]) == 0
    assert Path("one.parquet").read_bytes() == Path("two.parquet").read_bytes()
    table = pq.read_table("one.parquet").to_pylist()
    alone = [row["bundle"] == "petit@1/fast" for row in table]
    assert [row["stance"] is None for row in table] == alone
    assert all(row["action"] and row["insult"] is not None for row in table)
    share = 1 - sum(alone) / len(table)
    assert 0 < share < 1
    assert f"fast tier: the encoder read {share:.1%} of the rows; held out, " in said
    manifest = json.loads(Path("one.parquet.manifest.json").read_text("utf-8"))
    assert manifest["settings"]["tier"] == "fast"
    assert manifest["counts"]["without_encoder"] == sum(alone)


def test_reasons_need_the_full_tier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.csv").write_text("text\nOui\n")
    assert main(["score", str(tmp_path / "in.csv"), "--tier", "fast", "--spans"]) == 2
    assert "--spans: the fast tier has no reasons; leave out --tier fast" in capsys.readouterr().err
