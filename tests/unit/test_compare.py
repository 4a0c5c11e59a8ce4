"""The gate of a retraining: what counts as losing against the base."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from data.record import Comment, Labels
from data.taxonomy import STANCES
from model.policy import THRESHOLDS
from training.blind import EACH, ENOUGH
from training.compare import Comparison, compare_binary, compare_stance
from training.learn import Fitted
from training.splits import groups

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


def many(count: int, blind: int) -> list[Comment]:
    return [
        Comment(
            id=str(i),
            text=f"mot{i}",
            thread_id=f"fil {i // 4}",
            labels=Labels(insult=i % 2),
            extra={"sampling": "blind"} if i < blind else {"sampling": "active"},
        )
        for i in range(count)
    ]


@pytest.mark.parametrize(("blind", "on_blind"), [(ENOUGH, True), (ENOUGH - 2, False), (0, False)])
def test_blind_rows_alone_count_where_they_are_enough(blind: int, on_blind: bool) -> None:
    """The candidate is right on what was chosen and wrong on what was drawn by lot; the base the reverse."""
    labels = (np.arange(600) % 2).astype(np.float32)
    right = np.where(labels > 0, 4.0, -4.0).astype(np.float32)
    chosen = np.arange(600) >= blind
    noise = np.random.default_rng(1).normal(size=600).astype(np.float32)
    fitted = Fitted(None, np.where(chosen, right, noise)[:, None], {"insult": labels})  # type: ignore[arg-type]
    (found,) = compare_binary(many(600, blind), fitted, np.where(chosen, noise, right)[:, None], CUTS, CUTS)
    assert (found.on_blind, found.blind, found.n) == (on_blind, blind, blind if on_blind else 600)
    assert found.passed is not on_blind
    assert (found.as_dict()["blind"], found.as_dict()["on_blind"]) == (blind, on_blind)


def test_each_head_has_blind_labels_of_its_own() -> None:
    labels = (np.arange(600) % 2).astype(np.float32)
    rare = np.where(np.arange(600) < 2 * (EACH - 1), labels, 0).astype(np.float32)
    logits = np.tile(np.linspace(-1, 1, 600, dtype=np.float32)[:, None], 2)
    fitted = Fitted(None, logits, {"insult": labels, "threat": rare})  # type: ignore[arg-type]
    one, other = compare_binary(many(600, 400), fitted, logits, CUTS, CUTS)
    assert (one.on_blind, one.n) == (True, 400)
    assert (other.on_blind, other.n, other.blind) == (False, 600, 400)


def test_stance_is_compared_on_blind_rows_too() -> None:
    given = [
        replace(c, target="x", labels=Labels(stance=("favor", "against")[i % 2]))
        for i, c in enumerate(many(600, 240))
    ]
    right = np.zeros((600, 3), np.float32)
    right[np.arange(600), [STANCES.index(c.labels.stance or "none") for c in given]] = 5
    found = compare_stance(given, Fitted(None, right, {}), right * 0, CUTS, CUTS)  # type: ignore[arg-type]
    assert (found.on_blind, found.n, found.candidate) == (True, 240, 1.0)


def test_the_interval_is_that_of_resampling_one_group_at_a_time() -> None:
    """What weights give is what drawing the groups' rows one by one gave."""
    labels = (np.arange(COUNT) % 3 == 0).astype(np.float32)
    before = np.round(NOISE, 1)[:, None]
    after = (NOISE + labels)[:, None]
    fitted = Fitted(None, after, {"insult": labels})  # type: ignore[arg-type]
    (found,) = compare_binary(rows(), fitted, before, CUTS, CUTS)
    group = np.unique(groups(rows()), return_inverse=True)[1]
    members = [np.flatnonzero(group == g) for g in range(group.max() + 1)]
    random = np.random.default_rng(0)
    differences = []
    for _ in range(300):
        drawn = np.concatenate([members[i] for i in random.integers(0, len(members), len(members))])
        areas = [roc_auc_score(labels[drawn], said[drawn, 0]) for said in (before, after)]
        differences.append(areas[1] - areas[0])
    assert found.interval == pytest.approx(np.percentile(differences, [2.5, 97.5]), abs=1e-9)
    assert found.base == pytest.approx(roc_auc_score(labels, before[:, 0]))
