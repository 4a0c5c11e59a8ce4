"""Leaning: a head takes a share of others, in the same way in its weights and out of fold."""

import numpy as np
import pytest

from model.heads import HeadSet
from training.lean import LEANS, leaning
from training.stack import Stacked

NAMES = ("p_impolite", "p_uncivil", "p_intolerable", "insult", "profanity")
ROWS, WIDTH = 200, 6


def heads(names: tuple[str, ...], seed: int = 0) -> HeadSet:
    rng = np.random.default_rng(seed)

    def drawn(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return rng.normal(size=shape).astype(np.float32)

    count = len(names)
    return HeadSet(
        names, drawn(4, count), drawn(3, count), drawn(5, WIDTH), np.full(5, 0.1, np.float32),
        drawn(5, count), drawn(count),
    )  # fmt: skip


def stacked(
    names: tuple[str, ...] = NAMES,
) -> tuple[Stacked, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    rng = np.random.default_rng(1)
    scales = np.linspace(0.5, 3, len(names))
    said = (rng.normal(size=(ROWS, len(names))) * scales + scales).astype(np.float32)
    return Stacked(heads(names), said), rng.normal(size=(ROWS, len(names), 2)).astype(np.float32)


def test_shares_are_in_standard_deviations() -> None:
    before, parts = stacked()
    after, mixed = leaning(before, parts)
    own = NAMES.index("p_uncivil")
    spread = before.out_of_fold.std(axis=0)
    wanted, gram = before.out_of_fold[:, own].copy(), parts[:, own].copy()
    for other, share in LEANS["p_uncivil"].items():
        at = NAMES.index(other)
        wanted += share * spread[own] / spread[at] * before.out_of_fold[:, at]
        gram += share * spread[own] / spread[at] * parts[:, at]
    np.testing.assert_allclose(after.out_of_fold[:, own], wanted, rtol=1e-4)
    np.testing.assert_allclose(mixed[:, own], gram, rtol=1e-4, atol=1e-5)
    others = [i for i in range(len(NAMES)) if i != own]
    np.testing.assert_array_equal(after.out_of_fold[:, others], before.out_of_fold[:, others])


def test_the_heads_say_what_is_said_out_of_fold() -> None:
    before, parts = stacked()
    after, _ = leaning(before, parts)
    said = np.random.default_rng(2).normal(size=(9, len(NAMES)))
    chars = said.astype(np.float32) @ np.linalg.pinv(before.heads.chars).astype(np.float32)
    own, others = NAMES.index("p_uncivil"), LEANS["p_uncivil"]
    spread = before.out_of_fold.std(axis=0)
    wanted = chars @ before.heads.chars[:, own]
    for other, share in others.items():
        at = NAMES.index(other)
        wanted = wanted + share * spread[own] / spread[at] * (chars @ before.heads.chars[:, at])
    np.testing.assert_allclose(chars @ after.heads.chars[:, own], wanted, rtol=1e-3, atol=1e-4)


def test_a_row_without_the_other_label_takes_of_its_own() -> None:
    before, parts = stacked()
    gone = before.out_of_fold.copy()
    gone[:50, NAMES.index("insult")] = np.nan
    after, _ = leaning(Stacked(before.heads, gone), parts)
    said = after.out_of_fold[:, NAMES.index("p_uncivil")]
    assert np.isfinite(said).all()
    whole = leaning(before, parts)[0].out_of_fold[:, NAMES.index("p_uncivil")]
    assert np.corrcoef(said[:50], whole[:50])[0, 1] > 0.95


@pytest.mark.parametrize("names", [("p_uncivil", "threat"), ("insult", "profanity")])
def test_heads_that_were_not_learnt_are_left_out(names: tuple[str, ...]) -> None:
    before, parts = stacked(names)
    after, mixed = leaning(before, parts)
    np.testing.assert_array_equal(after.out_of_fold, before.out_of_fold)
    np.testing.assert_array_equal(mixed, parts)
    np.testing.assert_array_equal(after.heads.chars, before.heads.chars)
