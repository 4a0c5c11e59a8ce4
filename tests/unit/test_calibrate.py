"""Calibration and thresholds, on log-odds whose truth is known."""

import numpy as np
import pytest

from model.heads import probability
from training.calibrate import (
    decision_threshold,
    expected_threshold,
    hold_threshold,
    platt,
    stance_thresholds,
)
from training.heldout import heldout_incivility, heldout_stance
from training.metrics import binary_figures

RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.normal(-0.5, 2, 4000).astype(np.float32)
LABELS = (RANDOM.random(4000) < probability(TRUTH)).astype(np.float32)


def logit(chances: list[float]) -> np.ndarray:
    p = np.array(chances)
    return np.asarray(np.log(p / (1 - p)), np.float32)


def calibration_error(chances: np.ndarray, labels: np.ndarray) -> float:
    return float(binary_figures(labels, chances, 0.5, resamples=0)["ece"])


class TestPlatt:
    @pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (3.0, 1.0), (0.3, -2.0)])
    def test_undoes_what_distorts(self, slope: float, shift: float) -> None:
        bent = (TRUTH - np.float32(shift)) / np.float32(slope)
        found = platt(bent, LABELS)
        assert found == pytest.approx((slope, shift), rel=0.12, abs=0.12)
        mended = probability(bent * np.float32(found[0]) + np.float32(found[1]))
        assert calibration_error(mended, LABELS) < 0.025

    def test_few_rows_told_apart_make_nobody_certain(self) -> None:
        logits = np.array([-2, -1.5, -1, -0.5, 0.5, 1] * 6, np.float32)
        labels = (logits > -0.6).astype(np.float32)
        alone, believed = platt(logits, labels), platt(logits, labels, 20.0)
        assert alone[0] > 5
        assert 1 < believed[0] < 3
        assert 0 < believed[1] < alone[1] / 2

    def test_many_rows_outweigh_belief(self) -> None:
        assert platt(TRUTH / np.float32(3), LABELS, 20.0) == pytest.approx(
            platt(TRUTH / np.float32(3), LABELS), rel=0.02, abs=0.02
        )

    def test_never_turns_a_head_round(self) -> None:
        assert platt(-TRUTH, LABELS)[0] == 0.05


class TestExpectedThreshold:
    def test_is_that_of_many_labels(self) -> None:
        for shift in (-2.0, 0.0, 2.0):
            logits = RANDOM.normal(shift, 2, 20_000).astype(np.float32)
            labels = (RANDOM.random(20_000) < probability(logits)).astype(np.float32)
            assert expected_threshold(logits) == pytest.approx(decision_threshold(logits, labels), abs=0.05)

    def test_few_rows_move_it_less_than_their_labels_would(self) -> None:
        found = []
        for _ in range(30):
            logits = RANDOM.normal(0, 2, 100).astype(np.float32)
            labels = (RANDOM.random(100) < probability(logits)).astype(np.float32)
            found.append((expected_threshold(logits), decision_threshold(logits, labels)))
        expected, observed = np.std(found, axis=0)
        assert expected < observed / 2

    def test_one_sided_rows_keep_a_half(self) -> None:
        assert expected_threshold(np.full(50, -9, np.float32)) == 0.5


class TestDecisionThreshold:
    def test_calibrated_and_balanced_is_near_a_half(self) -> None:
        balanced = RANDOM.normal(0, 2, 4000).astype(np.float32)
        labels = (RANDOM.random(4000) < probability(balanced)).astype(np.float32)
        assert decision_threshold(balanced, labels) == pytest.approx(0.5, abs=0.06)

    def test_separates_what_can_be_separated(self) -> None:
        logits = logit([0.05, 0.1, 0.2, 0.25, 0.3])
        threshold = decision_threshold(logits, np.array([0, 0, 0, 1, 1], np.float32))
        assert 0.2 < threshold <= 0.25

    def test_among_equals_nearest_to_a_half(self) -> None:
        logits = logit([0.01, 0.02, 0.98, 0.99])
        assert decision_threshold(logits, np.array([0, 0, 1, 1], np.float32)) == 0.5

    def test_rare_labels_get_a_lower_one(self) -> None:
        rare = RANDOM.normal(-4, 1.5, 4000).astype(np.float32)
        labels = (RANDOM.random(4000) < probability(rare)).astype(np.float32)
        assert 0.15 <= decision_threshold(rare, labels) < 0.45


class TestHoldThreshold:
    def test_flagged_deserve_it(self) -> None:
        threshold = hold_threshold(TRUTH, LABELS, least=0.5)
        flagged = probability(TRUTH) >= threshold
        assert 0.5 < threshold < 0.99
        assert LABELS[flagged].mean() >= 0.945  # of the threshold before it was rounded: 0.95
        assert flagged.any()

    def test_never_below_the_review_threshold(self) -> None:
        logits = logit([0.1, 0.3, 0.6, 0.8])
        labels = np.array([0, 1, 1, 1], np.float32)
        assert hold_threshold(logits, labels, least=0.2) == pytest.approx(0.3, abs=1e-4)
        assert hold_threshold(logits, labels, least=0.5) == pytest.approx(0.6, abs=1e-4)

    def test_precision_holds_at_the_threshold_itself(self) -> None:
        """Many good flags below ``least`` must not make up for bad ones above it."""
        chances = [0.3] * 60 + [0.6] * 4 + [0.9] * 8
        labels = np.array([1] * 60 + [0] * 3 + [1] + [1] * 8, np.float32)
        assert hold_threshold(logit(chances), labels, least=0.5) == pytest.approx(0.9, abs=1e-4)

    def test_no_such_precision_leaves_holding_to_near_certainty(self) -> None:
        assert hold_threshold(TRUTH, RANDOM.permutation(LABELS), least=0.5) == 0.99
        labels = np.array([0, 0, 1, 0], np.float32)
        assert hold_threshold(logit([0.2, 0.4, 0.6, 0.9]), labels, least=0.5) == 0.99


class TestHeldOut:
    def test_only_known_native_rows_of_both_values_count(self) -> None:
        labels = {"a": LABELS[:6].copy(), "b": np.ones(6, np.float32)}
        labels["a"][:] = [0, 1, np.nan, 1, 0, 1]
        logits = np.stack([[-1, 1, 5, 2, 9, 3], np.zeros(6)], axis=1).astype(np.float32)
        rows = np.array([True, True, True, True, False, True])
        figures = heldout_incivility(logits, labels, rows, np.arange(6), {"a": 0.8})
        assert set(figures) == {"a"}
        assert (figures["a"]["n"], figures["a"]["auc"], figures["a"]["threshold"]) == (4, 1.0, 0.8)
        assert figures["a"]["support"] == {"positives": 3, "negatives": 1}
        assert set(figures["a"]["ci95"]) >= {"auc", "ece"}

    def test_stances(self) -> None:
        logits = np.array([[5, 0, 0], [0, 5, 0], [0, 0, 5], [0, 5, 0]], np.float32)
        columns = {
            "favor": np.array([1, 0, 0, 1], np.float32),
            "against": np.array([0, 1, 0, 0], np.float32),
            "none": np.array([0, 0, 1, 0], np.float32),
        }
        figures = heldout_stance(logits, columns, np.arange(4), {})["stance"]
        assert (figures["n"], figures["accuracy"]) == (4, 0.75)
        assert 0.7 < figures["macro_f1"] < 0.8


def test_divisors_let_a_rare_stance_be_said() -> None:
    """A stance of 10 % whose chance never leads is said once chances are divided by shares."""
    rare = np.arange(200) % 10 == 0
    logits = np.zeros((200, 3), np.float32)
    logits[:, 0] = np.where(rare, 0.3, 1.5)
    logits[:, 2] = -4
    columns = {"favor": (~rare).astype(np.float32), "against": rare.astype(np.float32)}
    divisors = stance_thresholds(logits, columns)
    assert divisors["stance_against"] < divisors["stance_favor"]
    assert divisors["stance_none"] == 1.0
    balanced = {"favor": (np.arange(200) % 2 == 0).astype(np.float32)}
    balanced["against"] = 1 - balanced["favor"]
    even = stance_thresholds(np.zeros((200, 3), np.float32), balanced)
    assert even["stance_favor"] == even["stance_against"]
