"""Stacking: views count for what they are worth, and the merged head is their weighted sum."""

import numpy as np
import pytest
from test_heads import ROWS as HEAD_ROWS
from test_heads import some_heads, some_rows

from data.taxonomy import STANCES, Stance
from model.heads import HeadSet, softmax
from training import stack as stack_module
from training.splits import Folds, grouped_folds
from training.stack import stack_binary, stack_stance
from training.views import VIEWS, Views

COUNT = 400
FOLDS: Folds = grouped_folds(np.arange(COUNT), 4)
RANDOM = np.random.default_rng(0)
LABELS = (RANDOM.random(COUNT) < 0.4).astype(np.float32)
SIGNS = LABELS * 2 - 1


def noise() -> np.ndarray:
    return RANDOM.normal(size=COUNT)


def binary_views(*columns: np.ndarray, names: str = "a") -> Views:
    heads = {view: some_heads(names, seed) for seed, view in enumerate(VIEWS)}
    out_of_fold = np.stack(columns, axis=1).astype(np.float32)
    return Views(heads, dict.fromkeys(names, out_of_fold))


NO_BASE = np.zeros((COUNT, 0), np.float32)


def weights_of(stacked: HeadSet, views: Views, base: HeadSet | None = None) -> np.ndarray:
    """How much of each view the merged heads hold, solved from their log-odds; the last is the shift."""
    rows = some_rows(12, seed=5)
    inputs = [views.heads[view].logits(rows)[:, :1] for view in VIEWS]
    if base is not None:
        inputs.append(base.logits(rows)[:, :1])
    inputs.append(np.ones((12, 1), np.float32))
    solution: np.ndarray = np.linalg.lstsq(np.hstack(inputs), stacked.logits(rows)[:, 0], rcond=None)[0]
    return solution


def test_informative_useless_and_reversed_views() -> None:
    views = binary_views(SIGNS + noise(), noise(), -SIGNS + noise())
    stacked = stack_binary(views, {"a": LABELS}, FOLDS, None, NO_BASE)
    informative, useless, reversed_, _ = weights_of(stacked.heads, views)
    assert informative > 1
    assert 0 <= useless + 1e-3 < 0.25
    assert reversed_ == pytest.approx(0, abs=1e-3)
    assert ((stacked.out_of_fold[:, 0] > 0) == (LABELS > 0)).mean() > 0.8


def test_only_reversed_views_are_left_out_wholly() -> None:
    views = binary_views(*(-SIGNS + noise() / 4 for _ in VIEWS))
    stacked = stack_binary(views, {"a": LABELS}, FOLDS, None, NO_BASE)
    assert np.abs(weights_of(stacked.heads, views)[:3]).max() < 1e-3
    assert stacked.out_of_fold.std() < 1


def test_a_good_base_outweighs_useless_views() -> None:
    views, base = binary_views(noise(), noise(), noise()), some_heads("a", 9)
    logits = (3 * SIGNS + noise())[:, None].astype(np.float32)
    stacked = stack_binary(views, {"a": LABELS}, FOLDS, base, logits)
    weights = weights_of(stacked.heads, views, base)
    assert weights[3] > 1
    assert np.abs(weights[:3]).max() < 0.5


def test_merged_head_is_the_weighted_sum_of_views_and_base() -> None:
    """Exact: what the regressions say of the views' log-odds is what the merged head says of the row."""
    views, base = binary_views(SIGNS + noise(), noise(), SIGNS + noise(), names="ab"), some_heads("abc", 7)
    logits = np.stack([SIGNS + noise(), noise(), noise()], axis=1).astype(np.float32)
    other = np.roll(LABELS, 3)
    other[:50] = np.nan
    stacked = stack_binary(views, {"a": LABELS, "b": other}, FOLDS, base, logits)
    assert stacked.heads.names == ("a", "b")
    for i, labels in enumerate((LABELS, other)):
        name = "ab"[i]
        parts = [views.heads[view].take(name).logits(HEAD_ROWS)[:, 0] for view in VIEWS]
        expected = sum(w * part for w, part in zip(stacked.weights[i], parts, strict=True))
        expected = expected + base.logits(HEAD_ROWS) @ stacked.blend[:, i]
        said = stacked.heads.take(name).logits(HEAD_ROWS)[:, 0]
        shifts = said - expected
        np.testing.assert_allclose(shifts, shifts[0], atol=2e-3)
        assert np.isfinite(stacked.out_of_fold[~np.isnan(labels), i]).all()


def test_a_site_may_blend_other_heads_of_the_base() -> None:
    """What the site calls a is what the base calls c: the blend finds it where a alone says nothing."""
    views, base = binary_views(noise(), noise(), noise()), some_heads("abc", 7)
    logits = np.stack([noise(), noise(), 2 * SIGNS + noise()], axis=1).astype(np.float32)
    stacked = stack_binary(views, {"a": LABELS}, FOLDS, base, logits)
    assert stacked.blend[2, 0] > 3 * np.abs(stacked.blend[:2, 0]).max()
    assert ((stacked.out_of_fold[:, 0] > 0) == (LABELS > 0)).mean() > 0.9


def test_a_view_may_keep_a_share_of_its_weight() -> None:
    views = binary_views(SIGNS + noise(), SIGNS + noise(), SIGNS + noise())
    whole = stack_binary(views, {"a": LABELS}, FOLDS, None, NO_BASE)
    less = stack_binary(views, {"a": LABELS}, FOLDS, None, NO_BASE, {"words": 0.25})
    at = VIEWS.index("words")
    np.testing.assert_allclose(less.weights[0, at], whole.weights[0, at] / 4, rtol=1e-5)
    others = [i for i in range(len(VIEWS)) if i != at]
    np.testing.assert_array_equal(less.weights[0, others], whole.weights[0, others])
    np.testing.assert_allclose(weights_of(less.heads, views)[:3], less.weights[0], atol=2e-3)
    gone = np.zeros(COUNT)
    for train, test in FOLDS:
        model = stack_binary(
            Views(views.heads, {"a": views.out_of_fold["a"][train]}), {"a": LABELS[train]}, [], None,
            np.zeros((len(train), 0), np.float32),
        )  # fmt: skip
        gone[test] = 0.75 * model.weights[0, at] * views.out_of_fold["a"][test, at]
    np.testing.assert_allclose(whole.out_of_fold[:, 0] - less.out_of_fold[:, 0], gone, atol=1e-3)


def test_some_rows_weigh_the_views_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """One view knows our own rows, another only the others."""
    monkeypatch.setattr(stack_module, "_FEWEST", 20)
    own = np.arange(COUNT) % 4 < 2
    knowing, other = np.where(own, SIGNS, 0) + noise() / 2, np.where(own, 0, 4 * SIGNS) + noise() / 2
    views = binary_views(knowing, other, noise())
    stacked = stack_binary(views, {"a": LABELS}, FOLDS, None, NO_BASE, None, own)
    alone = stack_binary(
        Views(views.heads, {"a": views.out_of_fold["a"][own]}), {"a": LABELS[own]}, [], None, NO_BASE[own]
    )
    np.testing.assert_allclose(stacked.weights, alone.weights, rtol=1e-4)
    assert np.isfinite(stacked.out_of_fold).all(), "the others are judged all the same"
    few = np.arange(COUNT) < 20
    everyone = stack_binary(views, {"a": LABELS}, FOLDS, None, NO_BASE)
    asked_few = stack_binary(views, {"a": LABELS}, FOLDS, None, NO_BASE, None, few)
    np.testing.assert_array_equal(asked_few.weights, everyone.weights)


def test_rows_without_the_label_do_not_count() -> None:
    views = binary_views(SIGNS + noise(), noise(), noise())
    half = LABELS.copy()
    half[::2] = np.nan
    views.out_of_fold["a"][::2] = np.nan
    stacked = stack_binary(views, {"a": half}, FOLDS, None, NO_BASE)
    np.testing.assert_array_equal(np.isnan(stacked.out_of_fold[:, 0]), np.isnan(half))


def stance_views(gold: list[Stance], present: tuple[Stance, ...]) -> Views:
    heads = {view: some_heads("x" * len(present), seed) for seed, view in enumerate(VIEWS)}
    heads = {
        view: HeadSet(present, *(getattr(h, p) for p in HeadSet.__slots__[1:])) for view, h in heads.items()
    }
    out_of_fold = {}
    for stance in present:
        signs = np.array([1.0 if g == stance else -1.0 for g in gold])
        out_of_fold[stance] = np.stack([signs + noise(), signs + noise(), noise()], axis=1).astype(np.float32)
    return Views(heads, out_of_fold)


def stances(*names: Stance) -> list[Stance]:
    return [names[i] for i in RANDOM.integers(0, len(names), COUNT)]


def test_stances_are_told_apart() -> None:
    gold = stances(*STANCES)
    stacked = stack_stance(stance_views(gold, STANCES), gold, FOLDS, None, NO_BASE)
    right = stacked.out_of_fold.argmax(axis=1) == [STANCES.index(g) for g in gold]
    assert stacked.heads.names == STANCES
    assert right.mean() > 0.7


@pytest.mark.parametrize("present", [("favor", "against"), ("against", "none"), ("favor", "none")])
def test_absent_stance_is_possible_but_unlikely(present: tuple[Stance, ...]) -> None:
    gold = stances(*present)
    stacked = stack_stance(stance_views(gold, present), gold, FOLDS, None, NO_BASE)
    (absent,) = set(STANCES) - set(present)
    chances = softmax(stacked.out_of_fold)
    column = STANCES.index(absent)
    assert (chances[:, column] > 0).all()
    assert chances[:, column].mean() < 0.02
    right = chances.argmax(axis=1) == [STANCES.index(g) for g in gold]
    assert right.mean() > 0.8
    assert not stacked.heads.take([absent]).chars.any()


def test_stance_heads_are_the_weighted_sum_with_base() -> None:
    gold = stances(*STANCES)
    views = stance_views(gold, STANCES)
    base = HeadSet(STANCES, *(getattr(some_heads("xyz", 8), p) for p in HeadSet.__slots__[1:]))
    logits = np.stack([[3.0 * (g == s) for s in STANCES] for g in gold]).astype(np.float32)
    stacked = stack_stance(views, gold, FOLDS, base, logits)
    from training.stack import _multinomial

    columns = [np.stack([views.out_of_fold[s][:, v] for s in STANCES], axis=1) for v in range(len(VIEWS))]
    classes = np.array([STANCES.index(g) for g in gold])
    coefficients, shift = _multinomial(np.hstack([*columns, logits]), classes, 3)
    parts = [views.heads[view].logits(HEAD_ROWS) for view in VIEWS] + [base.logits(HEAD_ROWS)]
    expected = np.hstack(parts) @ coefficients + shift
    np.testing.assert_allclose(stacked.heads.logits(HEAD_ROWS), expected, atol=2e-3)
    assert np.trace(coefficients[-3:]) > 0


def test_a_stance_too_rare_to_learn_is_judged_but_not_learnt() -> None:
    gold: list[Stance | None] = list(stances("favor", "against"))
    views = stance_views([g or "none" for g in gold], ("favor", "against"))
    gold[:3] = [None] * 3
    stacked = stack_stance(views, gold, FOLDS, None, NO_BASE)
    assert np.isfinite(stacked.out_of_fold).all()
