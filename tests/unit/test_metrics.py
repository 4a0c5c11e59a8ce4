import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from training.metrics import FIGURES, binary_figures, class_figures
from training.report_peers import mcnemar
from training.report_points import head_details

CLASSES = ("favor", "against", "none")


def samples() -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    random = np.random.default_rng(3)
    for size, decimals, threshold in itertools.product((7, 400), (1, 6), (0.3, 0.5)):
        gold = random.integers(0, 2, size)
        gold[:2] = 0, 1
        chances = np.clip(np.round(0.6 * random.random(size) + 0.3 * gold, decimals), 0, 1)
        yield gold, chances, threshold


@pytest.mark.parametrize(("gold", "chances", "threshold"), list(samples()))
def test_binary_figures_are_those_of_scikit_learn(
    gold: np.ndarray, chances: np.ndarray, threshold: float
) -> None:
    figures = binary_figures(gold, chances, threshold, resamples=0)
    said = chances >= threshold
    assert figures["auc"] == pytest.approx(sk.roc_auc_score(gold, chances), abs=1e-6)
    assert figures["average_precision"] == pytest.approx(sk.average_precision_score(gold, chances), abs=1e-6)
    assert figures["accuracy"] == pytest.approx(sk.accuracy_score(gold, said), abs=1e-6)
    assert figures["macro_f1"] == pytest.approx(sk.f1_score(gold, said, average="macro"), abs=1e-6)
    assert figures["recall"] == pytest.approx(sk.recall_score(gold, said), abs=1e-6)
    assert figures["brier"] == pytest.approx(sk.brier_score_loss(gold, chances), abs=1e-6)
    if said.any():
        assert figures["precision"] == pytest.approx(sk.precision_score(gold, said), abs=1e-6)


def test_class_figures_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(5)
    gold = random.integers(0, 3, 300)
    chances = random.dirichlet([1, 1, 1], 300) + 0.4 * np.eye(3)[gold]
    chances /= chances.sum(axis=1, keepdims=True)
    said = chances.argmax(axis=1)
    figures = class_figures(gold, chances, CLASSES, resamples=0)
    assert figures["auc"] == pytest.approx(sk.roc_auc_score(gold, chances, multi_class="ovr"), abs=1e-6)
    assert figures["macro_f1"] == pytest.approx(sk.f1_score(gold, said, average="macro"), abs=1e-6)
    assert figures["accuracy"] == pytest.approx(sk.accuracy_score(gold, said), abs=1e-6)
    for k, name in enumerate(CLASSES):
        recall = sk.recall_score(gold, said, labels=[k], average="macro")
        assert figures["classes"][name]["recall"] == pytest.approx(recall, abs=1e-6)
        assert figures["support"][name] == (gold == k).sum()


def test_stance_macro_f1_is_over_the_stances_that_occur() -> None:
    gold = np.array([0, 0, 1, 1])
    chances = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]])
    figures = class_figures(gold, chances, CLASSES, resamples=0)
    assert set(figures["classes"]) == {"favor", "against"}
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 1) / 2, abs=1e-6)
    assert figures["accuracy"] == 0.75


def test_perfect_and_reversed_scorers() -> None:
    gold = np.repeat([0, 1], 50)
    perfect = binary_figures(gold, gold.astype(float), 0.5)
    assert [perfect[name] for name in ("auc", "average_precision", "accuracy", "macro_f1")] == [1, 1, 1, 1]
    assert perfect["ece"] == perfect["brier"] == 0
    assert perfect["ci95"]["auc"] == [1, 1]
    turned = binary_figures(gold, 1.0 - gold, 0.5)
    assert [turned[name] for name in ("auc", "accuracy", "macro_f1", "recall")] == [0, 0, 0, 0]
    assert turned["ece"] == 1


def test_a_score_that_says_nothing_has_half_the_area() -> None:
    figures = binary_figures([0, 1, 0, 1], [0.4] * 4, 0.5)
    assert figures["auc"] == 0.5
    assert figures["ece"] == pytest.approx(0.1)


@pytest.mark.parametrize("value", [0, 1])
def test_one_class_has_no_area_and_no_nan(value: int) -> None:
    figures = binary_figures([value] * 20, np.linspace(0, 1, 20), 0.5)
    assert figures["auc"] is None
    assert figures["ci95"]["auc"] is None
    assert figures["accuracy"] == 0.5
    assert (figures["average_precision"] is None) == (value == 0)
    assert not any(isinstance(figures[name], float) and np.isnan(figures[name]) for name in FIGURES)


def test_bootstrap_is_seeded_and_keeps_groups_together() -> None:
    random = np.random.default_rng(8)
    gold = np.repeat(random.integers(0, 2, 40), 10)
    chances = np.clip(gold * 0.3 + np.repeat(random.random(40), 10) * 0.7, 0, 1)
    threads = np.repeat(np.arange(40), 10)
    first = binary_figures(gold, chances, 0.5, threads, seed=1)
    assert first == binary_figures(gold, chances, 0.5, threads, seed=1)
    assert first["ci95"] != binary_figures(gold, chances, 0.5, threads, seed=2)["ci95"]
    alone = binary_figures(gold, chances, 0.5, seed=1)

    def width(figures: dict) -> float:
        low, high = figures["ci95"]["auc"]
        return float(high - low)

    # Ten copies of a comment in a thread are one piece of evidence, not ten.
    assert width(first) > 2 * width(alone)


def test_bootstrap_interval_agrees_with_resampling_one_by_one() -> None:
    random = np.random.default_rng(2)
    gold = random.integers(0, 2, 200)
    chances = np.clip(0.5 * random.random(200) + 0.35 * gold, 0, 1)
    areas = []
    for _ in range(400):
        drawn = random.integers(0, 200, 200)
        areas.append(sk.roc_auc_score(gold[drawn], chances[drawn]))
    low, high = np.quantile(areas, [0.025, 0.975])
    assert binary_figures(gold, chances, 0.5)["ci95"]["auc"] == pytest.approx([low, high], abs=0.015)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from([0.0, 0.2, 0.5, 0.51, 1.0]), st.integers(0, 4)),
        min_size=1,
        max_size=30,
    )
)
def test_every_figure_is_a_share_inside_its_interval(rows: list[tuple[int, float, int]]) -> None:
    gold, chances, group = map(np.array, zip(*rows, strict=True))
    figures = binary_figures(gold, chances, 0.5, group, resamples=30)
    for name in FIGURES:
        value, interval = figures[name], figures["ci95"][name]
        assert value is None or 0 <= value <= 1
        assert interval is None or interval[0] <= value <= interval[1]
    details = head_details(gold.astype(float), chances)
    assert sum(row["n"] for row in details["reliability"]) == len(rows)
    assert sum(map(sum, details["histogram"].values())) == len(rows)


def test_operating_points_reach_their_recall_with_the_least_work() -> None:
    gold = np.array([1, 0, 1, 1, 0, 1, 1, 0, 0, 0], float)
    chances = np.linspace(1, 0.1, 10)
    points = head_details(gold, chances)["operating_points"]
    assert [p["threshold"] for p in points] == pytest.approx([0.5, 0.4, 0.4])
    assert points[0]["recall_reached"] == 0.8
    assert points[0]["precision"] == pytest.approx(4 / 6, abs=1e-6)
    assert points[0]["review_load"] == 0.6
    assert points[0]["hours_per_1000"] == 7.5
    assert head_details(gold, chances)["recall_at_fpr_1pct"] == 0.2


def test_mcnemar_is_the_exact_binomial_test() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(10, 1) == pytest.approx(2 * (1 + 11) / 2**11)
    assert mcnemar(10, 1) == mcnemar(1, 10)
