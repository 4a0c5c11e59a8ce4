"""Operating curves: the figures at each threshold, and their intervals."""

import numpy as np

from training.operating import GRID, operating_curve, operating_curves

CHANCES = np.array([0.05, 0.22, 0.32, 0.61, 0.72, 0.91])
GOLD = np.array([0.0, 0, 1, 0, 1, 1])


def test_recall_and_precision_at_a_threshold() -> None:
    curve = operating_curve(GOLD, CHANCES, np.arange(6), resamples=50)
    at = GRID.index(0.6)
    assert curve["recall"][at][0] == round(2 / 3, 4)
    assert curve["precision"][at][0] == round(2 / 3, 4)
    assert (curve["n"], curve["positives"]) == (6, 3)
    assert curve["recall"][0][0] == 1.0
    assert curve["precision"][0][0] == 0.5
    assert curve["precision"][GRID.index(0.95)] is None
    for figures in (curve["recall"], curve["precision"]):
        assert all(low <= point <= high for point, low, high in filter(None, figures))


def test_groups_are_resampled_whole() -> None:
    """Twins in one group give no more certainty than one comment."""
    alone = operating_curve(GOLD, CHANCES, np.arange(6), resamples=400)
    twice = np.arange(6).repeat(2)
    twins = operating_curve(GOLD.repeat(2), CHANCES.repeat(2), twice, resamples=400)
    assert twins["recall"] == alone["recall"]


def test_heads_without_both_values_have_no_curve() -> None:
    logits = np.array([[-2.0, 0.0], [2.0, 0.0], [1.0, 0.0]], np.float32)
    labels = {
        "insult": np.array([0, 1, np.nan], np.float32),
        "threat": np.array([0, 0, 0], np.float32),
    }
    curves = operating_curves(logits, labels, np.ones(3, bool), np.arange(3))
    assert list(curves) == ["insult"]
    assert curves["insult"]["n"] == 2
