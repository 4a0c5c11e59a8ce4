"""The gate of a retraining: what counts as losing against the base."""

from dataclasses import replace

import numpy as np
import pytest

from data.record import Comment, Labels
from model.policy import THRESHOLDS
from training.compare import Comparison, compare_binary, compare_stance
from training.learn import Fitted

COUNT = 120
CUTS = dict.fromkeys(THRESHOLDS, 0.5)


def comparison(difference: float, high: float) -> Comparison:
    return Comparison(
        head="p_uncivil",
        n=10,
        measure="auc",
        base=0.8,
        candidate=0.8 + difference,
        difference=difference,
        interval=(difference - 0.1, high),
        details={},
    )


@pytest.mark.parametrize(
    ("difference", "high", "passed"),
    [
        (0.1, 0.2, True),
        (0.0, 0.0, True),
        (-0.009, 0.01, True),
        (-0.011, 0.05, False),  # lost on the rows at hand, if not beyond doubt
        (-0.005, -0.001, False),  # lost little, but beyond doubt
        (-0.2, -0.1, False),
    ],
)
def test_gate(difference: float, high: float, passed: bool) -> None:
    assert comparison(difference, high).passed is passed
    assert comparison(difference, high).as_dict()["passed"] is passed


def rows() -> list[Comment]:
    return [
        Comment(id=str(i), text=f"mot{i}", thread_id=f"fil {i // 4}", target="x", labels=Labels(insult=i % 2))
        for i in range(COUNT)
    ]


SIGNS = np.where(np.arange(COUNT) % 2, 1.0, -1.0).astype(np.float32)
NOISE = np.random.default_rng(0).normal(size=COUNT).astype(np.float32)


@pytest.mark.parametrize(
    ("base", "candidate", "passed"), [(0.5, 2.0, True), (2.0, 0.5, False), (1.0, 1.0, True)]
)
def test_better_worse_and_same(base: float, candidate: float, passed: bool) -> None:
    labels = (SIGNS > 0).astype(np.float32)
    fitted = Fitted(None, (SIGNS * candidate + NOISE)[:, None], {"insult": labels})  # type: ignore[arg-type]
    (found,) = compare_binary(rows(), fitted, (SIGNS * base + NOISE)[:, None], CUTS, CUTS)
    assert found.passed is passed
    assert np.sign(round(found.difference, 6)) == np.sign(candidate - base)
    assert found.interval[0] <= found.difference <= found.interval[1]
    assert (found.head, found.n, found.measure) == ("insult", COUNT, "auc")


def test_only_labelled_rows_count() -> None:
    labels = (SIGNS > 0).astype(np.float32)
    labels[:40] = np.nan
    logits = SIGNS[:, None].copy()
    logits[:40] = np.nan
    fitted = Fitted(None, logits, {"insult": labels})  # type: ignore[arg-type]
    (found,) = compare_binary(rows(), fitted, SIGNS[:, None], CUTS, CUTS)
    assert (found.n, found.base, found.candidate) == (COUNT - 40, 1.0, 1.0)


def test_stance() -> None:
    given = [replace(c, labels=Labels(stance="favor" if i % 2 else "none")) for i, c in enumerate(rows())]
    right = np.stack([SIGNS, np.full(COUNT, -9, np.float32), -SIGNS], axis=1)
    fitted = Fitted(None, right, {})  # type: ignore[arg-type]
    better = compare_stance(given, fitted, np.zeros((COUNT, 3), np.float32), CUTS, CUTS)
    assert (better.candidate, better.passed, better.measure) == (1.0, True, "macro_f1")
    assert better.base < 0.5
    worse = Fitted(None, np.zeros((COUNT, 3), np.float32), {})  # type: ignore[arg-type]
    assert not compare_stance(given, worse, right, CUTS, CUTS).passed


def test_stance_is_decided_as_the_scorer_does() -> None:
    """With equal chances, the stance with the smallest divisor is said."""
    given = [replace(c, labels=Labels(stance="none" if i % 2 else "against")) for i, c in enumerate(rows())]
    undecided = Fitted(None, np.zeros((COUNT, 3), np.float32), {})  # type: ignore[arg-type]
    base = np.zeros((COUNT, 3), np.float32)
    compared = compare_stance(
        given, undecided, base, CUTS | {"stance_none": 0.1}, CUTS | {"stance_favor": 0.1}
    )
    assert compared.details["base_accuracy"] == 0.5
    assert compared.details["candidate_accuracy"] == 0.0
