"""``courtois retrain`` as a newsroom types it, on top of the small bundle."""

import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import main
from data.exchange import to_row
from data.record import Comment, Labels
from data.taxonomy import SUBTYPES
from model.bundle import load_bundle
from model.policy import INCIVILITY_HEADS
from model.scorer import Scorer

WORD = "glaviouk"
"""An insult of one site, unknown to every list and corpus."""


def write(path: Path, comments: Iterable[Comment], *more: Mapping[str, Any]) -> str:
    lines = [json.dumps(row, ensure_ascii=False) for row in (*map(to_row, comments), *more)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def labelled(comments: Iterable[Comment], labels: Iterable[Labels]) -> list[Comment]:
    return [replace(c, labels=given) for c, given in zip(comments, labels, strict=True)]


def civil(comments: Iterable[Comment]) -> list[Comment]:
    return [c for c in comments if c.labels.severity == 0]


def site_convention(comments: list[Comment]) -> list[Comment]:
    """Civil comments, half of which call someone by the site's own insult and are rejected for it."""
    rows = civil(comments)[:120]
    return [
        replace(c, text=f"{c.text} {WORD}", labels=Labels(incivility=1))
        if i % 2
        else replace(c, labels=Labels(incivility=0))
        for i, c in enumerate(rows)
    ]


@pytest.fixture(scope="module")
def convention(unseen_comments: list[Comment]) -> list[Comment]:
    return site_convention(unseen_comments)


def run(*arguments: object) -> int:
    return main(["retrain", *map(str, arguments)])


def arrays(folder: Path) -> dict[str, np.ndarray]:
    with np.load(folder / "weights.npz") as archive:
        return {name: archive[name] for name in archive.files}


@pytest.fixture(scope="module")
def candidate(
    convention: list[Comment], small_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("convention")
    export = write(folder / "labels.jsonl", convention)
    assert run(export, "--base", small_folder, "-o", folder / "candidat") == 0
    return folder / "candidat"


class TestConvention:
    """A candidate that learns what the base cannot know."""

    def test_flags_the_sites_own_insult(self, candidate: Path, small_scorer: Scorer) -> None:
        after = Scorer.load(candidate)
        for text in ("Le maire a présenté son budget.", "Le match commence à 20 heures."):
            plain, insult = Comment(id="1", text=text), Comment(id="2", text=f"{text} {WORD}")
            assert after.score(insult).p_uncivil > small_scorer.score(insult).p_uncivil + 0.3
            assert after.score(insult).action != "publish"
            assert after.score(plain).action == "publish"

    def test_comparison_is_kept_in_the_manifest(self, candidate: Path) -> None:
        manifest = load_bundle(candidate).manifest
        (head,) = manifest.metrics["comparison"]
        assert (head["head"], head["n"], head["passed"]) == ("p_uncivil", 120, True)
        assert head["candidate"] > 0.95 > 0.65 > head["base"]
        assert head["ci95"][0] > 0
        assert manifest.base == "petit@1"
        assert re.fullmatch(r"1\+[0-9a-f]{8}", manifest.version)
        assert manifest.corpora[-1]["name"] == "labels.jsonl"
        assert manifest.corpora[-1]["rows"] == 120

    def test_heads_without_labels_say_what_the_base_says(
        self, candidate: Path, small_scorer: Scorer, unseen_comments: list[Comment]
    ) -> None:
        rows = unseen_comments[-40:]
        pairs = zip(Scorer.load(candidate).score_many(rows), small_scorer.score_many(rows), strict=True)
        for after, before in pairs:
            for name in SUBTYPES:
                assert after.subtypes[name] == pytest.approx(before.subtypes[name], abs=1e-4)
            assert after.stance_probabilities == pytest.approx(before.stance_probabilities, abs=1e-5)

    def test_can_be_the_base_of_the_next(
        self, candidate: Path, convention: list[Comment], tmp_path: Path
    ) -> None:
        export = write(tmp_path / "suite.jsonl", convention[:60])
        assert run(export, "--base", candidate, "-o", tmp_path / "encore") in (0, 1)
        manifest = load_bundle(tmp_path / "encore").manifest
        assert manifest.base == load_bundle(candidate).manifest.full_name
        assert manifest.version.count("+") == 1
        first, second = (len(load_bundle(b).incivility.landmarks) for b in (candidate, tmp_path / "encore"))
        assert second <= first + 30  # the base's landmarks and the export's rows were there, but for rounding

    def test_same_export_same_bytes(
        self, candidate: Path, convention: list[Comment], small_folder: Path, tmp_path: Path
    ) -> None:
        export = write(tmp_path / "labels.jsonl", convention)
        assert run(export, "--base", small_folder, "-o", tmp_path / "deux") == 0
        for name in ("weights.npz", "manifest.json", "MODEL_CARD.md"):
            assert (tmp_path / "deux" / name).read_bytes() == (candidate / name).read_bytes()


def test_gate_fails_where_labels_follow_threads_and_not_texts(
    unseen_comments: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Someone rejected whole threads: what that teaches is wrong for every thread left out."""
    rows = random.Random(0).sample(unseen_comments, 80)
    rows = [
        replace(c, thread_id=f"fil {i // 8}", labels=Labels(incivility=i // 8 % 2))
        for i, c in enumerate(rows)
    ]
    export = write(tmp_path / "fils.jsonl", rows)
    assert run(export, "--base", small_folder, "-o", tmp_path / "candidat") == 1
    shown = capsys.readouterr()
    assert "gate failed: p_uncivil" in shown.out
    manifest = load_bundle(tmp_path / "candidat").manifest
    assert not manifest.metrics["comparison"][0]["passed"]


def test_stance_alone_leaves_incivility_untouched(
    unseen_comments: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = unseen_comments[::61]
    export = write(
        tmp_path / "positions.jsonl", labelled(rows, (Labels(stance=c.labels.stance) for c in rows))
    )
    assert run(export, "--base", small_folder, "-o", tmp_path / "candidat") in (0, 1)
    before, after = arrays(small_folder), arrays(tmp_path / "candidat")
    same = {name for name in before if before[name].tobytes() == after[name].tobytes()}
    assert {name for name in before if not name.startswith("stance.")} <= same
    assert "stance.chars" not in same
    base, candidate = load_bundle(small_folder).manifest, load_bundle(tmp_path / "candidat").manifest
    untouched = {name: cut for name, cut in base.thresholds.items() if not name.startswith("stance_")}
    assert untouched.items() <= candidate.thresholds.items()
    out = capsys.readouterr().out
    assert re.search(r"^stance +\d+ +macro_f1", out, re.MULTILINE)
    assert not any(line.startswith(INCIVILITY_HEADS) for line in out.splitlines())


def test_rows_that_cannot_be_used_are_set_aside_and_counted(
    convention: list[Comment], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [
        {"text": "Secret gardé", "severity": 9},
        {"text": "Autre secret", "stance": "peut-être"},
        {"text": "Sans étiquette, secret"},
        {"text": " ", "insult": 1},
    ]
    export = write(tmp_path / "labels.jsonl", convention, *bad)
    assert run(export, "--base", small_folder, "-o", tmp_path / "candidat") == 1
    shown = capsys.readouterr()
    aside = [line for line in shown.err.splitlines() if line.startswith("set aside: ")]
    assert [line.split(": ")[1].rsplit(":", 1)[1] for line in aside] == ["121", "122", "123", "124"]
    assert "None" not in shown.err
    assert "ecret" not in shown.err + shown.out
    assert "120 labelled comments" in shown.err
    assert load_bundle(tmp_path / "candidat").manifest.corpora[-1]["rows"] == 120
    assert re.search(r"^head +n +measure +base +candidate", shown.out, re.MULTILINE)
    assert re.search(r"^p_uncivil +120 +auc", shown.out, re.MULTILINE)
    assert "gate failed" not in shown.out


class TestRefused:
    """Exit 2, one line, nothing written."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        return tmp_path / "candidat"

    def refused(self, capsys: pytest.CaptureFixture[str], *words: str) -> None:
        (line,) = [s for s in capsys.readouterr().err.splitlines() if not s.startswith("[")]
        assert line.startswith("courtois retrain: ")
        for word in words:
            assert word in line

    def test_five_rows(
        self,
        convention: list[Comment],
        small_folder: Path,
        tmp_path: Path,
        place: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        export = write(tmp_path / "cinq.jsonl", convention[:5])
        assert run(export, "--base", small_folder, "-o", place) == 2
        self.refused(capsys, "5 labelled comments, at least 30 are needed")
        assert not place.exists()

    @pytest.mark.parametrize("labels", [Labels(incivility=0), Labels(severity=3), Labels(stance="favor")])
    def test_one_value_only(
        self,
        convention: list[Comment],
        small_folder: Path,
        tmp_path: Path,
        place: Path,
        capsys: pytest.CaptureFixture[str],
        labels: Labels,
    ) -> None:
        export = write(tmp_path / "un.jsonl", [replace(c, labels=labels) for c in convention[:40]])
        assert run(export, "--base", small_folder, "-o", place) == 2
        self.refused(capsys, "no label has enough rows of both values", "label more comments")
        assert not place.exists()

    def test_copies_do_not_count(
        self,
        convention: list[Comment],
        small_folder: Path,
        tmp_path: Path,
        place: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        export = write(tmp_path / "copies.jsonl", convention[:20] * 5)
        assert run(export, "--base", small_folder, "-o", place) == 2
        assert "20 labelled comments, 80 duplicates left out" in capsys.readouterr().err

    @pytest.mark.parametrize("name", ["absent.jsonl", "labels.docx", "-"])
    def test_export_that_cannot_be_read(
        self, small_folder: Path, place: Path, capsys: pytest.CaptureFixture[str], name: str
    ) -> None:
        assert run(name, "--base", small_folder, "-o", place) == 2
        self.refused(capsys, name)

    def test_base_that_is_none(self, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("x.jsonl", "--base", tmp_path / "rien", "-o", place) == 2
        self.refused(capsys, "no such bundle folder")

    def test_the_base_is_not_overwritten(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("x.jsonl", "--base", folder, "-o", folder / ".." / folder.name) == 2
        self.refused(capsys, "is the base itself")

    def test_other_files_are_not_overwritten_nor_work_begun(
        self,
        convention: list[Comment],
        small_folder: Path,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        export = write(tmp_path / "labels.jsonl", convention)
        (tmp_path / "notes").mkdir()
        (tmp_path / "notes" / "a.txt").write_text("à garder")
        monkeypatch.setattr("model.bundle.load_bundle", lambda folder: pytest.fail("work was begun"))
        assert run(export, "--base", small_folder, "-o", tmp_path / "notes") == 2
        self.refused(capsys, "exists and is no bundle")
        assert [p.name for p in (tmp_path / "notes").iterdir()] == ["a.txt"]

    def test_wrong_settings(self, tmp_path: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "c.toml").write_text("folds = 0")
        assert run("x.jsonl", "--config", tmp_path / "c.toml", "-o", place) == 2
        self.refused(capsys, "c.toml", "folds must be at least 2")
