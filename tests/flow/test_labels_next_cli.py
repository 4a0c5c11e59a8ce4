"""``courtois labels next`` and ``labels agreement`` as a user types them."""

import json
from pathlib import Path

import pytest

from app import main
from data.record import Comment, Labels
from data.store import Store


def test_next_lists_comments_without_telling_why(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import test_select

    monkeypatch.setattr("model.bundle.load_bundle", lambda folder: test_select.bundle())
    with Store.open(url) as store:
        store.add_scored((comment, scores | {"action": "review"}) for comment, scores in test_select.pool())
    out = tmp_path / "next.csv"
    words = ["labels", "next", "-n", "10", "--reread-share", "0.2", "--store", url]
    assert main([*words, "-o", str(out)]) == 0
    assert "10 comments to label" in capfd.readouterr().err
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 11
    assert "incivility" in lines[0]
    assert sum(line.endswith(",blind") for line in lines) == 2
    assert not any("uncertain" in line or "0.4" in line for line in lines)
    with Store.open(url) as store:
        assert store.waiting_tasks("anne") == 11  # and one comment of hers to read again
        listed = {comment.id for comment, _ in store.pool()}
    assert not listed & {line.split(",")[0] for line in lines}
    assert main([*words, "-n", "60", "-o", str(out)]) == 0
    assert main([*words, "-o", str(out)]) == 2
    assert "no scored comment" in capfd.readouterr().err


def test_agreement_is_a_table_and_json(url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [
        Comment(
            id=f"d{i}",
            text=f"Texte {i}",
            labels=Labels(severity=(i + (who == "bob" and i == 0)) % 4),
            labelled_by=who,
        )
        for i in range(20)
        for who in ("anne", "bob")
    ]
    with Store.open(url) as store:
        store.import_labels(rows, annotator=None)
    path = tmp_path / "accord.json"
    assert main(["labels", "agreement", "--json", str(path), "--store", url]) == 0
    out = capfd.readouterr().out
    assert out.startswith("between annotators, on comments drawn by lot")
    assert "leans to what was chosen for being hard" in out
    figures = {one["label"]: one for one in json.loads(path.read_text())["between"]}
    assert figures["severity"]["comments"] == 20
    assert figures["severity"]["disputed"] == ["d0"]
    assert figures["severity"]["kappa_ci95"][0] < figures["severity"]["kappa"] < 1
    assert "Texte" not in out
    assert main(["labels", "agreement", "--json", "-", "--store", url]) == 0
    assert json.loads(capfd.readouterr().out)["within"][0]["comments"] == 0
