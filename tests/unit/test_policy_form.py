"""The site policy as people edit it, and what it does to comments that wait."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data.errors import InputError
from data.record import Comment
from data.store import Store
from data.store.journal_records import JournalFilter
from model.policy_site import SitePolicy, SiteRule
from training.review import policy_form

THRESHOLDS = {"review": 0.5, "hold": 0.8, "hold_intolerable": 0.9}
POLICY = SitePolicy(
    rules=(
        SiteRule(label="insult", low=0.5, action="hold", section="Sports", name="insultes"),
        SiteRule(label="incivility", low=0.2, high=0.4, action="review"),
    ),
    otherwise="publish",
)


def test_a_table_says_the_policy_it_was_made_of() -> None:
    frame = policy_form.rules_frame(POLICY)
    assert policy_form.policy_of(frame, otherwise="publish", automatic=False) == POLICY
    assert list(policy_form.rules_frame(SitePolicy()).columns) == list(policy_form.COLUMNS)
    assert policy_form.policy_of(
        policy_form.rules_frame(SitePolicy()), otherwise="bundle", automatic=False
    ) == SitePolicy(rules=())


def test_unfinished_rows_are_left_out_and_wrong_ones_are_named() -> None:
    empty = {"name": None, "label": None, "low": float("nan"), "high": None, "section": None, "action": None}
    good = empty | {"label": "insult", "action": "hold"}
    read = policy_form.policy_of(pd.DataFrame([empty, good]), otherwise="bundle", automatic=False)
    assert read.rules == (SiteRule(label="insult", action="hold"),)
    wrong = [good, good | {"low": 0.9, "high": 0.2}, good | {"action": None}, good | {"action": "reject"}]
    for rows, message in (
        (wrong[:2], "rule 2: entries from and to"),
        ([wrong[2]], "rule 1: entry action"),
        ([wrong[3]], "automatic action is off"),
    ):
        with pytest.raises(InputError, match=message):
            policy_form.policy_of(pd.DataFrame(rows), otherwise="bundle", automatic=False)


def test_thresholds_become_rules_of_their_section() -> None:
    after = policy_form.with_lines(POLICY, {"insult": 0.7, "threat": 1.0}, section="Sports", action="review")
    assert after.rules[0] == POLICY.rules[1]
    assert after.rules[1:] == (SiteRule(label="insult", low=0.7, action="review", section="Sports"),)
    assert after.otherwise == "publish"
    every = policy_form.with_lines(POLICY, {"insult": 0.7}, section=None, action="review")
    assert len(every.rules) == 3  # the rule of the section stays


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "politique.sqlite3")) as opened:
        opened.add_scored(
            (
                Comment(
                    id=f"c{n}",
                    text=f"Avis {n}",
                    extra={"rubrique": "Sports"},
                    author="lectrice",
                    thread_id="t",
                ),
                {"incivility": p, "p_uncivil": p, "p_intolerable": p / 2, "insult": p, "action": "publish"},
            )
            for n, p in enumerate((0.1, 0.3, 0.6, 0.95))
        )
        opened.add_scored([(Comment(id="bare", text="Sans scores"), {})])
        yield opened


def actions(store: Store) -> list[str]:
    return [str(store.item(f"c{n}").scores["action"]) for n in range(4)]


def reasons(store: Store) -> list[str | None]:
    return [found.reason for found in store.search_journal(JournalFilter())]


def test_a_policy_changes_what_is_proposed_for_what_waits(store: Store) -> None:
    store.decide("c3", "approve", moderator="a", version=store.item("c3").version)
    done = policy_form.apply(store, POLICY, THRESHOLDS, moderator="a")
    assert done == policy_form.Applied(comments=3, changed=2, decided=0)
    assert actions(store) == ["publish", "review", "hold", "publish"]
    item = store.item("c2")
    assert item.scores["action_reason"] == f"rule 1 (insultes): {POLICY.rules[0].text}"
    assert (item.status, item.comment.extra) == ("pending", {"rubrique": "Sports"})
    assert "action_reason" not in store.item("c0").scores  # no rule met it: its row is as it was
    assert policy_form.apply(store, POLICY, THRESHOLDS, moderator="a").changed == 0


def test_the_bundles_own_proposal_comes_back_where_no_rule_speaks(store: Store) -> None:
    policy_form.apply(store, POLICY, THRESHOLDS, moderator="a")
    policy_form.apply(store, SitePolicy(), THRESHOLDS, moderator="a")
    assert actions(store) == ["publish", "publish", "review", "hold"]


def test_nothing_is_decided_without_automatic_action(store: Store) -> None:
    rule = SiteRule(label="incivility", low=0.9, action="reject")
    done = policy_form.apply(store, SitePolicy(rules=(rule,)), THRESHOLDS, moderator="a")
    assert (done.decided, store.item("c3").status) == (0, "pending")


def test_automatic_decisions_are_a_batch_of_their_rule(store: Store) -> None:
    rules = (
        SiteRule(label="incivility", low=0.9, action="reject", name="les pires"),
        SiteRule(label="incivility", high=0.2, action="approve"),
    )
    done = policy_form.apply(store, SitePolicy(rules=rules, automatic=True), THRESHOLDS, moderator="a")
    assert done.decided == 2
    assert [store.item(f"c{n}").status for n in range(4)] == ["approved", "pending", "pending", "rejected"]
    assert list(store.labelled()) == []  # nobody read them: nothing is learnt of it
    reject, approve = sorted(
        (found for found in store.search_journal(JournalFilter()) if found.kind in ("reject", "approve")),
        key=lambda found: found.kind == "approve",
    )
    assert (reject.reason, approve.reason, approve.statement) == ("insult", None, None)
    assert reject.statement is not None
    assert "par une règle automatique" in reject.statement
    assert store.undo("a") is not None
    assert [store.item(f"c{n}").status for n in (0, 3)].count("pending") == 1


def test_a_rule_on_a_low_score_gives_its_own_label_as_the_reason(store: Store) -> None:
    rules = (SiteRule(label="insult", low=0.25, high=0.4, action="reject"),)
    policy_form.apply(store, SitePolicy(rules=rules, automatic=True), THRESHOLDS, moderator="a")
    assert reasons(store) == ["insult"]
    vague = (SiteRule(label="incivility", low=0.05, high=0.2, action="reject"),)
    policy_form.apply(store, SitePolicy(rules=vague, automatic=True), THRESHOLDS, moderator="a")
    assert reasons(store) == [None, "insult"]  # no subtype to name
