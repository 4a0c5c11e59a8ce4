"""Actions and severity levels, at and around their thresholds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.taxonomy import ACTIONS, SUBTYPES
from model.policy import INCIVILITY_HEADS, LEVELS, THRESHOLDS, Policy, severity_level

POLICY = Policy(review=0.5, hold=0.9, intolerable=0.8)
CUTS = {"p_impolite": 0.4, "p_uncivil": 0.5, "p_intolerable": 0.6}


@pytest.mark.parametrize(
    ("uncivil", "intolerable", "action"),
    [
        (0.0, 0.0, "publish"),
        (0.49, 0.79, "publish"),
        (0.5, 0.0, "review"),
        (0.89, 0.79, "review"),
        (0.9, 0.0, "hold"),
        (0.1, 0.8, "hold"),
        (1.0, 1.0, "hold"),
    ],
)
def test_action(uncivil: float, intolerable: float, action: str) -> None:
    assert POLICY.action(uncivil, intolerable) == action


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_worse_is_never_treated_milder(low: float, high: float, intolerable: float) -> None:
    low, high = sorted((low, high))
    rank = {action: i for i, action in enumerate(ACTIONS)}
    assert rank[POLICY.action(low, intolerable)] <= rank[POLICY.action(high, intolerable)]
    assert rank[POLICY.action(intolerable, low)] <= rank[POLICY.action(intolerable, high)]


@pytest.mark.parametrize(
    ("chances", "level"),
    [
        ((0.0, 0.0, 0.0), 0),
        ((0.39, 0.39, 0.39), 0),
        ((0.4, 0.3, 0.2), 1),
        ((0.9, 0.5, 0.2), 2),
        ((0.9, 0.8, 0.6), 3),
        ((0.9, 0.49, 0.9), 1),  # a level counts only with those below it
        ((0.1, 0.9, 0.9), 0),
    ],
)
def test_severity_level(chances: tuple[float, float, float], level: int) -> None:
    assert severity_level(*chances, CUTS) == level


def test_policy_of_a_bundle() -> None:
    fitted = dict.fromkeys(THRESHOLDS, 0.5) | {"review": 0.3, "hold": 0.7, "hold_intolerable": 0.6}
    assert Policy.of(fitted) == Policy(0.3, 0.7, 0.6)


def test_names() -> None:
    assert (*LEVELS, *SUBTYPES) == INCIVILITY_HEADS
    assert set(THRESHOLDS) >= {*INCIVILITY_HEADS, "review", "hold", "hold_intolerable"}
