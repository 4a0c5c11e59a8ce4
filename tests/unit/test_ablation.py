"""Ablation: parts are really left out, rows kept apart train nothing, and the page says what was measured."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.record import Comment
from model.bundle import Bundle
from training import ablation
from training.ablate import HELD_OUT, ablations, build, transfers
from training.view_costs import view_costs
from training.views import VIEWS, ViewSettings

SETTINGS = ViewSettings(chars_penalty=4.0, words_penalty=4.0, landmarks=40, gamma=1 / 96, ridge=1.0, seed=0)


def quiet(line: str) -> None:
    return None


@pytest.fixture(scope="module")
def comments(embedded: list[Comment]) -> list[Comment]:
    rows = embedded[::60]
    return [replace(c, source="other/x") if i % 5 == 0 else c for i, c in enumerate(rows)]


def test_parts_are_left_out(comments: list[Comment], embedded: list[Comment]) -> None:
    bench = build(comments, {"site": embedded[7::200]}, quiet)
    held = bench.tests[0]
    assert [t.name for t in bench.tests] == [HELD_OUT, "site"]
    assert not set(held.group) & set(bench.group)
    assert set(bench.corpora) == {"embedded", "other"}
    rows = ablations(bench, SETTINGS, quiet)
    names = [row["part"] for row in rows]
    assert names[0] == "everything"
    assert names[1 : 1 + 2 * len(VIEWS)] == [f"{how} {view}" for how in ("without", "only") for view in VIEWS]
    left_out = {name.split(" (")[0] for name in names[-2:]}
    assert left_out == {"trained without other", "trained without embedded"}
    figures = {row["part"]: row["site"]["average_precision"] for row in rows}
    assert len({figures[name] for name in names[:9]}) > 5, "leaving a part out changes what is said"
    assert all(0 <= row[t.name]["auc"] <= 1 for row in rows for t in bench.tests)
    assert [("other" in row, "embedded" in row) for row in rows[-2:]] == [(True, False), (False, True)]


def test_each_corpus_alone(comments: list[Comment], embedded: list[Comment]) -> None:
    bench = build(comments, {"site": embedded[7::200]}, quiet)
    rows = transfers(bench, SETTINGS, quiet)
    assert {row["part"]: set(row) - {"part"} for row in rows} == {
        "other": {HELD_OUT, "site", "embedded"},
        "embedded": {HELD_OUT, "site", "other"},
    }
    alone = next(row for row in rows if row["part"] == "other")
    whole = ablations(bench, SETTINGS, quiet)[0]
    assert alone["site"]["auc"] != whole["site"]["auc"]


def test_costs_are_of_one_comment(small_bundle: Bundle, comments: list[Comment]) -> None:
    ticks = iter(range(1000))
    costs = view_costs(small_bundle, comments[:10], clock=lambda: float(next(ticks)))
    assert [c["microseconds"] for c in costs[:-1]] == [1e5] * (len(costs) - 1)
    assert costs[-1] == {"step": "all of them", "microseconds": round(1e5 * (len(costs) - 1), 1)}


def test_page_and_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = {"auc": 0.9, "average_precision": 0.8, "accuracy": 0.7, "ci95": [0.85, 0.95]}
    worse = {**figures, "auc": 0.8, "ci95": None}
    best = {**figures, "auc": 0.987}
    found = {
        "rows": [
            {"part": "everything", HELD_OUT: figures, "site": best},
            {"part": "without chars", HELD_OUT: worse, "site": worse},
            {
                "part": "trained without other",
                HELD_OUT: worse,
                "site": worse,
                "other": {**worse, "auc": 0.765},
            },
        ],
        "alone": [
            {"part": "embedded", HELD_OUT: worse, "site": worse, "other": {**worse, "auc": 0.654}},
            {"part": "other", HELD_OUT: worse, "site": {**worse, "auc": 0.543}, "embedded": worse},
        ],
        "costs": [{"step": "all of them", "microseconds": 2000.0}],
        "n": {"train": 5, HELD_OUT: 3},
    }
    asked = []
    monkeypatch.setattr(ablation, "measure", lambda config, every: asked.append(every) or found)
    assert ablation.main(["--root", str(tmp_path)]) == 2
    assert "is no checkout" in capsys.readouterr().err
    (tmp_path / "pyproject.toml").write_text("")
    assert ablation.main(["--root", str(tmp_path), "--every", "0"]) == 2
    assert ablation.main(["--root", str(tmp_path), "--every", "9"]) == 0
    assert asked == [9]
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == found
    page = (tmp_path / "docs" / "ablation.md").read_text()
    assert "0.850–0.950" in page
    assert "+0.100" in page
    assert "500 comments a second" in page
    squeezed = [" ".join(line.split()) for line in page.splitlines()]
    assert "| embedded alone | 0.654 | 0.800 |" in squeezed
    assert "| other alone | – | 0.543 |" in squeezed
    assert "| all but the one measured | 0.765 | 0.987 |" in squeezed
    assert np.isclose(json.loads((tmp_path / "bench" / "out" / "ablation.json").read_text())["n"]["train"], 5)
