"""The saved policy over comments that enter the queue."""

import json
from pathlib import Path
from typing import Any

import pytest

from data.record import Comment
from data.store import Store
from model.policy_file import save_policy
from model.policy_site import SitePolicy, SiteRule
from training.review import scorers
from training.review.launch import fill_store
from training.review.site_rules import ruled


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_folder: Path) -> Path:
    path = tmp_path / "policy.toml"
    monkeypatch.setenv("COURTOIS_POLICY", str(path))
    monkeypatch.setenv("COURTOIS_BUNDLE", str(small_folder))
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    return path


def test_without_a_policy_rows_pass_untouched_and_no_model_is_loaded(
    policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorers, "load", None)
    columns: dict[str, Any] = {"action": "publish"}
    ((_, found),) = ruled([(Comment(id="a", text="Bonjour"), columns)])
    assert found is columns


def test_a_dump_enters_the_queue_under_the_policy(policy: Path, tmp_path: Path) -> None:
    save_policy(SitePolicy(rules=(SiteRule(label="incivility", action="hold", section="Sports"),)), policy)
    dump = tmp_path / "dump.jsonl"
    rows = [{"id": s, "text": "Merci pour cet article.", "section": s} for s in ("Sports", "Culture")]
    dump.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with (tmp_path / "progress.txt").open("w") as progress:
        assert fill_store(dump, progress=progress) == 2
    with Store.open(None) as store:
        sports, culture = store.item("Sports"), store.item("Culture")
    assert (sports.scores["action"], sports.status) == ("hold", "pending")
    assert sports.scores["action_reason"].startswith("rule 1: incivility")
    assert culture.scores["action_reason"].startswith("no rule: the bundle proposes")
