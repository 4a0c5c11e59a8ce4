"""``courtois score --policy``: the site's rules over the scored rows, resumed or not."""

import json
from pathlib import Path
from typing import Any

import pytest

import app
from model.policy_file import save_policy
from model.policy_site import SitePolicy, SiteRule

ROWS = [
    {"id": "a", "text": "Merci pour cet article.", "rubrique": "Sports"},
    {"id": "b", "text": "Merci pour cet article.", "rubrique": "Culture"},
    {"id": "c", "text": "Merci pour cet article."},
]
RULES = (
    SiteRule(label="incivility", action="hold", section="sports", name="tout en sport"),
    SiteRule(label="incivility", action="review", section="culture"),
    SiteRule(label="insult", action="publish", section="culture"),
)


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    save_policy(SitePolicy(rules=RULES), Path("policy.toml"))


def scored(folder: Path, out: str, *options: str) -> list[dict[str, Any]]:
    arguments = ["score", "in.jsonl", "-o", out, "--bundle", str(folder), "--quiet", *options]
    assert app.main(arguments) == 0
    return [json.loads(line) for line in Path(out).read_text("utf-8").splitlines()]


def test_rows_alike_in_text_are_ruled_by_their_section(small_folder: Path) -> None:
    plain = scored(small_folder, "plain.jsonl")
    ruled = scored(small_folder, "ruled.jsonl", "--policy", "policy.toml")
    assert [row["action"] for row in ruled] == ["hold", "review", plain[2]["action"]]
    assert ruled[0]["action_reason"] == "rule 1 (tout en sport): " + RULES[0].text
    assert ruled[1]["action_reason"].startswith("conflict, a person decides: rule 2 says review")
    assert ruled[2]["action_reason"] == f"no rule: the bundle proposes {plain[2]['action']}"
    for row, before in zip(ruled, plain, strict=True):
        del row["action_reason"]
        assert row | {"action": before["action"]} == before
    assert json.loads(Path("ruled.jsonl.manifest.json").read_text())["counts"]["action"]["hold"] == 1
    assert "policy" not in Path("plain.jsonl.manifest.json").read_text()


@pytest.mark.parametrize("out", ["out.csv", "out.parquet"])
def test_the_reason_is_a_column_of_every_format(small_folder: Path, out: str) -> None:
    import pandas as pd

    arguments = ["score", "in.jsonl", "-o", out, "--bundle", str(small_folder), "--quiet"]
    assert app.main([*arguments, "--policy", "policy.toml"]) == 0
    table = pd.read_csv(out) if out.endswith("csv") else pd.read_parquet(out)
    assert table["action"].tolist()[:2] == ["hold", "review"]
    assert table["action_reason"].str.contains("rule").all()


def test_what_was_ruled_before_an_interruption_is_ruled_the_same_after(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repeated comment gets the bundle's proposal anew, not the action of an earlier rule."""
    monkeypatch.setattr("model.batch_chunks.CHUNK_ROWS", 1)
    rows = [*ROWS, *({"id": str(n), "text": "Merci pour cet article."} for n in range(3))]
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    whole = scored(small_folder, "whole.jsonl", "--policy", "policy.toml")

    from model.batch_parts import Parts

    write = Parts.write

    def stops(self: Parts, group: Any) -> None:
        write(self, group)
        raise KeyboardInterrupt

    monkeypatch.setattr(Parts, "write", stops)
    arguments = ["score", "in.jsonl", "-o", "out.jsonl", "--bundle", str(small_folder), "--quiet"]
    assert app.main([*arguments, "--policy", "policy.toml"]) == 130
    monkeypatch.setattr(Parts, "write", write)
    assert app.main([*arguments, "--resume"]) == 2  # without the policy it is another run
    assert scored(small_folder, "out.jsonl", "--policy", "policy.toml", "--resume") == whole


def test_a_column_that_the_policy_would_overwrite_is_refused(
    small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.jsonl").write_text('{"text": "Bonjour", "action_reason": "x"}\n', encoding="utf-8")
    arguments = ["score", "in.jsonl", "-o", "out.jsonl", "--bundle", str(small_folder), "--quiet"]
    assert app.main([*arguments, "--policy", "policy.toml"]) == 2
    assert "has a column action_reason" in capsys.readouterr().err
    assert app.main(arguments) == 0


def test_a_policy_that_is_wrong_is_said_before_anything_is_scored(
    small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("policy.toml").write_text('[[rule]]\nlabel = "insult"\naction = "reject"\n', encoding="utf-8")
    arguments = ["score", "in.jsonl", "-o", "out.jsonl", "--bundle", str(small_folder)]
    assert app.main([*arguments, "--policy", "policy.toml"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("courtois score: policy.toml:1: rule 1: entry action: reject decides")
    assert "Traceback" not in error
    assert not Path("out.jsonl").exists()
