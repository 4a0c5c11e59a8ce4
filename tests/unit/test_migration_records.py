"""Records of a Coral export, and what is kept of them."""

from typing import Any

import pytest
from coral_dump import act, revision

from training.migration import table as t
from training.migration.coral_record import (
    BANNED,
    EXTERNAL,
    STAFF,
    TOXIC,
    CoralAct,
    CoralComment,
    CoralFlag,
    moment,
    number,
    parse,
)
from training.migration.table import Table


def document(key: str = "c1", status: str = "NONE", **more: Any) -> dict[str, Any]:
    held = {"id": key, "storyID": "s1", "status": status, "revisions": [revision(f"{key}-r", "Oui", 0.3, 5)]}
    return held | {"createdAt": {"$date": 5}} | more


def comment(raw: dict[str, Any]) -> CoralComment:
    found = parse(raw)
    assert isinstance(found, CoralComment)
    return found


def test_the_last_revision_counts_with_its_own_score() -> None:
    revisions = [revision("r0", "Avant", 0.9, 1), revision("r1", "Après & mieux", None, 2)]
    found = comment(document(revisions=revisions))
    assert (found.text, found.score, found.revision) == ("Après & mieux", None, "r1")
    assert (found.revisions, found.calls, found.revised) == (2, 1, 5)


def test_an_html_body_becomes_what_coral_would_send() -> None:
    body = {"id": "r", "body": "<p>L&#39;idée<br>est <b>bonne</b></p><script>x</script>", "metadata": {}}
    assert comment(document(revisions=[body])).text == "L'idée\nest bonne"


@pytest.mark.parametrize("score", [1.5, -0.1, "0.5", True, None, float("nan"), [0.5], {"a": 1}, 10**400])
def test_what_is_no_score_is_none(score: Any) -> None:
    held = {"id": "r", "body": "Oui", "metadata": {"perspective": {"score": score, "model": "TOXICITY"}}}
    assert comment(document(revisions=[held])).score is None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (3, 3.0),
        ({"$numberDouble": "0.25"}, 0.25),
        ({"$numberLong": "7"}, 7.0),
        ({"$numberInt": "x"}, None),
        ({"$numberDouble": "NaN"}, None),
        ({"other": 3}, None),
    ],
)
def test_numbers_of_a_database(value: Any, read: float | None) -> None:
    assert number(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"$date": "1970-01-01T00:00:01Z"}, 1000),
        ("1970-01-01T01:00:01+01:00", 1000),
        ("1970-01-01T00:00:01", 1000),
        ({"$date": {"$numberLong": "1000"}}, 1000),
        (1000, 1000),
        ("hier", -1),
        (None, -1),
        (-5, -1),
        (2.0**60, -1),
    ],
)
def test_moments_of_a_database(value: Any, read: int) -> None:
    assert moment(value) == read


def test_flags_of_rules_are_read_wherever_coral_puts_them() -> None:
    counts = {"FLAG__COMMENT_DETECTED_BANNED_WORD": {"$numberInt": "1"}, "FLAG__COMMENT_DETECTED_TOXIC": 0}
    held = revision("r", "Oui", 0.3, 5) | {"actionCounts": counts}
    assert comment(document(revisions=[held])).flags == BANNED
    words = revision("r", "Oui", 0.3, 5, wordList={"bannedWords": [{"value": "x"}]})
    assert comment(document(revisions=[words])).flags == BANNED
    assert comment(document(tags=[{"type": "STAFF"}])).flags == STAFF
    graph = document(actionCounts={"flag": {"reasons": {"COMMENT_DETECTED_TOXIC": 2}}})
    assert comment(graph).flags == TOXIC
    phase = revision("r", "Oui", 0.3, 5, externalModeration=[{"result": {"status": "REJECTED"}}])
    assert comment(document(status="REJECTED", revisions=[phase])).flags == EXTERNAL
    assert comment(document(status="APPROVED", revisions=[phase])).flags == 0


def test_acts_flags_and_stories_are_told_apart() -> None:
    assert parse({"id": "s1", "url": "https://a.example/x", "metadata": {"title": "Titre"}}) is None
    found = parse(act("c1", "REJECTED", 9, rejectionReason={"code": "SPAM"}))
    assert found == CoralAct(comment="c1", revision="c1-r", status=2, person=True, other_reason=True, at=9)
    flag = {"commentID": "c1", "actionType": "FLAG", "reason": "COMMENT_DETECTED_BANNED_WORD", "userID": None}
    assert parse(flag) == CoralFlag(comment="c1", bits=BANNED)
    assert parse(flag | {"userID": "u1"}) == CoralFlag(comment="c1", bits=0)
    with pytest.raises(ValueError, match="no comment"):
        parse({"username": "Zoé"})
    with pytest.raises(ValueError, match="without an id"):
        parse({"body": "Oui", "status": "NONE"})


def latest(*records: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is kept, by id."""
    kept, names = Table(), {}
    for place, raw in enumerate(records):
        found = parse(raw)
        if isinstance(found, CoralComment):
            kept.add(place, found, 0.5)
            names[t.digest(found.id)] = found.id
        elif isinstance(found, CoralAct):
            kept.add_act(found)
        elif isinstance(found, CoralFlag):
            kept.add_flag(found)
    columns = kept.latest()
    return {
        names[int(key)]: {name: column[row].item() for name, column in columns.items()}
        for row, key in enumerate(columns["key"])
    }


def test_of_a_comment_exported_twice_the_newest_counts() -> None:
    newer = document(status="REJECTED", revisions=[revision("c1-r", "Non", 0.9, 50)])
    found = latest(newer, document(), document("c2"))
    assert found.keys() == {"c1", "c2"}
    assert (found["c1"]["old"], found["c1"]["place"]) == (0.9, 0)
    # Of two as new as each other, the later one.
    assert latest(document(), document(status="REJECTED"))["c1"]["place"] == 1


def verdict(*records: dict[str, Any]) -> int:
    return int(latest(*records)["c1"]["verdict"])


def test_a_decision_is_the_last_act_of_a_person_that_gave_the_status() -> None:
    refused = document(status="REJECTED")
    assert verdict(refused, act("c1", "REJECTED", 9)) == t.REFUSED
    assert verdict(act("c1", "REJECTED", 9), refused) == t.REFUSED
    assert verdict(document(status="APPROVED"), act("c1", "APPROVED", 9)) == t.KEPT
    # A moderator rejected, then Coral itself did again: the status is the rule's.
    system = act("c1", "REJECTED", 10, moderator=None)
    assert verdict(refused, act("c1", "REJECTED", 9), system) == t.RULE
    assert verdict(refused, system | {"createdAt": {"$date": 3}}, act("c1", "REJECTED", 9)) == t.REFUSED
    # Acts of another status do not speak of this one.
    assert verdict(refused, act("c1", "REJECTED", 9), act("c1", "APPROVED", 20, moderator=None)) == t.REFUSED
    assert verdict(refused, act("c2", "REJECTED", 9)) == t.RULE
    assert verdict(document(status="PREMOD"), act("c1", "REJECTED", 9)) == t.UNDECIDED


def test_other_reasons_and_earlier_revisions_are_kept_apart() -> None:
    refused = document(status="REJECTED")
    assert verdict(refused, act("c1", "REJECTED", 9, rejectionReason={"code": "SPAM"})) == t.OTHER
    assert verdict(refused, act("c1", "REJECTED", 9, rejectionReason={"code": "ABUSIVE"})) == t.REFUSED
    assert verdict(refused, act("c1", "REJECTED", 9, commentRevisionID="c1-r0")) == t.EARLIER


def test_without_acts_the_status_decides_unless_a_rule_shows() -> None:
    assert verdict(document(status="REJECTED")) == t.REFUSED
    assert verdict(document(status="APPROVED", tags=[{"type": "STAFF"}])) == t.RULE
    flag = {"commentID": "c1", "actionType": "FLAG", "reason": "COMMENT_DETECTED_BANNED_WORD"}
    assert verdict(document(status="REJECTED"), flag) == t.RULE
    inside = document(status="REJECTED", statusHistory=[act("c1", "REJECTED", 9)])
    assert verdict(inside, document("c2", status="APPROVED")) == t.REFUSED


def test_an_empty_table_has_no_rows() -> None:
    assert all(len(column) == 0 for column in Table().latest().values())
