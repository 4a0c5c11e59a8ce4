"""Proposed thresholds against what a plain count gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from training.migration.counts import BAD, GOOD, UNJUDGED, Pairs, cell, count, figure
from training.migration.figures import correlation
from training.migration.table import Floats, Integers
from training.migration.thresholds import at_percent, propose, ranking, rates, score_map


def pairs(old: Floats, new: Floats, judged: Integers | None = None, group: Integers | None = None) -> Pairs:
    n = len(new)
    zeros = np.zeros(n, np.int64)
    return Pairs(
        place=np.arange(n),
        old=old,
        new=new,
        judged=zeros if judged is None else judged,
        group=np.arange(n) if group is None else group,
        day=zeros,
    )


def sample(n: int = 3000, seed: int = 0) -> Pairs:
    lot = np.random.default_rng(seed)
    hidden = lot.normal(size=n)
    old = 1 / (1 + np.exp(-(hidden + lot.normal(0, 0.5, n))))
    new = 1 / (1 + np.exp(-(3 * hidden + lot.normal(0, 1, n))))
    judged = np.where(lot.random(n) < 0.3, np.where(hidden > 1, BAD, GOOD), UNJUDGED)
    return pairs(old, new, judged, np.arange(n) // 10)


@given(st.lists(st.floats(0, 1) | st.integers(0, 1000).map(lambda k: k / 1000), min_size=1, max_size=40))
def test_a_cell_keeps_what_is_strictly_above(scores: list[float]) -> None:
    cells = cell(np.array(scores))
    for k in (0, 1, 500, 800, 999, 1000):
        assert (cells > k).tolist() == [score > k / 1000 for score in scores]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 0.95))
def test_hold_rate_is_the_nearest_that_a_whole_percent_allows(seed: int, threshold: float) -> None:
    data = sample(200, seed)
    found = rates(count(data, threshold, resamples=0))
    proposal = propose(found, "hold-rate", None)
    target = (data.old > threshold).mean()
    held = [(data.new > p / 100).mean() for p in range(101)]
    assert proposal["target"]["value"] == pytest.approx(target, abs=1e-6)
    assert abs(held[proposal["percent"]] - target) == pytest.approx(min(abs(h - target) for h in held))
    exact = proposal["exact"]["value"]
    assert (data.new > exact).mean() <= target + 1e-9 < (data.new > exact - 0.001).mean() + 1e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_recall_is_kept_by_the_highest_percent_that_finds_as_many(seed: int) -> None:
    data = sample(300, seed)
    bad = data.judged == BAD
    found = rates(count(data, 0.7, resamples=0))
    percent = propose(found, "recall", None)["percent"]
    target = (data.old[bad] > 0.7).mean()
    assert (data.new[bad] > percent / 100).mean() >= target
    assert percent == 100 or (data.new[bad] > (percent + 1) / 100).mean() < target


def test_rates_at_a_percent_are_plain_shares() -> None:
    data = sample()
    found = at_percent(rates(count(data, 0.8, resamples=50)), 97)
    good, bad = data.judged == GOOD, data.judged == BAD
    for name, rows in (("held", np.ones(len(data), bool)), ("recall", bad), ("wrong", good)):
        told = found[name]
        assert told["value"] == pytest.approx((data.new[rows] > 0.97).mean(), abs=1e-6)
        low, high = told["low"], told["high"]
        assert low is not None
        assert high is not None
        assert low < told["value"] < high  # type: ignore[operator]
        assert high - low < 0.25


def test_a_wished_rate_replaces_that_of_the_old_score() -> None:
    data = sample()
    percent = propose(rates(count(data, 0.8, resamples=0)), "hold-rate", 0.25)["percent"]
    assert (data.new > percent / 100).mean() == pytest.approx(0.25, abs=0.01)


def test_the_map_never_falls_and_has_intervals() -> None:
    points = score_map(rates(count(sample(), 0.8, resamples=60)))
    values = [point["new"]["value"] for point in points]
    assert values == sorted(values)
    assert len(set(values)) > 10
    assert all(p["new"]["low"] <= p["new"]["value"] <= p["new"]["high"] for p in points)
    assert any(p["new"]["low"] < p["new"]["high"] for p in points)


def test_articles_drawn_whole_make_wider_intervals() -> None:
    lot = np.random.default_rng(1)
    article = np.repeat(np.arange(40), 25)
    new = np.clip(np.repeat(lot.random(40), 25) + lot.normal(0, 0.01, 1000), 0, 1)
    widths = []
    for group in (article, np.arange(1000)):
        held = at_percent(rates(count(pairs(new, new, group=group), 0.5, resamples=200)), 50)["held"]
        widths.append(held["high"] - held["low"])  # type: ignore[operator]
    assert widths[0] > 2 * widths[1]


def test_the_area_is_scikit_learns() -> None:
    data = sample()
    decided = data.judged != UNJUDGED
    counts = count(data, 0.8, resamples=0)
    bad = data.judged[decided] == BAD
    assert ranking(counts.new.sum(axis=2))[0] == pytest.approx(
        roc_auc_score(bad, data.new[decided]), abs=2e-3
    )
    assert ranking(counts.old)[0] == pytest.approx(roc_auc_score(bad, data.old[decided]), abs=2e-3)


def test_the_correlation_is_scipys() -> None:
    from scipy.stats import spearmanr

    data = sample(400)
    old = np.round(data.old, 1)  # many ties
    assert correlation(old, data.new) == pytest.approx(spearmanr(old, data.new).statistic, abs=1e-4)


def test_what_is_undefined_is_none() -> None:
    data = pairs(np.full(5, 0.2), np.linspace(0, 1, 5))
    found = rates(count(data, 0.8))
    assert at_percent(found, 50)["recall"] == {"value": None, "low": None, "high": None}
    assert propose(found, "hold-rate", None)["percent"] == 100
    assert correlation(data.old, data.new) is None
    assert figure(np.array([0.5])) == {"value": 0.5, "low": None, "high": None}


def test_one_article_has_no_interval() -> None:
    data = sample(50)
    alone = pairs(data.old, data.new, group=np.zeros(50, np.int64))
    assert rates(count(alone, 0.8)).held.shape == (1, 1001)
