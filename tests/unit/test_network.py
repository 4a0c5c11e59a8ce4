"""Networks: what they learn holds for unseen rows and is the same every time; their algebra is exact."""

from dataclasses import replace

import numpy as np
import pytest

from model.network import Network, beside
from training import network as network_module
from training.meaning import Meaning
from training.network import NetworkSettings, fit_network
from training.splits import Folds, grouped_folds

COUNT, WIDTH = 600, 9
SETTINGS = NetworkSettings(units=32, networks=2, passes=200, seed=0)
FOLDS: Folds = grouped_folds(np.arange(COUNT), 3)
RANDOM = np.random.default_rng(0)
DENSE = RANDOM.normal(size=(COUNT, WIDTH)).astype(np.float32)
EITHER = ((DENSE[:, 0] > 0) ^ (DENSE[:, 1] > 0)).astype(np.float32)
"""True where the first two columns differ in sign: no line parts it."""
FIRST = (DENSE[:, 0] > 0).astype(np.float32)


def fitted(targets: dict[str, np.ndarray], **changes: int) -> Meaning:
    return fit_network(DENSE, targets, FOLDS, replace(SETTINGS, **changes))


def right(said: np.ndarray, labels: np.ndarray) -> float:
    return float(((said > 0) == (labels > 0)).mean())


def test_what_no_line_parts_is_learnt_for_unseen_rows() -> None:
    found = fitted({"either": EITHER, "first": FIRST})
    assert right(found.out_of_fold[:, 0], EITHER) > 0.8
    assert right(found.out_of_fold[:, 1], FIRST) > 0.9
    assert found.network is not None
    assert found.network.weights.shape == (64, WIDTH), "two networks stand side by side"
    assert len(found.landmarks) == 0
    said = found.network.said(DENSE) + found.intercepts
    assert right(said[:, 0], EITHER) > right(found.out_of_fold[:, 0], EITHER)


def test_noise_is_not_learnt_out_of_fold() -> None:
    labels = np.random.default_rng(1).permutation(EITHER)
    assert right(fitted({"noise": labels}).out_of_fold[:, 0], labels) < 0.58


def test_out_of_fold_is_what_the_other_folds_say() -> None:
    found = fitted({"first": FIRST})
    train, test = FOLDS[1]
    alone = fit_network(DENSE[train], {"first": FIRST[train]}, [], SETTINGS)
    assert alone.network is not None
    expected = alone.network.said(DENSE[test]) + alone.intercepts
    np.testing.assert_allclose(found.out_of_fold[test], expected, atol=1e-4)


def test_rows_without_a_label_teach_the_others_alone() -> None:
    known = EITHER.copy()
    known[::2] = np.nan
    found = fitted({"either": known, "first": FIRST})
    np.testing.assert_array_equal(
        np.isnan(found.out_of_fold), np.column_stack([np.isnan(known), np.zeros(COUNT, bool)])
    )
    lost = np.where(np.arange(COUNT) < 300, FIRST, np.nan).astype(np.float32)
    shared = fitted({"first": FIRST, "half": lost}).out_of_fold[:, 1]
    alone = fit_network(DENSE[:300], {"half": FIRST[:300]}, grouped_folds(np.arange(300), 3), SETTINGS)
    assert right(shared[:300], FIRST[:300]) > right(alone.out_of_fold[:, 0], FIRST[:300])


def test_the_same_every_time_and_in_any_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    once = fitted({"first": FIRST}, passes=2)
    monkeypatch.setattr(network_module, "WORTH_PROCESSES", 1)
    twice = fitted({"first": FIRST}, passes=2)
    np.testing.assert_array_equal(once.out_of_fold, twice.out_of_fold)
    assert not np.array_equal(once.out_of_fold, fitted({"first": FIRST}, passes=2, seed=1).out_of_fold)


def some_network(units: int, heads: int, seed: int) -> Network:
    random = np.random.default_rng(seed)
    shapes = (units, WIDTH), (units,), (units, heads)
    return Network(*(random.normal(size=shape).astype(np.float32) for shape in shapes))


def test_algebra() -> None:
    one, other = some_network(5, 3, 1), some_network(4, 3, 2)
    both = beside(one, other)
    assert both is not None
    np.testing.assert_allclose(both.said(DENSE), one.said(DENSE) + other.said(DENSE), rtol=1e-4, atol=1e-4)
    assert beside(one, None) is one
    assert beside(None, other) is other
    assert beside(None, None) is None
    mixing = np.array([[1, 0], [0.5, 2], [0, -1]], np.float32)
    np.testing.assert_allclose(one.mixed(mixing).said(DENSE), one.said(DENSE) @ mixing, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(one.take([2, 0]).said(DENSE), one.said(DENSE)[:, [2, 0]], rtol=1e-5)


def test_units_are_rectified() -> None:
    unit = Network(np.array([[2, 0]], np.float32), np.array([-1], np.float32), np.array([[3]], np.float32))
    said = unit.said(np.array([[0, 9], [0.5, 0], [1, 0], [2, 1]], np.float32))
    assert said[:, 0].tolist() == [0, 0, 3, 9]
