"""Ranges of scores: their chart, their rule, and deciding them as one act."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.record import Comment
from data.store import QueueFilter, Store
from data.store.journal_records import JournalFilter
from training.review import batch_view
from training.review.batch_view import PICK, Range

SCORES = (0.2, 0.5, 0.8, 0.9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "lots.sqlite3")) as opened:
        opened.add_scored(
            (
                Comment(id=f"c{n}", text=f"Avis {n}", extra={"section": "Sports" if n < 3 else "Culture"}),
                {"incivility": score, "action": "review"},
            )
            for n, score in enumerate(SCORES)
        )
        yield opened


def statuses(store: Store) -> list[str]:
    return [store.item(f"c{n}").status for n in range(4)]


def test_a_range_holds_both_its_ends(store: Store) -> None:
    chosen = Range("incivility", 0.5, 0.8, QueueFilter())
    assert [id_ for id_, _ in chosen.seen(store)] == ["c2", "c1"]
    assert Range("incivility", 0.8, 0.5, QueueFilter()).seen(store) == []


def test_both_sides_of_both_bounds(store: Store) -> None:
    chosen = Range("incivility", 0.5, 0.8, QueueFilter())
    assert chosen.lines() == [0.5, 0.8]
    under, above = chosen.beside(store, 0.5)
    assert [i.comment.id for i in under] == ["c0"]
    assert [i.comment.id for i in above] == ["c1", "c2", "c3"]
    under, above = chosen.beside(store, 0.8)
    assert [i.comment.id for i in under] == ["c2", "c1", "c0"]  # 0.8 itself is inside
    assert [i.comment.id for i in above] == ["c3"]
    assert Range("incivility", 0.0, 1.0, QueueFilter()).lines() == []
    assert Range("incivility", 0.5, 0.5, QueueFilter()).lines() == [0.5]


def test_a_batch_is_one_act_with_its_rule_and_is_taken_back_whole(store: Store) -> None:
    chosen = Range("incivility", 0.5, 1.0, QueueFilter(section="Sports"))
    outcome, batch = batch_view.decide(store, chosen, chosen.seen(store), "reject", moderator="Camille")
    assert (outcome.level, statuses(store)) == ("success", ["pending", "rejected", "rejected", "pending"])
    assert "2" in outcome.message
    written = list(store.journal_entries(JournalFilter()))
    assert {entry.rule for entry in written} == {chosen.rule}
    assert {entry.batch for entry in written} == {batch}
    assert batch is not None
    assert batch_view.undo(store, batch, moderator="Camille").level == "success"
    assert statuses(store) == ["pending"] * 4
    assert batch_view.undo(store, batch, moderator="Camille").level == "warning"


def test_what_was_decided_meanwhile_is_left_and_told(store: Store) -> None:
    chosen = Range("incivility", 0.5, 1.0, QueueFilter())
    seen = chosen.seen(store)
    store.decide("c1", "approve", moderator="Zoé", version=store.item("c1").version)
    outcome, batch = batch_view.decide(store, chosen, seen, "reject", moderator="Camille")
    assert (outcome.level, batch is not None) == ("warning", True)
    assert statuses(store) == ["pending", "approved", "rejected", "rejected"]
    again, nothing = batch_view.decide(store, chosen, seen, "approve", moderator="Camille")
    assert (again.level, nothing) == ("warning", None)


def test_a_batch_that_was_decided_again_is_taken_back_in_part(store: Store) -> None:
    chosen = Range("incivility", 0.5, 1.0, QueueFilter())
    _, batch = batch_view.decide(store, chosen, chosen.seen(store), "escalate", moderator="Camille")
    assert statuses(store) == ["pending", "to_review", "to_review", "to_review"]
    store.decide("c1", "approve", moderator="Zoé", version=store.item("c1").version)
    assert batch is not None
    outcome = batch_view.undo(store, batch, moderator="Camille")
    assert outcome.level == "warning"
    assert statuses(store) == ["pending", "approved", "pending", "pending"]


def test_the_chart_colours_the_range_and_can_be_drawn_on() -> None:
    frame = batch_view.histogram_frame([1, 2, 3, 4], 0.5, 0.75)
    assert frame["inside"].tolist() == [False, False, True, False]
    assert frame["count"].sum() == 10
    made = batch_view.chart(frame).to_dict()
    assert made["params"][0] == {"name": PICK, "select": {"type": "interval", "encodings": ["x"]}}


@pytest.mark.parametrize(
    ("event", "bounds"),
    [
        (None, None),
        ({}, None),
        ({"selection": {}}, None),
        ({"selection": {PICK: {"start": [0.3]}}}, None),
        ({"selection": {PICK: {"start": [0.9, 0.3]}}}, (0.3, 0.9)),
        ({"selection": {PICK: {"start": [-0.2, 1.7]}}}, (0.0, 1.0)),
    ],
)
def test_what_was_drawn(event: object, bounds: tuple[float, float] | None) -> None:
    assert batch_view.picked(event) == bounds
