"""``courtois retrain`` on exports that are wrong, old or hostile."""

import csv
import io
import json
import pickle
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import roc_auc_score
from test_retrain_cli import WORD, civil, run, site_convention, write

from data.exchange import to_row
from data.record import MAX_TEXT, Comment, Labels
from model.bundle import load_bundle
from model.scorer import Scorer

FORMULAS = ('=HYPERLINK("x")', "+33 1", "-2+3", "@SUM(A1)")


@pytest.fixture(scope="module")
def convention(unseen_comments: list[Comment]) -> list[Comment]:
    return site_convention(unseen_comments)


def turned(comments: Sequence[Comment], share: float) -> list[Comment]:
    wrong = set(random.Random(0).sample(range(len(comments)), round(share * len(comments))))
    return [
        replace(c, labels=Labels(incivility=1 - int(c.labels.uncivil or 0))) if i in wrong else c
        for i, c in enumerate(comments)
    ]


def area(folder: Path, rows: Sequence[Comment]) -> float:
    chances = [j.incivility for j in Scorer(load_bundle(folder)).score_many(rows)]
    return float(roc_auc_score([c.labels.uncivil for c in rows], chances))


def test_three_labels_in_ten_are_wrong(
    unseen_comments: list[Comment], convention: list[Comment], small_folder: Path, tmp_path: Path
) -> None:
    """What is right still carries: on fresh rows the candidate knows the site's word, the base does not."""
    export = write(tmp_path / "labels.jsonl", turned(convention, 0.3))
    assert run(export, "--base", small_folder, "-o", tmp_path / "candidat") in (0, 1)
    fresh = [
        replace(c, text=f"{c.text} {WORD}" if i % 2 else c.text, labels=Labels(incivility=i % 2))
        for i, c in enumerate(civil(unseen_comments)[150:230])
    ]
    assert area(tmp_path / "candidat", fresh) > area(small_folder, fresh) + 0.05


def test_labels_drawn_by_lot_teach_nothing_and_are_said_to(
    unseen_comments: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels without any rule: there is nothing to learn, and the base's own view is not made worse."""
    rows = [c for c in unseen_comments if c.labels.severity in (0, 2, 3)]
    rows = [replace(c, labels=Labels(incivility=c.labels.uncivil)) for c in rows][:160]
    toss = random.Random(1)
    tossed = [replace(c, labels=Labels(incivility=toss.randrange(2))) for c in rows]
    code = run(write(tmp_path / "labels.jsonl", tossed), "--base", small_folder, "-o", tmp_path / "candidat")
    assert code in (0, 1)
    candidate, base = area(tmp_path / "candidat", rows), area(small_folder, rows)
    assert (candidate > base - 0.1) or code == 1
    assert ("gate failed" in capsys.readouterr().out) is (code == 1)


@pytest.mark.parametrize("labels", [Labels(severity=2, insult=1), Labels(incivility=0)])
def test_one_comment_a_hundred_times(
    small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], labels: Labels
) -> None:
    rows = [Comment(id=str(i), text=f"Bravo, {'!' * (i % 7)}", labels=labels) for i in range(100)]
    out = tmp_path / "candidat"
    assert run(write(tmp_path / "labels.jsonl", rows), "--base", small_folder, "-o", out) == 2
    assert "1 labelled comments, at least 30 are needed" in capsys.readouterr().err
    assert not out.exists()


def test_labels_of_an_older_guide(
    convention: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of the rows know fewer labels, and one that is gone; values of another scale are set aside."""
    old = [to_row(c) | {"toxicity": 0.9, "guide": "v0"} for c in convention[:60]]
    new = [
        to_row(replace(c, labels=Labels(severity=2 * int(c.labels.uncivil or 0), insult=c.labels.uncivil)))
        for c in convention[60:]
    ]
    other = [
        {"text": "Un secret gardé", "severity": 5, "guide": "v0"},
        {"text": "Un secret gardé aussi", "stance": "neutral", "guide": "v0"},
        {"text": "Un secret, trois valeurs", "insult": 2, "guide": "v0"},
        {"text": "Un secret d’avant", "toxicity": 1, "guide": "v0"},
    ]
    out = tmp_path / "candidat"
    assert (
        run(write(tmp_path / "labels.jsonl", [], *old, *new, *other), "--base", small_folder, "-o", out) == 1
    )
    shown = capsys.readouterr()
    aside = [line for line in shown.err.splitlines() if line.startswith("set aside: ")]
    assert [line.split(": ")[1].rsplit(":", 1)[1] for line in aside] == ["121", "122", "123", "124"]
    assert "secret" not in shown.err + shown.out
    heads = {h["head"]: h["n"] for h in load_bundle(out).manifest.metrics["comparison"]}
    assert (heads["p_uncivil"], heads["insult"]) == (120, 60)
    assert "toxicity" not in json.dumps(load_bundle(out).manifest.metrics)


class TestHostile:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        (tmp_path / "out").mkdir()
        return tmp_path / "out" / "candidat"

    @pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
    def test_rows_cost_themselves_and_ids_are_no_paths(
        self,
        convention: list[Comment],
        small_folder: Path,
        tmp_path: Path,
        place: Path,
        capsys: pytest.CaptureFixture[str],
        name: str,
    ) -> None:
        ids = ["../../evil", "/etc/passwd", "C:\\x", "..", "a/../../b", "%2e%2e%2f", "x\u202ey"]
        good = [to_row(replace(c, id=ids[i] if i < len(ids) else c.id)) for i, c in enumerate(convention)]
        deep: Any = "x"
        for _ in range(200):
            deep = {"x": deep}
        bad: list[dict[str, Any]] = [
            {"text": "Un secret", "incivility": 1, "id": "x" * 5000},
            {"text": "secret" * (MAX_TEXT // 6 + 1), "incivility": 1, "id": "grand"},
            {"text": "Un secret", "incivility": "=1+1", "id": "formule"},
        ]
        if name != "a.csv":
            bad.append({"text": "Un secret", "incivility": 1, "id": "profond", "note": deep})
        path = tmp_path / name
        path.write_text(_as(name, [*good, *bad]), encoding="utf-8")
        before = {p.relative_to(tmp_path) for p in tmp_path.rglob("*")}
        assert run(path, "--base", small_folder, "-o", place) == 1
        shown = capsys.readouterr()
        aside = [line for line in shown.err.splitlines() if line.startswith("set aside: ")]
        assert len(aside) == len(bad)
        assert all(len(line) < 500 for line in shown.err.splitlines())
        assert "secret" not in shown.err + shown.out
        assert load_bundle(place).manifest.corpora[-1]["rows"] == len(good)
        new = {p.relative_to(tmp_path) for p in tmp_path.rglob("*")} - before
        assert {p.parts[:2] for p in new} == {("out", "candidat")}

    def test_formula_cells_stay_text(
        self, convention: list[Comment], small_folder: Path, tmp_path: Path, place: Path
    ) -> None:
        """In a table, formulas are texts; what is written to be read again cannot run either."""
        rows = [
            replace(
                c,
                text=f"{FORMULAS[i % 4]} {c.text}",
                labels=Labels(incivility=1 - i % 2 if i % 10 == 3 else i % 2),
            )
            for i, c in enumerate(convention)
        ]
        again = tmp_path / "again.csv"
        path = tmp_path / "a.csv"
        path.write_text(_as("a.csv", [to_row(c) for c in rows]), encoding="utf-8")
        assert run(path, "--base", small_folder, "-o", place, "--doubts", again) in (0, 1)
        with again.open(encoding="utf-8-sig", newline="") as file:
            written = [row["text"] for row in csv.DictReader(file)]
        assert written
        assert all(text.startswith(tuple(f"'{formula}" for formula in FORMULAS)) for text in written)

    @pytest.mark.parametrize("name", ["labels.json", "labels.jsonl", "labels.csv", "labels.parquet"])
    @pytest.mark.parametrize(
        "content",
        [
            pickle.dumps([{"text": "Un secret", "incivility": 1}] * 40),
            "Un commentaire secret sans ligne de titre et plus long que le nom d’une colonne\n".encode() * 40,
            b"[" * 300_000,
            b'{"a":' * 300_000,
            b"\x80\x04\x95" + b"\x00" * 60,
        ],
        ids=["pickle", "headless", "arrays", "objects", "binary"],
    )
    def test_a_file_that_is_no_export_is_never_run(
        self,
        small_folder: Path,
        tmp_path: Path,
        place: Path,
        capsys: pytest.CaptureFixture[str],
        name: str,
        content: bytes,
    ) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        assert run(path, "--base", small_folder, "-o", place) == 2
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        assert "commentaire" not in shown.err
        lines = [s for s in shown.err.splitlines() if not s.startswith(("[", "set aside"))]
        assert len(lines) == 1
        assert lines[0].startswith("courtois retrain: ")
        assert len(lines[0]) < 500
        assert not place.exists()

    def test_a_pickle_that_would_write_is_not_opened(
        self, small_folder: Path, tmp_path: Path, place: Path
    ) -> None:
        path = tmp_path / "labels.json"
        path.write_bytes(pickle.dumps(_Trap(str(tmp_path / "trap"))))
        assert run(path, "--base", small_folder, "-o", place) == 2
        assert not (tmp_path / "trap").exists()


class _Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        import os

        return os.mkdir, (self.path,)


def _as(name: str, rows: Sequence[dict[str, Any]]) -> str:
    if name.endswith(".jsonl"):
        return "".join(json.dumps(row) + "\n" for row in rows)
    if name.endswith(".json"):
        return json.dumps(list(rows))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_the_trap_works(tmp_path: Path) -> None:
    """Else the test above could not fail."""
    pickle.loads(pickle.dumps(_Trap(str(tmp_path / "trap"))))
    assert (tmp_path / "trap").exists()
