"""Doubted labels: those turned round are found, and counting them less is kept only where it helps."""

import numpy as np

from training.doubts import LEAST_GAIN, find_doubts

RANDOM = np.random.default_rng(3)
TRUE = (RANDOM.random(600) < 0.4).astype(np.float32)
SAID = ((TRUE * 2 - 1) * 2 + RANDOM.normal(size=600)).astype(np.float32)


def test_labels_turned_round_are_found() -> None:
    given = TRUE.copy()
    wrong = RANDOM.choice(600, 90, replace=False)
    given[wrong] = 1 - given[wrong]
    doubts = find_doubts(given, SAID)
    assert np.isin(doubts.rows, wrong).mean() > 0.9
    assert np.isin(wrong, doubts.rows).mean() > 0.6


def test_the_worst_come_first() -> None:
    given = np.array([1, 0, 1, 0, 1, 0], np.float32)
    said = np.array([-4, 2, 3, -3, -1.5, 0], np.float32)
    assert find_doubts(given, said).rows.tolist()[:2] == [0, 1]


def test_unknown_labels_are_not_doubted() -> None:
    given = TRUE.copy()
    given[::2] = np.nan
    doubts = find_doubts(given, -SAID)
    assert (doubts.rows % 2 == 1).all()
    assert doubts.known == 300


def test_one_value_leaves_nothing_to_doubt() -> None:
    assert find_doubts(np.ones(5, np.float32), np.zeros(5, np.float32)).rows.tolist() == []


def test_only_a_better_second_fit_is_used() -> None:
    doubts = find_doubts(TRUE, SAID)
    vague = SAID + 4 * RANDOM.normal(size=600).astype(np.float32)
    assert doubts.weighed(TRUE, vague, vague + TRUE).helped
    assert not doubts.weighed(TRUE, vague, vague - TRUE).helped
    assert not doubts.weighed(TRUE, vague, vague).helped
    assert doubts.weighed(TRUE, vague, vague).figures()["used"] is False


def test_a_slightly_better_second_fit_is_not_trusted() -> None:
    doubts = find_doubts(TRUE, SAID).weighed(TRUE, SAID, SAID + TRUE)
    assert 0 < doubts.after - doubts.before < LEAST_GAIN
    assert not doubts.helped


def test_where_half_the_labels_look_wrong_the_heads_are() -> None:
    doubts = find_doubts(TRUE, -SAID).weighed(TRUE, -SAID, SAID)
    assert doubts.after > doubts.before + LEAST_GAIN
    assert not doubts.helped
