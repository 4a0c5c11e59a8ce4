"""``courtois evaluate --tier fast`` through the front door."""

import json
from pathlib import Path

import pytest
from sklearn.metrics import roc_auc_score

from app import main
from data.record import Comment
from model.scorer import Scorer
from model.tier import FAST_MARK


def test_the_report_says_what_the_tier_costs(
    small_folder: Path, unseen_comments: list[Comment], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comments = [c for c in unseen_comments if c.labels.severity is not None][:300]
    rows = [{"id": c.id, "text": c.text, "severity": c.labels.severity} for c in comments]
    # A stance that no encoder has read for is not judged, and is no fault of a missing target.
    rows[0] |= {"stance": "favor", "target": "le projet"}
    source = tmp_path / "labelled.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = ["evaluate", "--corpus", str(source), "--bundle", str(small_folder), "--tier", "fast"]
    assert main([*command, "--json", str(tmp_path / "fast.json")]) == 0
    said = capsys.readouterr()
    report = json.loads((tmp_path / "fast.json").read_text("utf-8"))

    bare = [Comment(id=c.id, text=c.text) for c in comments]
    fast, full = (Scorer.load(small_folder, tier=tier).score_many(bare) for tier in ("fast", "full"))
    gold = [c.labels.uncivil for c in comments]
    aucs = [roc_auc_score(gold, [j.incivility for j in judged]) for judged in (full, fast)]
    tier = report["tier"]
    alone = sum(j.bundle.endswith(FAST_MARK) for j in fast)
    assert 0 < alone < len(comments)
    assert tier["encoded"] == pytest.approx(1 - alone / len(comments), abs=1e-4)
    assert tier["auc_losses"]["incivility"] == pytest.approx(aucs[0] - aucs[1], abs=1e-4)
    differ = sum(a.action != b.action for a, b in zip(fast, full, strict=True))
    assert tier["actions_differ"] == pytest.approx(differ / len(comments), abs=1e-4)
    assert report["incivility"]["auc"] == pytest.approx(aucs[1], abs=1e-4)
    assert "stance" not in report
    assert report["stance_without_target"] == 0
    assert "Fast tier against full" in said.out
    assert "in both tiers" in said.err


def test_the_full_tier_has_no_such_part(
    small_folder: Path, unseen_comments: list[Comment], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": c.id, "text": c.text, "severity": c.labels.severity} for c in unseen_comments[:60]]
    source = tmp_path / "labelled.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["evaluate", "--corpus", str(source), "--bundle", str(small_folder), "--json", "-"]) == 0
    assert "tier" not in json.loads(capsys.readouterr().out)
