"""The learning loop's bench: its page, and the figure over all labels, on invented rows."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.loop import ran
from bench.loop_all import all_labels
from bench.loop_pages import labels_to_pass, page, plot, write_pages
from data.record import Comment, Labels
from model.manifest import read_manifest

WORD = "vroubidon"


def rows(embedded: list[Comment], start: int, count: int) -> list[Comment]:
    """Civil texts of many threads, half with a word that no bundle knows, which makes them uncivil."""
    civil = [c for c in embedded if c.labels.severity == 0][start : start + 7 * count : 7]
    return [
        Comment(
            id=f"r{start}-{n}",
            text=f"{c.text} {WORD} !" if n % 2 else c.text,
            labels=Labels(incivility=n % 2),
            thread_id=f"fil {start} {n // 4}",
        )
        for n, c in enumerate(civil)
    ]


def test_every_row_is_scored_by_a_candidate_that_never_saw_it(
    embedded: list[Comment], small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))
    labels, benchmark = rows(embedded, 0, 60), rows(embedded, 1, 40)
    found = all_labels(labels, benchmark, tmp_path, ran, base=str(small_folder), folds=2)
    assert (found["k"], found["n"], found["folds"]) == (100, 40, 2)
    assert sum(found["trained_on"]) == 100
    assert found["auc"] > 0.8  # the word is learnt across the folds
    assert found["accuracy"] > 0.7
    low, high = found["accuracy_ci95"]
    assert 0 <= low <= found["accuracy"] <= high
    one, other = (
        {json.loads(line)["id"] for line in (tmp_path / f"fold-{n}.jsonl").read_text("utf-8").splitlines()}
        for n in (1, 2)
    )
    assert len(one | other) == 100  # a row that one has learnt from is scored by the other
    assert not one & other
    assert read_manifest(tmp_path / "fold-1").base == "petit@1"


def point(k: int, accuracy: float, **more: Any) -> dict[str, Any]:
    interval = [accuracy - 0.03, accuracy + 0.03]
    given = {"auc": accuracy + 0.1, "ece": 0.05, "promoted": True, "bundle": "b@1", "lost": [], "in_use": "b"}
    return {"k": k, "accuracy": accuracy, "accuracy_ci95": interval, "auc_ci95": interval, **given, **more}


def result(**more: Any) -> dict[str, Any]:
    def peer(system: str, accuracy: float) -> dict[str, Any]:
        return {"system": system, "accuracy": accuracy, "f1": None, "auc": None, "p_value": 0.2}

    return {
        "curve": [point(0, 0.68), point(50, 0.67), point(100, 0.70), point(200, 0.72)],
        "noise": {"share": 0.3, **point(200, 0.66), "accuracy_lost": 0.06, "auc_lost": 0.05},
        "peers": [peer("grand_modele", 0.85), peer("perspective", 0.699), peer("autre", 0.6)],
        "active_vs_random": None,
        "retrain_100k_minutes": None,
        "retrain_100k_peak_mb": None,
        **more,
    }


def test_labels_needed_to_pass_a_system_are_read_off_the_curve() -> None:
    curve = result()["curve"]
    assert labels_to_pass(curve, 0.85) is None
    assert labels_to_pass(curve, 0.6) == 0
    assert labels_to_pass(curve, 0.72) is None  # reached, not passed
    assert labels_to_pass(curve, 0.699) == 99
    assert labels_to_pass(curve, 0.71) == 151
    assert labels_to_pass([], 0.5) is None
    text = page(result())
    assert "| grand modele | 0.850 |  |  | 0.200 | more than 200 |" in text
    assert "| perspective | 0.699 |  |  | 0.200 | about 99 |" in text
    assert "| autre | 0.600 |  |  | 0.200 | none |" in text


def test_the_figure_over_all_labels_is_named_for_what_it_is(tmp_path: Path) -> None:
    assert "Not a point of the curve" not in page(result(all_labels=None))
    every = {**point(1201, 0.75), "folds": 5, "trained_on": [960, 961], "n": 702}
    write_pages(result(all_labels=every), tmp_path)
    text = (tmp_path / "learning-curve.md").read_text(encoding="utf-8")
    assert "Not a point of the curve: with all 1201 public labels, benchmark included" in text
    assert "learn from 960 to 961 rows" in text
    assert "| 1201 |" not in text
    assert plot(result()["curve"], result()["peers"]).count("<polyline") == 2
