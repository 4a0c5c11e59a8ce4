"""Laplace's approximation: its mode, what leaving labels out gives, and weights."""

import numpy as np
import pytest

from training.laplace import fit_mode

RANDOM = np.random.default_rng(5)
POINTS = RANDOM.normal(size=(120, 3))
LABELS = (POINTS[:, 0] + RANDOM.normal(size=120) > 0).astype(np.float32)
KERNEL = 4 * np.exp(-0.3 * ((POINTS[:, None] - POINTS[None]) ** 2).sum(axis=2)) + 1
EVEN = np.ones(120)


def chances(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-odds)))


def test_at_the_mode_the_prior_balances_the_labels() -> None:
    weights = RANDOM.uniform(0.1, 2, 120)
    mode = fit_mode(KERNEL, LABELS, weights)
    expected = weights * (LABELS - chances(KERNEL @ mode.alphas))
    assert mode.alphas == pytest.approx(expected, abs=1e-4)


def test_leaving_rows_out_is_close_to_fitting_without_them() -> None:
    mode = fit_mode(KERNEL, LABELS, EVEN)
    for start in (0, 40, 80):
        out = np.arange(start, start + 12)
        kept = np.setdiff1d(np.arange(120), out)
        refitted = fit_mode(KERNEL[np.ix_(kept, kept)], LABELS[kept], EVEN[kept])
        exact = KERNEL[np.ix_(out, kept)] @ refitted.alphas
        left = mode.without(out)
        assert not left[out].any()
        assert KERNEL[out] @ left == pytest.approx(exact, abs=0.3)
        assert np.corrcoef(KERNEL[out] @ left, exact)[0, 1] > 0.99


def test_a_label_left_out_has_no_say() -> None:
    turned = LABELS.copy()
    turned[7] = 1 - turned[7]
    said = [KERNEL[7] @ fit_mode(KERNEL, y, EVEN).alphas for y in (LABELS, turned)]
    without = [KERNEL[7] @ fit_mode(KERNEL, y, EVEN).without(np.array([7])) for y in (LABELS, turned)]
    assert abs(said[0] - said[1]) > 0.3
    assert abs(without[0] - without[1]) < abs(said[0] - said[1]) / 4


def test_a_row_that_hardly_counts_hardly_pulls() -> None:
    light = EVEN.copy()
    light[:60] = 1e-6
    mode = fit_mode(KERNEL, LABELS, light)
    half = fit_mode(KERNEL[60:, 60:], LABELS[60:], EVEN[60:])
    assert KERNEL @ mode.alphas == pytest.approx(KERNEL[:, 60:] @ half.alphas, abs=1e-3)


def test_huge_priors_still_converge() -> None:
    separated = (POINTS[:, 0] > 0).astype(np.float32)
    mode = fit_mode(1e4 * KERNEL, separated, EVEN)
    odds = 1e4 * KERNEL @ mode.alphas
    assert np.isfinite(odds).all()
    assert ((odds > 0) == (separated > 0)).all()
