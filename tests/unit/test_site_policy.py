"""The site policy: what its rules propose, and what its file may say."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from model.policy_file import (
    LARGEST,
    installed_policy,
    parse_policy,
    policy_path,
    policy_text,
    read_policy,
    save_policy,
)
from model.policy_site import RULE_ACTIONS, RULE_LABELS, SitePolicy, SiteRule, section_of

HOLD = SiteRule(label="insult", low=0.8, action="hold", name="insultes")
SPORTS = SiteRule(label="incivility", low=0.4, high=0.8, action="review", section="Sports")


@pytest.mark.parametrize(
    ("score", "action"), [(0.0, "publish"), (0.79, "publish"), (0.8, "hold"), (1.0, "hold")]
)
def test_a_range_holds_its_lower_end_and_one(score: float, action: str) -> None:
    assert SitePolicy(rules=[HOLD]).decide({"insult": score}, "publish").action == action


def test_the_upper_end_is_outside() -> None:
    policy = SitePolicy(rules=[SPORTS])
    assert policy.decide({"incivility": 0.8}, "publish", "sports").rules == ()
    assert policy.decide({"incivility": 0.79}, "publish", "sports").rules == (1,)


def test_a_section_is_the_same_in_upper_and_lower_case_and_no_other() -> None:
    policy, scores = SitePolicy(rules=[SPORTS]), {"incivility": 0.5}
    assert policy.decide(scores, "publish", " SPORTS ").action == "review"
    assert policy.decide(scores, "publish", "Politique").action == "publish"
    assert policy.decide(scores, "publish", None).action == "publish"


def test_no_rule_leaves_the_bundles_proposal_or_what_the_policy_says() -> None:
    assert SitePolicy(rules=[HOLD]).decide({"insult": 0.1}, "review").action == "review"
    ruling = SitePolicy(rules=[HOLD], otherwise="publish").decide({"insult": 0.1}, "review")
    assert (ruling.action, ruling.rules, ruling.reason) == ("publish", (), "no rule: otherwise publish")


def test_rules_that_agree_both_give_the_reason() -> None:
    policy = SitePolicy(rules=[HOLD, SiteRule(label="threat", low=0.5, action="hold")])
    ruling = policy.decide({"insult": 0.9, "threat": 0.6}, "publish")
    assert (ruling.action, ruling.rules, ruling.conflict) == ("hold", (1, 2), False)
    assert ruling.reason == "rule 1 (insultes): insult 0.8–1 → hold, rule 2: threat 0.5–1 → hold"


@pytest.mark.parametrize("other", [a for a in RULE_ACTIONS if a != "hold"])
def test_rules_that_disagree_send_the_comment_to_a_person(other: str) -> None:
    against = SiteRule(label="profanity", action=other)  # type: ignore[arg-type]
    policy = SitePolicy(rules=[HOLD, against], automatic=True)
    ruling = policy.decide({"insult": 0.9, "profanity": 0.2}, "publish")
    assert (ruling.action, ruling.conflict, ruling.decision) == ("review", True, None)
    assert "rule 1 (insultes) says hold" in ruling.reason
    assert f"rule 2 says {other}" in ruling.reason


@pytest.mark.parametrize(("action", "proposal"), [("approve", "publish"), ("reject", "hold")])
def test_nothing_is_decided_without_a_person_unless_switched_on(action: str, proposal: str) -> None:
    rule = SiteRule(label="incivility", low=0.9, action=action)  # type: ignore[arg-type]
    off = SitePolicy(rules=[rule]).decide({"incivility": 0.95}, "review")
    assert (off.action, off.decision) == (proposal, None)
    on = SitePolicy(rules=[rule], automatic=True).decide({"incivility": 0.95}, "review")
    assert (on.action, on.decision) == (proposal, action)


def test_a_score_that_is_missing_meets_no_rule() -> None:
    assert SitePolicy(rules=[HOLD]).decide({"insult": None}, "publish").rules == ()
    assert SitePolicy(rules=[HOLD]).decide({}, "publish").rules == ()


def test_conflicts_that_can_be_foreseen() -> None:
    low = SiteRule(label="insult", high=0.8, action="publish")
    wide = SiteRule(label="insult", low=0.5, action="review")
    elsewhere = SiteRule(label="insult", low=0.5, action="publish", section="Sports")
    here = SiteRule(label="insult", low=0.5, action="review", section="Culture")
    assert SitePolicy(rules=[low, HOLD]).conflicts() == []
    assert SitePolicy(rules=[low, HOLD, wide]).conflicts() == [(1, 3), (2, 3)]
    assert SitePolicy(rules=[elsewhere, here]).conflicts() == []
    assert SitePolicy(rules=[elsewhere, wide]).conflicts() == [(1, 2)]


def test_the_section_is_read_from_the_columns_that_ride_along() -> None:
    assert section_of({"section": "", "rubrique": "Culture"}) == "Culture"
    assert section_of({"section": 3}) == "3"
    assert section_of({}) is None


WRONG = [
    ("automatic = 1", "policy: entry automatic"),
    ('otherwise = "reject"', "policy: entry otherwise"),
    ("rule = 3", "policy: entry rule"),
    ("automatique = true", "policy: no such entry 'automatique'"),
    ("[[rule]]\nlabel = insult", "policy:2:9: is not TOML"),
    ('\n[[rule]]\nlabel = "insult"', "policy:2: rule 1: lacks the entry action"),
    ('[[rule]]\naction = "hold"', "policy:1: rule 1: lacks the entry label"),
    ('[[rule]]\nlabel = "stance"\naction = "hold"', "stance proposes no action"),
    ('[[rule]]\nlabel = "insulte"\naction = "hold"', "entry label: 'insulte' is none"),
    ('[[rule]]\nlabel = "insult"\naction = "ban"', "entry action: 'ban' is none"),
    ('[[rule]]\nlabel = "insult"\naction = "reject"', "automatic action is off"),
    ('[[rule]]\nlabel = "insult"\naction = "hold"\nfrom = 80', "entry from: 80 is no probability"),
    ('[[rule]]\nlabel = "insult"\naction = "hold"\nto = nan', "entry to: nan is no probability"),
    ('[[rule]]\nlabel = "insult"\naction = "hold"\nto = true', "entry to: True is no probability"),
    ('[[rule]]\nlabel = "insult"\naction = "hold"\nfrom = 0.6\nto = 0.6', "0.6 is not below 0.6"),
    ('[[rule]]\nlabel = "insult"\naction = "hold"\nsection = 3', "entry section is no name"),
    ('[[rule]]\nlabel = "insult"\naction = "hold"\nname = "a\\u0007b"', "entry name is no name"),
    ('[[rule]]\nlabel = "insult"\naction = "hold"\nseuil = 1', "no such entry 'seuil'"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=r".*") as caught:
        parse_policy(text)
    assert message in str(caught.value)
    assert caught.value.fix


def test_the_second_of_two_rules_is_named_by_its_line() -> None:
    good = '[[rule]]\nlabel = "insult"\naction = "hold"\n\n'
    with pytest.raises(InputError, match=r"^policy:5: rule 2: entry action"):
        parse_policy(good + good.replace("hold", "bann"))


RULES = st.builds(
    SiteRule,
    label=st.sampled_from(RULE_LABELS),
    action=st.sampled_from(RULE_ACTIONS),
    low=st.floats(0, 0.5),
    high=st.floats(0.5, 1, exclude_min=True),
    section=st.none() | st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=20),
    name=st.text(st.characters(categories=("L", "N", "P", "S")), max_size=20),
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(RULES, max_size=5), st.sampled_from(["bundle", "publish", "hold"]))
def test_what_is_written_is_read_back(rules: list[SiteRule], otherwise: str) -> None:
    policy = SitePolicy(rules=tuple(rules), otherwise=otherwise, automatic=True)  # type: ignore[arg-type]
    assert parse_policy(policy_text(policy)) == policy


def test_the_file_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "politique.toml"
    monkeypatch.setenv("COURTOIS_POLICY", str(path))
    assert installed_policy() is None
    save_policy(SitePolicy(rules=(HOLD,)), path)
    assert policy_path() == path
    assert installed_policy() == SitePolicy(rules=(HOLD,))


def test_without_a_file_there_is_no_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURTOIS_POLICY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert policy_path().name == "policy.toml"
    assert installed_policy() is None


def test_a_policy_that_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    rule = SiteRule(label="insult", action="reject")
    with pytest.raises(InputError, match="automatic action is off"):
        save_policy(SitePolicy(rules=(rule,)), path)
    assert not path.exists()


def test_files_that_are_no_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_policy(path)
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(InputError, match="too large"):
        read_policy(path)
    with pytest.raises(InputError, match="Is a directory"):
        read_policy(tmp_path)
    with pytest.raises(InputError):
        save_policy(SitePolicy(), tmp_path)


def test_too_many_rules() -> None:
    with pytest.raises(InputError, match="1001 rules"):
        parse_policy("[[rule]]\n" * 1001)
