"""What a report compares: folds that leak, corpora in sample, peers on the same rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from report_oracle import comment, mixed, report

from data.record import Labels
from training.report_html import render_html
from training.report_leaks import find_leaks
from training.report_markdown import render_markdown
from training.report_peers import compare


def test_leaks_are_found_to_the_fold_and_left_out() -> None:
    rows = mixed(40)
    training = [replace(rows[i], text=rows[i].text.upper() + " !!") for i in range(5)]
    leaks = find_leaks("essai", rows, [{"name": "ftr"}, {"name": "site.csv"}], load=lambda name: training)
    assert leaks.as_dict() == {
        "in_sample": False, "seen": 5, "share": 0.125, "checked": ["ftr"], "unchecked": ["site.csv"],
    }  # fmt: skip
    content = report(rows, leaks=leaks)
    assert content["n"] == 40
    assert content["without_leaks"]["n"] == 35
    assert sum(content["without_leaks"]["heads"]["incivility"]["support"].values()) == 35
    assert "WARNING" in render_markdown([content])


def test_leaks_skip_unlabelled_rows() -> None:
    rows = [comment(0, 0.1, Labels()), *(comment(i, i / 5, Labels(incivility=i % 2)) for i in range(1, 5))]
    leaks = find_leaks("essai", rows, [{"name": "ftr"}], load=lambda name: [rows[0], rows[1]])
    assert report(rows, leaks=leaks)["without_leaks"]["n"] == 3


@pytest.mark.parametrize("entry", [{"name": "essai"}, {"name": "other", "sha256": "ab"}])
def test_a_corpus_that_trained_the_bundle_is_in_sample(entry: dict[str, str]) -> None:
    leaks = find_leaks("essai", mixed(), [entry], digest="ab")
    assert leaks.in_sample
    content = report(leaks=leaks, heldout={"p_uncivil": {"auc": 0.777}})
    assert "without_leaks" not in content
    for page in (render_markdown([content]), render_html([content])):
        assert "IN-SAMPLE" in page
        assert "0.777" in page


def peers_frame() -> pd.DataFrame:
    names = [str(i) for i in range(20)]
    gold = np.arange(20) % 2
    table = {"label": gold, "right": gold, "wrong": 1 - gold, "perspective": gold}
    table["perspective_TOXICITY"] = np.linspace(0, 1, 20)
    return pd.DataFrame(table, index=names)


def test_peers_are_compared_on_the_same_rows() -> None:
    rows = [comment(i, 0.9 if i % 2 else 0.1, Labels(incivility=i % 2)) for i in range(25)]
    gold, chances = np.arange(25.0) % 2, np.array([c.extra["p"] for c in rows])
    compared = compare(rows, gold, chances, 0.5, peers_frame())
    assert compared is not None
    assert compared["n"] == 20
    assert compared["ours"] == {"accuracy": 1.0, "f1": 1.0, "auc": 1.0}
    by_name = {row["system"]: row for row in compared["peers"]}
    assert set(by_name) == {"right", "wrong", "perspective"}
    assert by_name["right"]["p_value"] == 1
    assert by_name["wrong"]["only_ours_right"] == 20
    assert by_name["wrong"]["p_value"] == pytest.approx(2 / 2**20)
    assert by_name["perspective"]["auc"] == pytest.approx(0.55, abs=1e-6)
    content = report(rows, peers=peers_frame())
    assert content["comparison"] == compared
    assert "McNemar" in render_html([content])


def test_peers_of_other_rows_are_no_comparison() -> None:
    assert (
        compare([comment(99, 0.5, Labels(incivility=1))], np.ones(1), np.ones(1), 0.5, peers_frame()) is None
    )
