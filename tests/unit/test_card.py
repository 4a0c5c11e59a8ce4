"""The model card says what the manifest knows, and only that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from data.record import Comment
from data.taxonomy import SUBTYPES
from model.bundle import Bundle
from model.judgement import Judgement
from model.manifest import Manifest
from training.audit import functions, measure
from training.card import render_card


class Calm:
    """Judges everything civil."""

    bundle_name = "calme@1"
    thresholds: Mapping[str, float] = {"p_uncivil": 0.5}

    def score_many(self, comments: Sequence[Comment]) -> list[Judgement]:
        return [self._judgement] * len(comments)

    @property
    def _judgement(self) -> Judgement:
        return Judgement(
            p_impolite=0.1,
            p_uncivil=0.1,
            p_intolerable=0.0,
            severity=0,
            subtypes=dict.fromkeys(SUBTYPES, 0.0),
            stance="none",
            stance_probabilities={},
            action="publish",
            bundle=self.bundle_name,
        )


@pytest.fixture
def manifest(small_bundle: Bundle) -> Manifest:
    return small_bundle.manifest


def table_rows(card: str, heading: str) -> list[list[str]]:
    section = card.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1, (
        "every row has the header's columns"
    )
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_every_head_corpus_and_threshold(manifest: Manifest) -> None:
    card = render_card(manifest)
    assert card.startswith(f"# {manifest.full_name}\n")
    assert card.endswith("\n")
    heldout = manifest.metrics["heldout"]
    assert [row[0] for row in table_rows(card, "Held-out figures")] == list(heldout)
    assert str(heldout["p_uncivil"]["auc"]) in card
    assert [row[0] for row in table_rows(card, "Thresholds")] == list(manifest.thresholds)
    assert table_rows(card, "Trained on")[0][0] == "embedded/14"
    for package, version in manifest.packages.items():
        assert f"{package} {version}" in card
    assert manifest.encoder in card


def test_base_is_named_only_for_candidates(manifest: Manifest) -> None:
    assert "base bundle" not in render_card(manifest)
    assert "Adapted from the base bundle petit@1." in render_card(replace(manifest, base="petit@1"))


def test_no_figures_no_table(manifest: Manifest) -> None:
    assert "Held-out" not in render_card(replace(manifest, metrics={}))


@pytest.mark.parametrize(
    "name", ["a|b.jsonl", "a\n# titre\n.csv", "<script>.csv", "![x](http://a).csv", "`a`.csv"]
)
def test_file_names_stay_inside_their_cell(manifest: Manifest, name: str) -> None:
    corpus = {"name": name, "licence": "own", "rows": 3, "sha256": "0" * 64}
    card = render_card(replace(manifest, corpora=(corpus,)))
    assert len(table_rows(card, "Trained on")) == 1
    assert "\n# titre" not in card
    assert "<script>" not in card.replace("\\<", "")
    assert "![x](" not in card


def test_same_manifest_same_card(manifest: Manifest) -> None:
    assert render_card(manifest) == render_card(replace(manifest))


def test_operating_points_of_every_head(manifest: Manifest) -> None:
    heldout = manifest.metrics["heldout"]
    rows = table_rows(render_card(manifest), "Operating points")
    assert [row[1] for row in rows[:3]] == ["80%", "90%", "95%"]
    assert {row[0] for row in rows} == {head for head in heldout if head != "stance"}
    first = heldout[rows[0][0]]["points"]["operating_points"][0]
    assert rows[0][3] == f"{first['precision']:.3f}"
    assert rows[0][4] == f"{first['review_load']:.1%}"


def test_audit_is_shown_where_it_was_measured(manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Bias" not in render_card(manifest)
    monkeypatch.setattr(functions, "kept_for_evaluation", list)
    measured = measure.audit(Calm(), lambda line: None)
    card = render_card(replace(manifest, metrics={**manifest.metrics, "audit": measured}))
    assert len(table_rows(card, "Bias by identity term")) == len(measured["bias"]["terms"])
    assert {row[0] for row in table_rows(card, "Disguise")} == {"embedded"}
    assert "## Viewpoint" in card
    assert "## HateCheck" not in card
