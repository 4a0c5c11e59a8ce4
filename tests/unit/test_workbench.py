"""The desk: what a browser is answered, whatever it sends and however often."""

import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.errors import BundleError
from data.record import Comment
from data.store import QueueFilter, QueueItem, Store
from model.judgement import Reason
from training.review.people import Person
from training.review.strings_fr import TEXTS as FR
from training.review.workbench import component
from training.review.workbench.cards import MAX_SHOWN, card
from training.review.workbench.desk import FIRST, PREFETCH, Desk
from training.review.workbench.explainer import Explainer
from training.review.workbench.wire import MAX_HELD, Ask, read_act, read_ask

CAMILLE = Person("Camille", "moderateur", single_user=False)
DOMINIQUE = Person("Dominique", "moderateur", single_user=False)


def explain(item: QueueItem) -> tuple[tuple[Reason, ...], str | None]:
    return (Reason("incivility", 0, 4, 1.0),), None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "s.sqlite3")) as opened:
        rows = [
            (Comment(id=f"c{n:03d}", text=f"Remarque {n}", thread_id="t"), {"incivility": 1 - n / 400})
            for n in range(300)
        ]
        opened.add_scored(rows)
        yield opened


def desk_of(store: Store, person: Person = CAMILLE) -> Desk:
    return Desk(store, person, Explainer(explain))


def ask(desk: Desk, *log: dict[str, Any], seq: int = 1, mount: str = "m", **more: Any) -> dict[str, Any]:
    message = {"mount": mount, "seq": seq, "me": desk.person.name, "queue": desk.queue, "log": list(log)}
    return desk.answer(read_ask(message | more))


def entry(kind: str, comment: str, version: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": kind, "comment": comment, "version": version, **more}


def ids(answer: dict[str, Any]) -> list[str]:
    return [one["id"] for one in answer["items"]]


def test_the_first_page_is_short_and_the_rest_follows(store: Store) -> None:
    desk = desk_of(store)
    first = ids(desk.answer(Ask()))
    assert len(first) == FIRST
    more = ids(ask(desk, have=first, want=PREFETCH - FIRST))
    assert len({*first, *more}) == PREFETCH
    assert ids(ask(desk, have=[*first, *more], want=0, seq=2)) == []


def test_nobody_hoards_the_queue(store: Store) -> None:
    desk, held = desk_of(store), [f"x{n}" for n in range(MAX_HELD - 3)]
    assert len(ids(ask(desk, have=held, want=10_000))) == 3
    assert ids(ask(desk, have=[*held, "a", "b", "c"], want=10_000, seq=2)) == []


def test_a_log_is_applied_once_by_whatever_server_reads_it(store: Store) -> None:
    log = [entry("reject", "c000"), entry("approve", "c001"), entry("label", "c002", labels={"severity": 1})]
    first = ask(desk_of(store), *log)
    again = ask(desk_of(store), *log, mount="after a crash")
    assert [ack["state"] for ack in first["acks"] + again["acks"]] == ["done"] * 6
    assert len(store.journal()) == 3


def test_a_chain_on_one_comment_holds_in_one_message(store: Store) -> None:
    one = entry("approve", "c000")
    back = entry("undo", "c000", 1, undoes=one["id"])
    acks = ask(desk_of(store), one, back, entry("reject", "c000", 2))["acks"]
    assert [ack["state"] for ack in acks] == ["done"] * 3
    assert (store.item("c000").status, store.item("c000").version) == ("rejected", 3)


def test_what_follows_a_refused_act_is_refused_too(store: Store) -> None:
    store.decide("c000", "reject", moderator="Dominique", version=0)
    one = entry("approve", "c000")
    back = entry("undo", "c000", 1, undoes=one["id"])
    acks = ask(desk_of(store), one, back)["acks"]
    assert [ack["state"] for ack in acks] == ["conflict", "conflict"]
    assert store.item("c000").decided_by == "Dominique"


def test_an_act_left_by_someone_else_waits_for_them(store: Store) -> None:
    left = entry("reject", "c000")
    answer = ask(desk_of(store, DOMINIQUE), left, me="Camille", want=0)
    assert answer["acks"] == []
    assert store.item("c000").status == "pending"
    assert ask(desk_of(store), left)["acks"][0]["state"] == "done"


def test_who_may_only_read_decides_nothing_and_holds_nothing(store: Store) -> None:
    desk = desk_of(store, Person("Léa", "lecture", single_user=False))
    answer = ask(desk, entry("reject", "c000"), beat=True, have=["c000"])
    assert (answer["acks"][0]["state"], answer["acks"][0]["message"]) == ("refused", FR["queue.may_not"])
    assert (store.item("c000").status, answer["lost"]) == ("pending", [])
    assert len(ids(ask(desk_of(store)))) == FIRST


def test_what_someone_else_took_is_told_at_the_next_beat(store: Store) -> None:
    desk = desk_of(store)
    held = ids(desk.answer(Ask()))
    store.release("Camille", held[:2])
    store.lease("Dominique", QueueFilter(), limit=2)
    assert ask(desk, have=held, want=0, beat=True)["lost"] == held[:2]
    assert ask(desk, have=held, want=0, seq=2)["lost"] == []


def test_another_queue_frees_what_was_held(store: Store) -> None:
    desk = desk_of(store)
    held = ids(desk.answer(Ask()))
    before, desk.filter = desk.queue, QueueFilter(low=0.5, high=0.6)
    fresh = ids(ask(desk, have=held, queue=before))
    assert fresh
    assert not set(fresh) & set(held)
    assert ids(desk_of(store, DOMINIQUE).answer(Ask())) == held


def test_an_erased_comment_does_not_stop_the_log(store: Store) -> None:
    store.erase("c000")
    acks = ask(desk_of(store), entry("reject", "c000"), entry("reject", "c001"))["acks"]
    assert [(ack["state"], ack["message"]) for ack in acks] == [
        ("conflict", FR["queue.conflict.gone"]),
        ("done", None),
    ]


def test_the_same_decision_from_two_windows_is_no_conflict(store: Store) -> None:
    acks = ask(desk_of(store), entry("reject", "c000"), entry("reject", "c000"), entry("approve", "c000"))[
        "acks"
    ]
    assert [ack["state"] for ack in acks] == ["done", "done", "conflict"]
    assert acks[2]["message"] == FR["queue.conflict.self"].format(status=FR["status.rejected"])


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "text",
        {"seq": -1, "have": "abc", "log": {"a": 1}, "mount": 5, "want": "x"},
        {"have": [None, 3, "", "x" * 5000], "near": [[]], "full": {}, "queue": "q" * 500, "seq": True},
    ],
)
def test_nonsense_counts_as_not_said(message: object) -> None:
    read = read_ask(message)
    assert (read.have, read.near, read.log, read.full, read.queue) == ((), (), (), None, "")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "erase"},
        {"kind": "approve", "version": "1"},
        {"kind": "approve", "version": True},
        {"comment": ""},
        {"comment": 5},
        {"reason": "because"},
        {"labels": {"severity": 9}},
    ],
)
def test_an_act_without_sense_is_refused_not_guessed(store: Store, change: dict[str, Any]) -> None:
    bad = entry("reject", "c000") | change
    answer = ask(desk_of(store), bad, entry("reject", "c001"))
    assert (answer["acks"][0]["act"], answer["acks"][0]["state"]) == (bad["id"], "refused")
    assert store.item("c000").status == "pending"
    assert store.item("c001").status == "rejected"


def test_a_reason_goes_with_a_rejection_only() -> None:
    assert read_act(entry("reject", "c0", reason="insult")).reason == "insult"
    assert read_act(entry("approve", "c0", reason="insult")).reason is None


def test_a_very_long_text_is_sent_whole_on_request(store: Store) -> None:
    text = "mot " * 10_000
    store.add_scored([(Comment(id="long", text=text), {"incivility": 1.0})])
    item = store.item("long")
    assert (len(card(item)["text"]), card(item)["size"]) == (MAX_SHOWN, len(text))
    assert ask(desk_of(store), full="long")["full"]["text"] == text


def test_evidence_comes_for_what_is_near_and_is_kept(store: Store) -> None:
    desk = desk_of(store)
    assert ask(desk, near=["c000", "c001"])["wait"]
    assert desk.explainer.wait(10)
    answer = ask(desk, near=["c000", "c001"], seq=2)
    assert not answer["wait"]
    assert answer["evidence"]["c000"]["labels"][0]["spans"] == [[0, 4, 3, 1.0]]


def test_only_the_last_wish_of_a_fast_hand_is_explained(store: Store) -> None:
    explained: list[str] = []

    def slow(item: QueueItem) -> tuple[tuple[Reason, ...], str | None]:
        time.sleep(0.05)
        explained.append(item.comment.id)
        return (), None

    explainer = Explainer(slow)
    for n in range(40):
        explainer.ask("Camille", [store.item(f"c{n:03d}")])
    assert explainer.wait(10)
    assert "c039" in explained
    assert len(explained) < 40


def test_a_broken_model_is_told_beside_the_comment(store: Store) -> None:
    def refuse(item: QueueItem) -> tuple[tuple[Reason, ...], str | None]:
        raise BundleError("damaged bundle")

    explainer = Explainer(refuse)
    explainer.ask("Camille", [store.item("c000")])
    assert explainer.wait(10)
    assert explainer.ask("Camille", [store.item("c000")])["c000"]["error"] == "damaged bundle"


def test_the_program_writes_comments_as_text_and_asks_for_texts_that_exist() -> None:
    source = component.program()
    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", source
    )
    texts = {name.removeprefix("desk.") for name in FR if name.startswith("desk.")}
    asked = set(re.findall(r'say\("([a-z_.]+)"', source))
    assert asked <= texts
    quoted = set(re.findall(r'"([a-z_.]+)"', source))
    dynamic = re.compile(r"^done\.|\.help$")
    assert [name for name in texts if name not in quoted and not dynamic.search(name)] == []
