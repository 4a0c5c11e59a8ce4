"""Views: what they say of a row comes from the other folds, and is the same every time."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from model.features.space import CHARACTER_BITS, WORD_BITS, Rows
from training import linear as linear_module
from training.network import NetworkSettings
from training.splits import Folds, grouped_folds
from training.views import VIEWS, ViewSettings, fit_views, learnable

COUNT, WIDTH = 60, 6
SETTINGS = ViewSettings(chars_penalty=4.0, words_penalty=4.0, landmarks=10, gamma=0.1, ridge=1.0, seed=0)
FOLDS: Folds = grouped_folds(np.arange(COUNT), 3)


def planted() -> tuple[Rows, np.ndarray]:
    """Rows whose label is in n-gram 5 of both sparse views and in the first dense column."""
    random = np.random.default_rng(0)
    labels = (np.arange(COUNT) % 2).astype(np.float32)

    def view(bits: int) -> sparse.csr_array:
        noise = random.integers(10, 1 << bits, (COUNT, 4))
        columns = np.concatenate([np.where(labels > 0, 5, 6)[:, None], noise], axis=1).ravel()
        pointers = np.arange(0, COUNT * 5 + 1, 5)
        data = np.full(COUNT * 5, 0.4, np.float32)
        return sparse.csr_array(
            (data, columns.astype(np.int32), pointers.astype(np.int32)), shape=(COUNT, 1 << bits)
        )

    dense = random.normal(size=(COUNT, WIDTH)).astype(np.float32)
    dense[:, 0] = labels * 4
    return Rows(view(CHARACTER_BITS), view(WORD_BITS), dense), labels


ROWS, LABELS = planted()


def test_every_view_finds_what_is_planted() -> None:
    fitted = fit_views(ROWS, {"a": LABELS}, FOLDS, SETTINGS)
    said = fitted.out_of_fold["a"]
    assert said.shape == (COUNT, len(VIEWS))
    assert ((said > 0) == (LABELS[:, None] > 0)).mean(axis=0).tolist() == [1, 1, 1]
    for view in VIEWS:
        assert ((fitted.heads[view].logits(ROWS)[:, 0] > 0) == (LABELS > 0)).all()


def test_views_keep_to_themselves() -> None:
    heads = fit_views(ROWS, {"a": LABELS}, FOLDS, SETTINGS).heads
    assert not heads["chars"].words.any()
    assert not heads["words"].chars.any()
    assert len(heads["chars"].landmarks) == len(heads["words"].landmarks) == 0
    assert not heads["meaning"].chars.any()
    assert len(heads["meaning"].landmarks) == SETTINGS.landmarks


def test_a_network_reads_the_meaning_instead_of_a_kernel() -> None:
    settings = replace(SETTINGS, network=NetworkSettings(units=8, networks=1, passes=60, seed=0))
    with_it, without = (fit_views(ROWS, {"a": LABELS}, FOLDS, s) for s in (settings, SETTINGS))
    np.testing.assert_array_equal(with_it.out_of_fold["a"][:, :-1], without.out_of_fold["a"][:, :-1])
    assert ((with_it.out_of_fold["a"][:, -1] > 0) == (LABELS > 0)).mean() > 0.9
    meaning = with_it.heads["meaning"]
    assert meaning.network is not None
    assert len(meaning.landmarks) == 0
    assert ((meaning.logits(ROWS)[:, 0] > 0) == (LABELS > 0)).all()
    assert without.heads["meaning"].network is None


def test_noise_is_not_learnt_out_of_fold() -> None:
    """Were rows to see themselves, chance labels would be predicted too."""
    labels = np.random.default_rng(1).permutation(LABELS)
    said = fit_views(ROWS, {"a": labels}, FOLDS, SETTINGS).out_of_fold["a"]
    right = ((said > 0) == (labels[:, None] > 0)).mean(axis=0)
    assert (right < 0.75).all()


def test_out_of_fold_is_what_the_other_folds_say() -> None:
    fitted = fit_views(ROWS, {"a": LABELS}, FOLDS, SETTINGS)
    train, test = FOLDS[0]
    alone = fit_views(ROWS.at(train), {"a": LABELS[train]}, grouped_folds(np.arange(len(train)), 2), SETTINGS)
    for number, view in enumerate(VIEWS[:2]):  # landmarks differ with the rows
        expected = alone.heads[view].logits(ROWS.at(test))[:, 0]
        np.testing.assert_allclose(fitted.out_of_fold["a"][test, number], expected, atol=5e-3)


def test_rows_without_the_label_do_not_count() -> None:
    known = LABELS.copy()
    known[::3] = np.nan
    fitted = fit_views(ROWS, {"a": known, "b": LABELS}, FOLDS, SETTINGS)
    unknown = np.isnan(known)
    np.testing.assert_array_equal(np.isnan(fitted.out_of_fold["a"]), np.column_stack([unknown] * len(VIEWS)))
    assert np.isfinite(fitted.out_of_fold["b"]).all()
    swapped = replace(ROWS, dense=ROWS.dense)
    other = known.copy()
    only = fit_views(swapped, {"a": other}, FOLDS, SETTINGS)
    np.testing.assert_allclose(only.out_of_fold["a"], fitted.out_of_fold["a"], atol=1e-6)


def test_few_rows_are_their_own_landmarks() -> None:
    fitted = fit_views(ROWS, {"a": LABELS}, FOLDS, replace(SETTINGS, landmarks=COUNT))
    np.testing.assert_allclose(fitted.heads["meaning"].landmarks, ROWS.dense, atol=1e-2)


@pytest.mark.parametrize("several", [False, True])
def test_same_weights_each_time(monkeypatch: pytest.MonkeyPatch, several: bool) -> None:
    """In one process and in several; threads would share liblinear's generator."""
    targets = {"a": LABELS, "b": np.roll(LABELS, 1), "c": 1 - LABELS}
    one = fit_views(ROWS, targets, FOLDS, SETTINGS)
    if several:
        monkeypatch.setattr(linear_module, "WORTH_PROCESSES", 1)
    two = fit_views(ROWS, targets, FOLDS, SETTINGS)
    for name in targets:
        np.testing.assert_array_equal(one.out_of_fold[name], two.out_of_fold[name])
    for view in VIEWS:
        for part in ("chars", "words", "landmarks", "gammas", "alphas", "intercepts"):
            np.testing.assert_array_equal(getattr(one.heads[view], part), getattr(two.heads[view], part))


@pytest.mark.parametrize(
    ("positives", "negatives", "unknown", "answer"),
    [
        (30, 30, 0, True),
        (4, 56, 0, False),
        (0, 60, 0, False),
        (56, 4, 0, False),
        (9, 51, 0, True),
        (9, 9, 42, True),
    ],
)
def test_learnable(positives: int, negatives: int, unknown: int, answer: bool) -> None:
    labels = np.array([1.0] * positives + [0.0] * negatives + [np.nan] * unknown, np.float32)
    assert learnable(np.random.default_rng(0).permutation(labels), FOLDS) is answer
