"""Acts of a browser: applied once however often they come, and taken back by their own name."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from data.errors import ConflictError, InputError, LeaseLostError, StoreError
from data.record import Comment, Labels
from data.store import QueueFilter, Store
from data.store.acts import SAME_TEXT, Act

ME = "Camille"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        same = [(Comment(id=f"d{n}", text="Torchon !"), {"incivility": 0.9}) for n in range(4)]
        other = [(Comment(id=f"c{n}", text=f"Remarque {n}"), {"incivility": 0.2}) for n in range(4)]
        opened.add_scored(same + other)
        yield opened


def made(kind: str, comment: str = "", version: int = 0, **more: Any) -> Act:
    return Act(id=str(uuid.uuid4()), kind=kind, comment_id=comment, version=version, **more)  # type: ignore[arg-type]


def test_an_act_sent_again_changes_nothing(store: Store) -> None:
    act = made("reject", "c0", labels=Labels(severity=2), reason="insult")
    first, second = store.perform(act, moderator=ME), store.perform(act, moderator=ME)
    assert (first.already, second.already) == (False, True)
    assert first.item == second.item
    assert [row.kind for row in store.journal()] == ["reject"]


def test_an_act_sent_again_after_its_undoing_stays_undone(store: Store) -> None:
    act = made("reject", "c0")
    back = made("undo", "c0", 1, undoes=act.id)
    for sent in (act, back, act, back):
        performed = store.perform(sent, moderator=ME)
    assert performed.already
    assert (store.item("c0").status, store.item("c0").version) == ("pending", 2)


def test_a_refused_act_may_come_again(store: Store) -> None:
    act = made("reject", "c0", 1)
    with pytest.raises(ConflictError):
        store.perform(act, moderator=ME)
    store.relabel("c0", Labels(severity=1), moderator="Dominique", version=0)
    assert not store.perform(act, moderator=ME).already
    assert store.item("c0").status == "rejected"


def test_undo_takes_back_that_act_and_no_other(store: Store) -> None:
    first, second = made("reject", "c0"), made("approve", "c1")
    for act in (first, second):
        store.perform(act, moderator=ME)
    with pytest.raises(ConflictError, match="another window"):
        store.perform(made("undo", "c0", 1, undoes=first.id), moderator=ME)
    assert store.item("c1").status == "approved"
    store.perform(made("undo", "c1", 1, undoes=second.id), moderator=ME)
    performed = store.perform(made("undo", "c0", 1, undoes=first.id), moderator=ME)
    assert performed.item is not None
    assert (performed.item.comment.id, performed.item.status) == ("c0", "pending")


def test_undo_without_a_name_goes_back_as_far_as_there_is(store: Store) -> None:
    store.decide("c0", "reject", moderator=ME, version=0)
    store.decide("c1", "approve", moderator=ME, version=0)
    restored = [store.perform(made("undo"), moderator=ME).item for _ in range(3)]
    assert [item and item.comment.id for item in restored] == ["c1", "c0", None]
    nothing = made("undo")
    assert store.perform(nothing, moderator=ME).item is None
    assert store.perform(nothing, moderator=ME).already


def test_undo_of_what_was_never_recorded_is_refused(store: Store) -> None:
    with pytest.raises(ConflictError, match="never recorded"):
        store.perform(made("undo", "c0", 1, undoes=str(uuid.uuid4())), moderator=ME)


def test_comments_of_one_text_are_decided_and_taken_back_together(store: Store) -> None:
    store.decide("d3", "approve", moderator="Dominique", version=0)
    act = made("reject", "d0", others=(("d1", 0), ("d2", 0), ("d3", 0)))
    assert store.perform(act, moderator=ME).left == ("d3",)
    statuses = [store.item(f"d{n}").status for n in range(4)]
    assert statuses == ["rejected", "rejected", "rejected", "approved"]
    assert {row.rule for row in store.journal() if row.batch} == {SAME_TEXT}
    labelled = {comment.id for comment in store.labelled() if comment.labelled_by == ME}
    assert labelled == {"d0"}, "only the comment that was read makes a label"
    store.perform(made("undo", "d0", 1, undoes=act.id), moderator=ME)
    assert [store.item(f"d{n}").status for n in range(4)] == ["pending", "pending", "pending", "approved"]


def test_another_moderators_lease_refuses_the_act_and_keeps_its_name_free(store: Store) -> None:
    store.lease("Dominique", QueueFilter(), limit=8)
    act = made("reject", "c0")
    with pytest.raises(LeaseLostError):
        store.perform(act, moderator=ME)
    store.release("Dominique")
    assert not store.perform(act, moderator=ME).already


def test_an_act_on_an_erased_comment_is_told(store: Store) -> None:
    store.erase("c0")
    with pytest.raises(StoreError, match="erased"):
        store.perform(made("reject", "c0"), moderator=ME)
    act = made("reject", "c1")
    store.perform(act, moderator=ME)
    store.erase("c1")
    assert store.perform(act, moderator=ME).item is None


@pytest.mark.parametrize("name", ["", "short", "a" * 65, "with space here", "'; DROP TABLE act"])
def test_names_that_no_browser_makes_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        Act(id=name, kind="reject", comment_id="c0")
