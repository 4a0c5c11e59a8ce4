"""Targets of the quality page: what is wanted, what was measured, and the verdict."""

from typing import Any

import pytest

from training.report_quality import quality_text, readme_text
from training.report_targets import TARGETS, Target, targets_section


def audit() -> dict[str, Any]:
    pairs = {"n": 2, "gap": 0.02, "signed": 0.0, "largest": 0.1, "actions": 0}
    moved = {"n": 2, "accuracy": 0.5, "both": 0.0, "moved": 0.0, "toward": 0.5}
    term = {"term": "|x|", "published": True, "n": 4, "subgroup": 1.0, "bpsn": 0.9, "bnsp": None}
    shares = {"neutral_flagged": 0.005, "neutral_attack": 0.2}
    loss = {"kind": "stars", "words": "offending", "n": 9, "before": 1.0, "after": 0.5, "loss": 0.5}
    return {
        "bias": {
            "n": 4, "auc": 0.97, "gap": 0.07, "within": 0, "published": 1, **shares, "kinds": {},
            "terms": [{**term, **shares}],
        },
        "named": {
            "site": [{"term": "femmes", "n": 40, "auc": 0.9, "subgroup": 0.8, "bpsn": 0.9, "bnsp": 0.9}],
        },
        "viewpoint": {"all": pairs},
        "stance_pairs": {"all": moved},
        "obfuscation": {
            "embedded": [{**loss, "loss": 0.9}],
            "site": [loss, {**loss, "words": "all", "loss": 0.7}],
            "other": [{**loss, "n": 3, "loss": 0.1}, {**loss, "kind": "leet", "n": 3, "loss": 0.2}],
        },
        "functions": {
            "functions": [{"functionality": "ident_pos_nh", "n": 3, "incivility": 0.6}],
            "macro_f1": {"incivility": 0.7, "identity_attack": 0.9},
            "protected": {"incivility": {"identity mention": 0.9, "counter-speech": 0.85}},
        },
    }  # fmt: skip


def quality(**more: Any) -> dict[str, Any]:
    return {
        "bundle": "b@1", "corpora": {}, "heldout": {}, "comparison": None, "absent": [], "audit": None, **more
    }  # fmt: skip


def verdicts(measured: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {row[0]: (row[3], row[4]) for row in targets_section(measured).rows}


def test_without_anything_nothing_is_claimed() -> None:
    assert set(verdicts(quality()).values()) == {("–", "not measured")}
    assert len(verdicts(quality())) == len(TARGETS)


def test_what_sentences_measure() -> None:
    found = verdicts(quality(audit=audit()))
    assert found["disguise: loss of recall, worst way"] == ("0.400", "missed")
    assert found["bias: neutral sentences flagged, worst term"] == ("0.005", "goal")
    assert found["bias: largest gap of a term's areas"] == ("0.070", "missed")
    assert found["bias: neutral sentences flagged"] == ("0.005", "goal")
    assert found["viewpoint: mean gap"] == ("0.020", "reached")
    assert found["HateCheck: incivility macro-F1"] == ("0.700", "reached")
    assert found["HateCheck: identity mention and counter-speech, the lower"] == ("0.850", "reached")


def test_what_corpora_measure() -> None:
    figures = {"auc": 0.9, "ece": 0.2}
    corpora = {"toxifrench": {"heads": {"incivility": figures}}, "embedded": {"in_sample": True}}
    found = verdicts(quality(corpora=corpora, heldout={"p_uncivil": {"ece": 0.01}, "insult": {"ece": 0.04}}))
    assert found["toxifrench, out of the box: AUC"] == ("0.900", "goal")
    assert found["calibration, out of the box: worst ECE"] == ("0.200", "missed")
    assert found["calibration, held out: worst ECE"] == ("0.040", "reached")


@pytest.mark.parametrize(
    ("value", "most", "verdict"),
    [(0.8, False, "goal"), (0.79, False, "reached"), (0.69, False, "missed"), (0.8, True, "missed")],
)
def test_bounds_count_as_reached(value: float, most: bool, verdict: str) -> None:
    must, goal = (0.8, 0.7) if most else (0.7, 0.8)
    target = Target("x", must, goal, lambda measured: None, most=most)
    assert target.verdict(value if not most else 0.81) == verdict


def test_page_and_readme_hold_the_tables() -> None:
    page = quality_text(quality(audit=audit()))
    for heading in ("Targets", "Bias by identity term", "Bias on real comments", "Disguise", "Viewpoint"):
        assert f"## {heading}\n" in page
    assert "## HateCheck\n" in page
    assert r"\|x\|" in page
    assert "bias: neutral sentences flagged" in readme_text(quality(audit=audit()))
    assert "bias" not in readme_text(quality())
