"""The model card says what the manifest knows, and only that."""

from dataclasses import replace

import pytest

from model.bundle import Bundle
from model.manifest import Manifest
from training.card import render_card


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
