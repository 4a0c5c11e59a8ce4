"""The algebra of heads: whatever is done to a set, its log-odds follow exactly."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from model.features.space import CHARACTER_BITS, WORD_BITS, Rows
from model.heads import HeadSet, half, kernel, probability, softmax
from model.network import Network

WIDTH = 7


def some_rows(count: int = 5, seed: int = 0) -> Rows:
    random = np.random.default_rng(seed)

    def view(bits: int) -> sparse.csr_array:
        shape = (count, 1 << bits)
        return sparse.random_array(shape, density=1e-4, rng=random, dtype=np.float32, format="csr")

    return Rows(view(CHARACTER_BITS), view(WORD_BITS), random.normal(size=(count, WIDTH)).astype(np.float32))


def some_heads(names: str, seed: int, marks: int = 4, units: int = 6) -> HeadSet:
    random = np.random.default_rng(seed)

    def normal(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float32)

    k = len(names)
    return HeadSet(
        tuple(names),
        normal(1 << CHARACTER_BITS, k),
        normal(1 << WORD_BITS, k),
        normal(marks, WIDTH),
        np.abs(normal(marks)) / 10,
        normal(marks, k),
        normal(k),
        Network(normal(units, WIDTH), normal(units), normal(units, k)) if units else None,
    )


ROWS = some_rows()
AB, OTHER = some_heads("ab", 1), some_heads("ab", 2, marks=3)


def test_log_odds_by_hand() -> None:
    distances = ((ROWS.dense[:, None] - AB.landmarks[None]) ** 2).sum(axis=2)
    expected = ROWS.chars @ AB.chars + ROWS.words @ AB.words + AB.intercepts
    expected = expected + np.exp(-AB.gammas * distances) @ AB.alphas
    assert AB.network is not None
    raised = ROWS.dense @ AB.network.weights.T + AB.network.shifts
    expected = expected + np.where(raised > 0, raised, 0) @ AB.network.outputs
    np.testing.assert_allclose(AB.logits(ROWS), expected, atol=1e-4)


def test_plus_adds_log_odds() -> None:
    np.testing.assert_allclose(AB.plus(OTHER).logits(ROWS), AB.logits(ROWS) + OTHER.logits(ROWS), atol=1e-4)
    with pytest.raises(ValueError, match="cannot add heads"):
        AB.plus(some_heads("ba", 3))


def test_mixed_multiplies_log_odds() -> None:
    matrix = np.array([[1.0, 0.5, 0.0], [-2.0, 0.0, 3.0]])
    mixed = AB.mixed(matrix, "xyz")
    assert mixed.names == ("x", "y", "z")
    np.testing.assert_allclose(mixed.logits(ROWS), AB.logits(ROWS) @ matrix, atol=1e-4)


def test_shifted_take_and_spread() -> None:
    logits = AB.logits(ROWS)
    np.testing.assert_allclose(
        AB.shifted(np.array([1.0, -2.0])).logits(ROWS), np.add(logits, [1, -2]), atol=1e-5
    )
    np.testing.assert_allclose(AB.take("ba").logits(ROWS), logits[:, ::-1], atol=1e-5)
    spread = AB.spread("cbxa").logits(ROWS)
    np.testing.assert_allclose(spread[:, [3, 1]], logits, atol=1e-5)
    assert not spread[:, [0, 2]].any()


def test_heads_without_landmarks() -> None:
    empty = some_heads("ab", 4, marks=0, units=0)
    expected = ROWS.chars @ empty.chars + ROWS.words @ empty.words + empty.intercepts
    np.testing.assert_allclose(empty.logits(ROWS), expected, atol=1e-5)


def test_rounded_survives_half_precision() -> None:
    once = AB.rounded()
    for part in ("chars", "words", "landmarks"):
        values = getattr(once, part)
        np.testing.assert_array_equal(values, half(values))
    np.testing.assert_array_equal(once.alphas, AB.alphas)


def test_compact_keeps_each_landmark_once_and_every_log_odds() -> None:
    twice = AB.plus(OTHER).plus(AB.mixed(np.array([[0.5, 1.0], [0.0, -1.0]]), "ab"))
    compact = twice.compact()
    assert len(twice.landmarks) == 11
    np.testing.assert_array_equal(compact.landmarks, np.concatenate([AB.landmarks, OTHER.landmarks]))
    np.testing.assert_allclose(compact.logits(ROWS), twice.logits(ROWS), atol=1e-4)
    wider = replace(AB, gammas=AB.gammas * 2)
    assert len(AB.plus(wider).compact().landmarks) == 8  # the same point with another width is another
    assert len(some_heads("ab", 4, marks=0).compact().landmarks) == 0


def test_kernel_is_one_at_a_landmark_and_falls() -> None:
    gammas = np.full(len(ROWS.dense), 0.3, np.float32)
    similar = kernel(ROWS.dense, ROWS.dense, gammas)
    np.testing.assert_allclose(np.diag(similar), 1, atol=1e-5)
    np.testing.assert_allclose(similar, similar.T, atol=1e-6)
    assert similar.max() <= 1


@pytest.mark.parametrize("logits", [[0.0, 1.0], [1e4, -1e4], [-1e30, 1e30]])
def test_probabilities_are_safe(logits: list[float]) -> None:
    values = np.array([logits], np.float32)
    for chances in (probability(values), softmax(values)):
        assert np.isfinite(chances).all()
        assert ((chances >= 0) & (chances <= 1)).all()
    assert softmax(values).sum() == pytest.approx(1)
