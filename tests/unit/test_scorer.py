"""The scorer: probabilities that make sense, each comment as if it were alone."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BundleError
from data.record import Comment
from data.taxonomy import ACTIONS, SCORE_COLUMNS, STANCES, SUBTYPES
from model import scorer as scorer_module
from model.judgement import Judgement
from model.policy import Policy, severity_level
from model.policy_site import SitePolicy, SiteRule
from model.scorer import Scorer, never_crossing

COMMENTS = [
    Comment(id="1", text="Non."),
    Comment(id="2", text="Une remarque posée sur le budget. " * 80, target="le budget"),
    Comment(id="3", text="Bande de c0nnards 😡", article_title="Le budget", parent_text="Et vous ?"),
    Comment(id="4", text="> rien que du cité"),
    Comment(id="5", text="\u200b"),
    Comment(id="6", text="mot " * 3000, target="x"),
    Comment(id="7", text="Merci à l'équipe pour ce travail.", target="l'équipe"),
    Comment(id="8", text="a\ud83db", target="\ud83d"),
]


def numbers(judgements: Sequence[Judgement]) -> np.ndarray:
    keys = [k for k in SCORE_COLUMNS if k not in ("severity", "stance", "action", "reasons", "bundle")]
    rows = [[j.columns()[k] for k in keys] for j in judgements]
    return np.array([[np.nan if v is None else v for v in row] for row in rows])


@pytest.mark.parametrize("order", [1, -1])
def test_many_equal_one_by_one(small_scorer: Scorer, order: int) -> None:
    comments = COMMENTS[::order]
    together = small_scorer.score_many(comments)
    alone = [small_scorer.score(c) for c in comments]
    np.testing.assert_allclose(numbers(together), numbers(alone), atol=1e-5)
    assert [(j.severity, j.stance, j.action) for j in together] == [
        (j.severity, j.stance, j.action) for j in alone
    ]


def test_batches_are_joined_in_order(small_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = small_scorer.score_many(COMMENTS)
    monkeypatch.setattr(scorer_module, "_BATCH", 3)
    np.testing.assert_allclose(numbers(small_scorer.score_many(COMMENTS)), numbers(whole), atol=1e-5)


def test_nothing_to_score(small_scorer: Scorer) -> None:
    assert small_scorer.score_many([]) == []


def test_probabilities(small_scorer: Scorer, unseen_comments: list[Comment]) -> None:
    judgements = small_scorer.score_many([*COMMENTS, *unseen_comments[:120]])
    for j in judgements:
        assert 0 <= j.p_intolerable <= j.p_uncivil <= j.p_impolite <= 1
        assert j.incivility == j.p_uncivil
        assert all(0 <= p <= 1 for p in j.subtypes.values())
        assert tuple(j.subtypes) == SUBTYPES
        assert j.severity == severity_level(
            j.p_impolite, j.p_uncivil, j.p_intolerable, small_scorer.thresholds
        )
        assert j.action == small_scorer.policy.action(j.p_uncivil, j.p_intolerable)
        assert j.bundle == "petit@1"
    assert {j.action for j in judgements} == set(ACTIONS)
    assert {j.severity for j in judgements} >= {0, 2}


def test_stance_needs_a_target(small_scorer: Scorer) -> None:
    for comment, judgement in zip(COMMENTS, small_scorer.score_many(COMMENTS), strict=True):
        if comment.stance_target is None:
            assert (judgement.stance, judgement.stance_probabilities) == (None, {})
        else:
            assert tuple(judgement.stance_probabilities) == STANCES
            assert sum(judgement.stance_probabilities.values()) == pytest.approx(1, abs=1e-5)
            cuts = {s: small_scorer.thresholds.get(f"stance_{s}", 1.0) for s in STANCES}
            assert judgement.stance == max(STANCES, key=lambda s: judgement.stance_probabilities[s] / cuts[s])


def test_target_moves_stance_but_not_incivility(small_scorer: Scorer) -> None:
    text = "Je soutiens ce projet, il était temps."
    one, two, none = (
        small_scorer.score(Comment(id="1", text=text, target=target))
        for target in ("le projet", "les impôts locaux", None)
    )
    assert one.stance_probabilities != two.stance_probabilities
    assert one.p_uncivil == pytest.approx(two.p_uncivil, abs=1e-5)
    assert one.p_uncivil == pytest.approx(none.p_uncivil, abs=1e-5)


def test_columns_are_the_contract(small_scorer: Scorer) -> None:
    columns = small_scorer.score(COMMENTS[2], spans=True).columns()
    assert tuple(columns) == SCORE_COLUMNS
    reasons = json.loads(columns["reasons"])
    assert reasons
    assert all(set(r) == {"label", "begin", "end", "weight"} for r in reasons)
    json.dumps(columns, allow_nan=False)


def test_site_policy_takes_the_place_of_the_bundles(small_scorer: Scorer) -> None:
    strict = Scorer(small_scorer.bundle, Policy(review=0, hold=0, intolerable=0))
    assert strict.score(COMMENTS[6]).action == "hold"


def test_a_bundle_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such bundle folder"):
        Scorer.load(tmp_path / "absent")


LOG_ODDS = st.floats(-30, 30, width=32)


@given(st.lists(st.tuples(LOG_ODDS, LOG_ODDS, LOG_ODDS, LOG_ODDS), min_size=1, max_size=5))
def test_never_crossing(rows: list[tuple[float, float, float, float]]) -> None:
    logits = np.array(rows, np.float32)
    before = logits.copy()
    ordered = never_crossing(logits)
    assert (ordered[:, 0] >= ordered[:, 1]).all()
    assert (ordered[:, 1] >= ordered[:, 2]).all()
    np.testing.assert_array_equal(ordered[:, [1, 3]], before[:, [1, 3]])
    np.testing.assert_array_equal(logits, before)
    np.testing.assert_array_equal(never_crossing(ordered), ordered)


def test_a_newsrooms_rules_make_the_action_and_say_why(small_scorer: Scorer) -> None:
    rule = SiteRule(label="incivility", action="hold", section="Sports")
    scorer = Scorer(small_scorer.bundle, site=SitePolicy(rules=(rule,)))
    here = replace(COMMENTS[2], extra={"rubrique": "sports"})
    ruled, elsewhere = scorer.score_many([here, COMMENTS[2]])
    assert (ruled.action, ruled.action_reason) == ("hold", f"rule 1: {rule.text}")
    plain, _ = small_scorer.score_many([here, COMMENTS[2]])
    assert elsewhere.action == plain.action
    assert (ruled.columns() | {"action": plain.action}) == plain.columns()
