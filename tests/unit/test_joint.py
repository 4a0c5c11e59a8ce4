"""Views fitted at once on top of a base: a plain head, honest out of fold, and the same each time."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from model.encoder import DIMENSIONS, Vectors
from model.features.space import Rows
from model.heads import HeadSet
from training.joint import MOST, fit_joint
from training.splits import grouped_folds
from training.stack import Stacked
from training.tier import Said
from training.views import ViewSettings

COUNT, WIDTH = 240, DIMENSIONS + 4
FOLDS = grouped_folds(np.arange(COUNT), 6)
EVEN = np.ones(COUNT)
SETTINGS = ViewSettings(chars_penalty=8.0, words_penalty=8.0, landmarks=MOST, gamma=1 / 96, ridge=1.0, seed=0)


def grams(random: np.random.Generator, columns: int) -> sparse.csr_array:
    matrix = sparse.random_array((COUNT, columns), density=0.2, rng=random, format="csr", dtype=np.float32)
    norms = np.maximum(np.sqrt(matrix.multiply(matrix).sum(axis=1)), 1e-6)
    return sparse.csr_array(sparse.diags_array(1 / norms).astype(np.float32) @ matrix)


def site(seed: int = 0) -> tuple[Rows, HeadSet]:
    random = np.random.default_rng(seed)
    dense = random.normal(size=(COUNT, WIDTH)).astype(np.float32)
    rows = Rows(grams(random, 40), grams(random, 30), dense)
    base = HeadSet(
        ("other", "mine"),
        random.normal(size=(40, 2)).astype(np.float32),
        random.normal(size=(30, 2)).astype(np.float32),
        random.normal(size=(5, WIDTH)).astype(np.float32),
        np.full(5, 0.001, np.float32),
        random.normal(size=(5, 2)).astype(np.float32),
        np.array([0.5, -1.0], np.float32),
    )
    return rows, base


ROWS, BASE = site()
SAID = Said.of(BASE, ROWS)
TRUTH = (SAID.logits[:, 1] + 4 * ROWS.dense[:, 0] > SAID.logits[:, 1].mean()).astype(np.float32)


def fitted(labels: np.ndarray, base: HeadSet = BASE, weights: np.ndarray = EVEN) -> tuple[Stacked, Vectors]:
    said = Said.of(base, ROWS)
    return fit_joint(ROWS, {"mine": labels.astype(np.float32)}, FOLDS, SETTINGS, weights, base, said)


def accuracy(logits: Vectors, labels: np.ndarray) -> float:
    return float(((logits[:, 0] > 0) == (labels > 0)).mean())


def test_the_head_says_what_was_fitted() -> None:
    stacked, _ = fitted(TRUTH)
    assert stacked.heads.names == ("mine",)
    assert accuracy(stacked.heads.logits(ROWS), TRUTH) > 0.95


def test_out_of_fold_is_what_a_fit_without_the_fold_says() -> None:
    stacked, parts = fitted(TRUTH)
    train, test = FOLDS[0]
    alone, _ = fit_joint(
        ROWS.at(train), {"mine": TRUTH[train]}, [], SETTINGS, EVEN[train], BASE, Said.of(BASE, ROWS.at(train))
    )
    exact, left = alone.heads.logits(ROWS.at(test))[:, 0], stacked.out_of_fold[test, 0]
    assert np.corrcoef(exact, left)[0, 1] > 0.98
    grams_of = alone.heads.grams(ROWS.chars[test], ROWS.words[test])
    for view in (0, 1):
        assert np.corrcoef(grams_of[view][:, 0], parts[test, 0, view])[0, 1] > 0.95


def test_noise_is_told_by_nobody_out_of_fold() -> None:
    noise = np.random.default_rng(9).integers(0, 2, COUNT)
    stacked, _ = fitted(noise)
    assert accuracy(stacked.heads.logits(ROWS), noise) > 0.8
    assert 0.35 < accuracy(stacked.out_of_fold, noise) < 0.65


def test_what_the_base_knows_need_not_be_learnt_again() -> None:
    given = (SAID.logits[:, 1] > np.median(SAID.logits[:, 1])).astype(np.float32)
    silent = replace(
        BASE,
        chars=np.zeros_like(BASE.chars),
        words=np.zeros_like(BASE.words),
        alphas=np.zeros_like(BASE.alphas),
    )
    with_base, without = fitted(given)[0].out_of_fold, fitted(given, silent)[0].out_of_fold
    assert accuracy(with_base, given) > 0.85
    assert accuracy(with_base, given) > accuracy(without, given) + 0.1


def test_rows_without_a_label_weigh_nothing() -> None:
    labels = TRUTH.copy()
    labels[::3] = np.nan
    stacked, parts = fitted(labels)
    assert np.isnan(stacked.out_of_fold[::3]).all()
    assert np.isnan(parts[::3]).all()
    assert np.isfinite(stacked.out_of_fold[1::3]).all()
    light = np.where(np.isnan(labels), 1e-9, 1.0)
    turned = np.where(np.isnan(labels), 1 - TRUTH, labels)
    close, _ = fitted(turned, weights=light)
    assert close.heads.logits(ROWS) == pytest.approx(stacked.heads.logits(ROWS), abs=0.01)


def test_the_same_bytes_each_time() -> None:
    first, second = fitted(TRUTH)[0], fitted(TRUTH)[0]
    for part in ("chars", "words", "landmarks", "alphas", "intercepts"):
        assert getattr(first.heads, part).tobytes() == getattr(second.heads, part).tobytes()
    assert first.out_of_fold.tobytes() == second.out_of_fold.tobytes()
