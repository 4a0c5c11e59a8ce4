"""Gates: on quality, neutrality, disguise, stance and speed, one fault at a time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from word_judges import Told, Words

from data.lexicons import terms
from data.record import Comment, Labels
from model.installed import install
from model.manifest import Manifest, read_manifest
from model.scorer import Scorer
from training import gates, gates_sentences
from training.audit.sentences import viewpoint_pairs
from training.gates import quality_gate, speed_gate
from training.gates_sentences import (
    disguise_gate,
    identity_gate,
    neutral_sentences,
    stance_gate,
    viewpoint_gate,
)
from training.probes import identity_sentences


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "registre"))


def head(**more: Any) -> dict[str, Any]:
    row = {
        "head": "p_uncivil",
        "measure": "auc",
        "base": 0.7,
        "candidate": 0.8,
        "difference": 0.1,
        "passed": True,
    }
    return row | more


class TestQuality:
    @pytest.fixture
    def manifest(self, small_folder: Path) -> Manifest:
        return read_manifest(small_folder)

    def test_won_against_the_base_in_use(self, manifest: Manifest) -> None:
        gate = quality_gate(replace(manifest, base="b@1", metrics={"comparison": [head()]}), "b@1")
        assert (gate.passed, gate.current, gate.candidate) == (True, 0.7, 0.8)

    def test_says_which_labels_it_rests_on(self, manifest: Manifest) -> None:
        for given, said in (
            ({"n": 210, "blind": 210, "on_blind": True}, "auc on 210 blind labels alone; "),
            (
                {"n": 900, "blind": 12, "on_blind": False},
                "auc on all 900 labels: 12 are blind, 200 are needed",
            ),
            ({}, "auc; "),  # made before bundles said so
        ):
            metrics = {"comparison": [head(**given)]}
            assert said in quality_gate(replace(manifest, base="b@1", metrics=metrics), "b@1").detail

    def test_lost_on_one_head_or_on_the_latest(self, manifest: Manifest) -> None:
        bad = head(head="insult", passed=False, difference=-0.2)
        for metrics in ({"comparison": [head(), bad]}, {"comparison": [head()], "latest": bad}):
            gate = quality_gate(replace(manifest, base="b@1", metrics=metrics), "b@1")
            assert gate.passed is False
            assert "-0.200" in gate.detail

    def test_another_in_use_counts_only_where_it_was_compared(self, manifest: Manifest) -> None:
        against = {"bundle": "c@1", "n": 80, "heads": [head(base=0.75)]}
        known = replace(manifest, base="b@1", metrics={"comparison": [head()], "against": against})
        assert quality_gate(known, "c@1").current == 0.75
        unknown = quality_gate(known, "d@1")
        assert unknown.passed is False
        assert "retrain with --against d@1" in unknown.detail

    def test_never_compared(self, manifest: Manifest) -> None:
        assert quality_gate(manifest, "b@1").passed is False


class TestNeutrality:
    def test_probes_have_every_term_and_take_every_side_once(self) -> None:
        assert len({c.text for _, c in identity_sentences()}) == 4 * len(terms("identity"))
        pairs = viewpoint_pairs()
        assert len({(p.first.text, p.second.text) for p in pairs}) == len(pairs) >= 150
        assert all(p.first.text != p.second.text for p in pairs)

    def test_flags_on_one_group_are_seen(self) -> None:
        fair, unfair = Words("crétin"), Words("musulman", "juif", "arabe")
        lost = identity_gate(unfair, fair)
        assert lost.passed is False
        assert "most for religion" in lost.detail
        assert identity_gate(fair, unfair).passed is True
        assert identity_gate(unfair, unfair).passed is True

    def test_one_side_judged_worse_is_seen(self) -> None:
        fair, unfair = Words("rien de tel"), Words("contre")
        lost = viewpoint_gate(unfair, fair)
        assert lost.passed is False
        assert lost.candidate is not None
        assert lost.candidate > 0.1
        sides = [("contre" in p.first.text, "contre" in p.second.text) for p in viewpoint_pairs()]
        assert f"{sum(a != b for a, b in sides)} pairs get different actions" in lost.detail
        assert viewpoint_gate(fair, unfair).passed is True

    def test_both_sides_judged_badly_is_no_bias(self) -> None:
        assert viewpoint_gate(Words("."), Words("rien de tel")).candidate is not None
        assert viewpoint_gate(Words(""), Words("rien de tel")).candidate == 0

    def test_disguise_that_hides_is_seen(self) -> None:
        blind, fair = Words("con", "merde", "putain"), Words("")
        lost = disguise_gate(blind, fair)
        assert (lost.passed, lost.current) == (False, 0)
        assert lost.candidate is not None
        assert lost.candidate > 0.02
        assert disguise_gate(fair, blind).passed is True

    def test_a_stance_that_no_longer_answers_is_seen(self) -> None:
        lost = stance_gate(Words("crétin"), Told())
        assert (lost.passed, lost.current, lost.candidate) == (False, 1.0, 0.0)
        assert stance_gate(Told(), Words("crétin")).passed is True


def test_speed_is_the_best_of_rounds() -> None:
    ticks = iter([0, 1, 1, 9, 9, 10, 10, 12, 12, 13, 13, 23])
    gate = speed_gate(Words(), Words(), clock=lambda: float(next(ticks)))
    assert gate.passed is False
    assert (gate.current, gate.candidate) == (192.0, 96.0)
    ticks = iter([0, 1, 1, 9, 9, 10, 10, 11.4, 12, 13, 13, 23])
    assert speed_gate(Words(), Words(), clock=lambda: float(next(ticks))).passed is True


def test_hatecheck_is_measured_only_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "kept_for_evaluation", list)
    assert gates.functions_gate(Words(), Words()).passed is None
    rows = [
        Comment(
            id=str(i),
            text="haine" if i % 2 else "calme",
            labels=Labels(incivility=i % 2, identity_attack=i % 2),
            extra={"functionality": "hate" if i % 2 else "neutral"},
        )
        for i in range(8)
    ]
    monkeypatch.setattr(gates, "kept_for_evaluation", lambda: ["hatecheck_fr"])
    monkeypatch.setattr(gates, "load_corpus", lambda name: rows)
    gate = gates.functions_gate(Words("calme"), Words("haine"))
    assert (gate.passed, gate.current, gate.candidate) == (False, 0.75, 0.25)
    assert "hate (p_uncivil) -1.00" in gate.detail


def test_all_gates_run_on_real_bundles(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "kept_for_evaluation", list)
    monkeypatch.setattr(gates_sentences, "neutral_sentences", lambda: neutral_sentences()[::40])
    monkeypatch.setattr(gates_sentences, "_DISGUISED", 5)
    monkeypatch.setattr(gates, "_EVERY", 60)
    scorer, said = Scorer.load(small_folder), list[str]()
    found = gates.measure_gates(scorer.bundle.manifest, scorer, scorer, said.append)
    assert [g.name for g in found] == [
        "quality", "hatecheck", "identity", "viewpoint", "stance_pairs", "disguise", "speed", "embedded",
    ]  # fmt: skip
    assert [g.passed for g in found[1:6]] == [None, True, True, True, True]
    assert found[-1].current == found[-1].candidate
    assert len(said) == 7
    assert install(small_folder).name == "petit@1"
