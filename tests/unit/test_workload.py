"""What thresholds cost and catch, from arrivals, paces, reports and decisions."""

from typing import Any

import pytest
from scipy.stats import binomtest

from data.store import Judged
from training.review import workload
from training.review.estimate import NOTHING, WIDEST, Estimate
from training.review.workload import Arrivals, Catch, arrivals, decided, pace, promised, reported
from training.review.workload_view import Line, notes, table

NOTHING_PROMISED = Catch(NOTHING, NOTHING)

CURVE = {
    "n": 100,
    "positives": 40,
    "thresholds": [0.0, 0.5, 0.9],
    "recall": [[1.0, 1.0, 1.0], [0.8, 0.7, 0.9], [0.4, 0.2, 0.5]],
    "precision": [[0.4, 0.3, 0.5], [0.6, 0.5, 0.7], None],
}
POINT = {
    "threshold": 0.5,
    "recall": 0.8,
    "precision": 0.7,
    "ci95": {"recall": [0.75, 0.85], "precision": None},
    "support": {"positives": 40, "negatives": 60},
}


def test_days_without_a_comment_count_and_old_ones_do_not() -> None:
    daily = {"2020-01-01": 9000, "2026-11-01": 28, "2026-11-15": 28}
    assert arrivals(daily) == Arrivals(56 / 15, 15, 56)
    assert arrivals({}) == Arrivals(0.0, 0, 0)
    assert arrivals({"hier": 3}) == Arrivals(0.0, 0, 0)


def test_the_usual_pace_stands_in_until_there_are_enough_decisions() -> None:
    assert pace([30.0] * 29) == workload.Pace(80.0, False, 29)
    assert pace([30.0] * 30) == workload.Pace(120.0, True, 30)
    assert not pace([0.1] * 500).measured  # a script, or duplicates decided with their first
    assert workload.hours(160, pace([])) == 2.0


def test_a_reports_curve_is_interpolated_between_its_thresholds() -> None:
    metrics = {"operating": {"p_uncivil": CURVE}}
    at = reported(metrics, "incivility", 0.25)
    assert at is not None
    assert at.recall.value == pytest.approx(0.9)
    assert (at.recall.low, at.recall.high) == (pytest.approx(0.85), pytest.approx(0.95))
    assert (at.n, at.positives, at.exact) == (100, 40, True)
    on = reported(metrics, "incivility", 0.5)
    assert on is not None
    assert on.recall == Estimate(0.8, 0.7, 0.9)
    beyond = reported(metrics, "incivility", 0.95)
    assert beyond is not None
    assert (beyond.recall.value, beyond.exact, beyond.at) == (0.4, False, 0.9)
    assert beyond.precision == NOTHING


def test_a_bundle_without_a_curve_gives_the_one_point_it_measured() -> None:
    metrics = {"heldout": {"insult": POINT}}
    same, other = reported(metrics, "insult", 0.5), reported(metrics, "insult", 0.7)
    assert same is not None
    assert other is not None
    assert (same.exact, other.exact, other.at) == (True, False, 0.5)
    assert same.recall == Estimate(0.8, 0.75, 0.85)
    assert same.precision == Estimate(0.7)
    assert (same.n, same.positives) == (100, 40)


@pytest.mark.parametrize(
    "metrics",
    [
        {},
        {"operating": 3},
        {"operating": {"insult": {"thresholds": [0.5, 0.1], "recall": [], "precision": []}}},
        {"operating": {"insult": CURVE | {"recall": [["x"] * 3] * 3}}},
        {"operating": {"insult": CURVE | {"n": None}}},
        {"operating": {"insult": CURVE | {"thresholds": "abc"}}, "heldout": {"insult": {"threshold": None}}},
    ],
)
def test_a_manifest_that_says_nothing_usable_gives_no_estimate(metrics: dict[str, Any]) -> None:
    assert reported(metrics, "insult", 0.5) is None


def said(*pairs: tuple[float, bool], blind: bool = False) -> list[Judged]:
    return [Judged(score=score, truth=truth, blind=blind) for score, truth in pairs]


def test_blind_readings_go_before_everything_else() -> None:
    queue = said(*[(0.9, True)] * 20)
    blind = said(*[(0.9, True), (0.1, True), (0.2, False), (0.8, False)] * 40, blind=True)
    fair = decided([*queue, *blind], 0.5)
    assert fair is not None
    assert (fair.blind, fair.n, fair.positives) == (True, 160, 80)
    assert (fair.recall.value, fair.precision.value) == (0.5, 0.5)
    assert (fair.recall.low, fair.recall.high) == (0.393, 0.607)
    biased = decided([*queue, *blind[: workload.FEWEST_JUDGED - 1]], 0.5)
    assert biased is not None
    assert (biased.blind, biased.n) == (False, 58)


def test_the_fewest_are_those_whose_interval_is_never_too_wide() -> None:
    def widest(count: int) -> float:
        bounds = [binomtest(part, count).proportion_ci(method="wilson") for part in range(count + 1)]
        return max(bound.high - bound.low for bound in bounds) / 2

    assert widest(workload.FEWEST_JUDGED) <= WIDEST < widest(workload.FEWEST_JUDGED - 1)


def test_a_rate_is_shown_with_a_narrow_interval_only() -> None:
    few = decided(said(*[(0.9, True)] * 6, *[(0.1, True)] * 4, *[(0.1, False)] * 90), 0.5)
    assert few is not None
    assert (few.recall.value, few.recall.low, few.recall.high) == (None, 0.3127, 0.8318)
    assert few.precision.value is None  # six of six flagged were right
    many = decided(said(*[(0.9, True)] * 40, *[(0.1, False)] * 60), 0.5)
    assert many is not None
    assert (many.recall.value, many.recall.low) == (1.0, 0.9124)
    line = Line("incivility", 0.5, 1.0, None, few, NOTHING_PROMISED)
    assert "entre 31\xa0% et 83\xa0%" in table([line]).to_string()
    assert any("trop peu de commentaires" in note for note in notes([line]))
    narrow = Line("incivility", 0.5, 1.0, None, many, NOTHING_PROMISED)
    assert not any("trop peu de commentaires" in note for note in notes([narrow]))


def test_too_few_decisions_say_nothing() -> None:
    least = workload.FEWEST_JUDGED
    assert decided(said(*[(0.9, True), (0.1, False)] * ((least - 1) // 2)), 0.5) is None
    none_found = decided(said(*[(0.1, False)] * least), 0.5)
    assert none_found is not None
    assert none_found.recall == none_found.precision == NOTHING


def test_calibrated_scores_promise_their_own_mean() -> None:
    """Two slices: 10 comments at 0.25 and 30 at 0.75 on average."""
    at = promised([10, 30], 0.5)
    assert at.precision.value == pytest.approx(0.75)
    assert at.recall.value == pytest.approx(22.5 / 25)
    assert at.recall.low is None
    half = promised([10, 30], 0.75)  # half of the upper slice
    assert half.recall.value == pytest.approx(11.25 / 25)
    assert promised([0, 0], 0.5).recall == NOTHING
