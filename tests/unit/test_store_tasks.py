"""Lists of what to label: who may do what, and what is left of it."""

from collections.abc import Iterator

import pytest

from data.errors import ConflictError
from data.record import Comment, Labels
from data.store import Draft, Store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        scores = {"incivility": 0.5, "action": "review"}
        opened.add_scored((Comment(id=str(i), text=f"Texte {i}"), scores) for i in range(5))
        yield opened


def test_the_pool_holds_what_nobody_labelled_or_listed(store: Store) -> None:
    store.decide("0", "approve", moderator="anne", version=0)
    store.list_tasks([Draft(comment_id="1", kind="active")])
    store.import_labels([Comment(id="neuf", text="x", labels=Labels(insult=1))], annotator="anne")
    assert [comment.id for comment, _ in store.pool()] == ["2", "3", "4"]


def test_a_comment_is_listed_once_for_one_purpose(store: Store) -> None:
    drafts = [Draft(comment_id="1", kind="active"), Draft(comment_id="1", kind="blind")]
    assert store.list_tasks(drafts) == 2
    assert store.list_tasks(drafts) == 0


def test_two_people_cannot_do_one_task(store: Store) -> None:
    store.list_tasks([Draft(comment_id="1", kind="blind")])
    anne, bob = store.next_task("anne"), store.next_task("bob")
    assert anne is not None
    assert bob is not None
    store.finish_task(anne[0], Labels(severity=2), annotator="anne", version=anne[1].version)
    with pytest.raises(ConflictError):
        store.finish_task(bob[0], Labels(severity=0), annotator="bob", version=bob[1].version)
    assert [(c.labelled_by, c.labels.severity) for c in store.labelled()] == [("anne", 2)]
    assert store.next_task("bob") is None
    assert store.waiting_tasks("bob") == 0


def test_a_conflict_on_the_comment_leaves_the_task_open(store: Store) -> None:
    store.list_tasks([Draft(comment_id="1", kind="second")])
    found = store.next_task("anne")
    assert found is not None
    store.decide("1", "approve", moderator="bob", version=0)
    with pytest.raises(ConflictError):
        store.finish_task(found[0], Labels(severity=2), annotator="anne", version=found[1].version)
    assert store.waiting_tasks("anne") == 1
    assert store.waiting_tasks("bob") == 0


def test_an_answer_taken_back_is_asked_for_again(store: Store) -> None:
    store.list_tasks([Draft(comment_id="1", kind="blind")])
    for severity in (2, 0):
        found = store.next_task("anne")
        assert found is not None
        store.finish_task(found[0], Labels(severity=severity), annotator="anne", version=found[1].version)
        assert store.next_task("anne") is None
        if severity:
            store.undo("anne")
    assert [c.labels.severity for c in store.labelled()] == [0]


def test_a_repeat_keeps_the_first_word_and_the_second(store: Store) -> None:
    store.decide("1", "reject", moderator="anne", version=0, labels=Labels(severity=3))
    assert store.read_once() == [("1", "anne")]
    store.list_tasks([Draft(comment_id="1", kind="repeat", annotator="anne")])
    assert store.read_once() == []
    assert store.next_task("bob") is None
    found = store.next_task("anne")
    assert found is not None
    store.finish_task(found[0], Labels(severity=1), annotator="anne", version=found[1].version)
    assert [(i, w, a.severity, b.severity) for i, w, a, b in store.repeats()] == [("1", "anne", 3, 1)]
    assert [c.labels.severity for c in store.labelled()] == [3]


@pytest.mark.parametrize(("source", "marked"), [("review", False), ("label-studio", True)])
def test_only_blind_answers_are_marked_blind(store: Store, source: str, marked: bool) -> None:
    """In the queue the score was in sight; in another tool it was not."""
    store.list_tasks([Draft(comment_id="1", kind="blind")])
    row = Comment(id="1", text="Texte 1", labels=Labels(severity=1), source=source)
    store.import_labels([row], annotator="anne")
    (said,) = store.labelled()
    assert (said.extra.get("sampling") == "blind") is marked


def test_erasure_takes_tasks_along(store: Store) -> None:
    store.decide("1", "reject", moderator="anne", version=0, labels=Labels(severity=3))
    store.list_tasks(
        [Draft(comment_id="1", kind="repeat", annotator="anne"), Draft(comment_id="2", kind="blind")]
    )
    store.erase("1")
    assert store.waiting_tasks("anne") == 1
    assert store.repeats() == []
