"""The whole loop: scored, decided by people, exported, retrained, and scored again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app import main
from data.exchange import to_row
from data.formats import read_rows
from data.record import Comment, Labels
from data.store import Store
from model.bundle import load_bundle
from model.scorer import Scorer

WORD = "vroubidon"
"""What this newsroom's moderators reject, and no base bundle knows."""

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "thread.jsonl"


@pytest.fixture(scope="module")
def comments(unseen_comments: list[Comment]) -> list[Comment]:
    """Unlabelled comments of many threads, one in three with the word."""
    rows = [c for c in unseen_comments if c.labels.severity == 0][200:275]
    rows = [replace(c, labels=Labels()) for c in rows]
    return [replace(c, text=f"{c.text} {WORD} !") if i % 3 == 0 else c for i, c in enumerate(rows)]


def test_decisions_become_the_next_bundle(
    comments: list[Comment],
    small_scorer: Scorer,
    small_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, export = str(tmp_path / "store.sqlite3"), str(tmp_path / "labels.jsonl")
    sample = [row.values for row in read_rows(SAMPLE)]
    thread = [Comment(id=str(row["id"]), text=str(row["text"]), target=str(row["target"])) for row in sample]
    with Store.open(url) as store:
        scored = [*thread, *comments]
        judgements = small_scorer.score_many(scored)
        assert store.add_scored((c, j.columns()) for c, j in zip(scored, judgements, strict=True)) == len(
            scored
        )
        assert store.counts()["pending"] == len(scored)
        for comment in comments:
            rejected = WORD in comment.text
            item = store.decide(
                comment.id,
                "reject" if rejected else "approve",
                moderator="anne",
                version=store.item(comment.id).version,
                labels=Labels(severity=2, insult=1) if rejected else Labels(severity=0, insult=0),
            )
            assert item.status == ("rejected" if rejected else "approved")
        assert store.counts()["pending"] == len(thread)

    assert main(["labels", "export", "-o", export, "--store", url]) == 0
    assert main(["retrain", export, "--base", str(small_folder), "-o", str(tmp_path / "candidat")]) == 0
    manifest = load_bundle(tmp_path / "candidat").manifest
    heads = {c["head"]: c for c in manifest.metrics["comparison"]}
    assert {"p_uncivil", "insult"} <= set(heads)
    assert all(head["n"] == len(comments) for head in heads.values())
    assert heads["p_uncivil"]["candidate"] > heads["p_uncivil"]["base"] + 0.1
    assert manifest.base == "petit@1"
    assert manifest.corpora[-1]["rows"] == len(comments)

    fresh = [
        Comment(id="neuf-1", text=f"Encore un article de {WORD} ce matin !"),
        Comment(id="neuf-2", text="Encore un article intéressant ce matin !"),
    ]
    dump, out = tmp_path / "dump.jsonl", tmp_path / "notes.jsonl"
    dump.write_text("".join(json.dumps(to_row(c)) + "\n" for c in fresh), encoding="utf-8")
    assert main(["score", str(dump), "-o", str(out), "--bundle", str(tmp_path / "candidat"), "--spans"]) == 0
    rejected, approved = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert rejected["bundle"] == manifest.full_name != small_scorer.bundle_name
    before = small_scorer.score(fresh[0])
    assert rejected["incivility"] > max(before.p_uncivil, approved["incivility"]) + 0.2
    assert (rejected["action"] != "publish", approved["action"]) == (True, "publish")
    strongest = next(r for r in json.loads(rejected["reasons"]) if r["label"] == "incivility")
    assert WORD in fresh[0].text[strongest["begin"] : strongest["end"]]

    with Store.open(url) as store:
        first = store.journal(limit=1)[0]
        assert first.bundle == "petit@1"  # a decision keeps which bundle had proposed what was decided
    said = capsys.readouterr()
    assert WORD not in said.err + said.out
    assert all(c.text not in said.err for c in (*comments, *thread))
