"""Many comments decided as one act, and taken back as one."""

from collections.abc import Iterator
from typing import Any

import pytest

from data.errors import ConflictError, InputError
from data.record import Comment, Labels
from data.store import QueueFilter, Store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        opened.add_scored(
            (
                Comment(id=f"c{i}", text=f"Commentaire {i}"),
                {"incivility": i / 10, "action": "review", "bundle": "b-1"},
            )
            for i in range(8)
        )
        yield opened


def state(store: Store) -> dict[str, str]:
    return {f"c{i}": store.item(f"c{i}").status for i in range(8)}


def seen(store: Store, *numbers: int) -> list[tuple[str, int]]:
    return [(f"c{i}", store.item(f"c{i}").version) for i in numbers]


def decide(store: Store, id_: str, verdict: Any, moderator: str = "anne", **given: Any) -> Any:
    return store.decide(id_, verdict, moderator=moderator, version=store.item(id_).version, **given)


def test_a_batch_writes_one_row_each_and_is_undone_whole(store: Store) -> None:
    decide(store, "c7", "skip")
    before = state(store)
    chosen = store.ids_in_range("incivility", 0.0, 0.3, QueueFilter(), 100)
    result = store.decide_many(chosen, "approve", moderator="anne", rule="incivility <= 0.3")
    assert (result.done, result.conflicts) == (4, ())
    rows = [row for row in store.journal() if row.batch == result.batch]
    assert {row.comment_id for row in rows} == {"c0", "c1", "c2", "c3"}
    assert {(row.kind, row.moderator, row.rule, row.bundle) for row in rows} == {
        ("approve", "anne", "incivility <= 0.3", "b-1")
    }
    assert [state(store)[f"c{i}"] for i in range(5)] == ["approved"] * 4 + ["pending"]
    assert store.item("c0").decided_by == "anne"
    assert store.item("c0").version == 1
    restored = store.undo("anne")
    assert restored is not None
    assert restored.comment.id == "c0"
    assert state(store) == before
    undone = [row for row in store.journal() if row.kind == "undo"]
    assert {row.undoes for row in undone} == {row.id for row in rows}
    assert {row.batch for row in undone} == {result.batch}
    # the act before the batch comes next, then nothing
    again = store.undo("anne")
    assert again is not None
    assert (again.comment.id, again.status) == ("c7", "pending")
    assert store.undo("anne") is None


def test_what_changed_or_is_held_is_left_alone_and_told(store: Store) -> None:
    chosen = [*seen(store, 0, 1, 2, 3), ("gone", 0)]
    decide(store, "c1", "reject", "bob")
    store.lease("bob", QueueFilter(low=0.2, high=0.2), limit=1)
    store.lease("anne", QueueFilter(low=0.3, high=0.3), limit=1)
    result = store.decide_many(chosen, "approve", moderator="anne", rule="r")
    assert (result.done, result.conflicts) == (2, ("c1", "c2", "gone"))
    assert state(store)["c1"] == "rejected"
    assert state(store)["c2"] == "pending"
    assert len(store.lease("zoe", QueueFilter(status="approved"))) == 2


def test_nobody_read_them_so_nothing_is_learned(store: Store) -> None:
    decide(store, "c0", "reject", labels=Labels(insult=1))
    store.decide_many(seen(store, 0, 1), "approve", moderator="anne", rule="r")
    learned = [(c.id, c.labels.given()) for c in store.labelled()]
    # what anne said of c0 herself stays hers, under her new verdict
    assert learned == [("c0", {"insult": 1, "incivility": 0})]
    store.undo("anne")
    assert [(c.id, c.labels.given()) for c in store.labelled()] == [("c0", {"insult": 1, "incivility": 1})]
    assert state(store)["c0"] == "rejected"


def test_what_others_did_since_stays(store: Store) -> None:
    first = store.decide_many(seen(store, 0, 1, 2), "approve", moderator="anne", rule="r")
    decide(store, "c1", "reject", "bob")
    with pytest.raises(ConflictError, match="nothing of this batch"):
        store.undo_batch(first.batch, "bob")
    result = store.undo_batch(first.batch, "anne")
    assert (result.batch, result.done, result.conflicts) == (first.batch, 2, ("c1",))
    assert [state(store)[f"c{i}"] for i in range(3)] == ["pending", "rejected", "pending"]
    # what could not be taken back does not bar the way to earlier acts
    assert store.undo("anne") is None
    with pytest.raises(ConflictError, match="nothing of this batch"):
        store.undo_batch(first.batch, "anne")
    second = store.decide_many(seen(store, 3), "approve", moderator="anne", rule="r")
    decide(store, "c3", "skip", "bob")
    with pytest.raises(ConflictError, match="nothing of this batch"):
        store.undo("anne")
    store.undo("bob")
    assert store.undo_batch(second.batch, "anne").done == 1


def test_ones_own_later_act_is_kept_too(store: Store) -> None:
    batch = store.decide_many(seen(store, 0, 1), "approve", moderator="anne", rule="r")
    decide(store, "c0", "reject")
    result = store.undo_batch(batch.batch, "anne")
    assert (result.done, result.conflicts) == (1, ("c0",))
    assert state(store)["c0"] == "rejected"
    back = store.undo("anne")
    assert back is not None
    assert (back.comment.id, back.status) == ("c0", "approved")


def test_erased_comments_of_a_batch_are_passed_over(store: Store) -> None:
    batch = store.decide_many(seen(store, 0, 1), "reject", moderator="anne", rule="r")
    store.erase("c0")
    assert store.undo_batch(batch.batch, "anne").done == 1


def test_a_reason_goes_into_every_row(store: Store) -> None:
    store.decide_many(seen(store, 6, 7), "reject", moderator="anne", rule="r", reason="insult")
    with store._reading() as connection:
        found = connection.exec_driver_sql("SELECT reason, statement FROM decision").all()
    assert [row[0] for row in found] == ["insult", "insult"]
    assert all("ensemble" in row[1] for row in found)
    with pytest.raises(InputError, match="reason"):
        store.decide_many(seen(store, 5), "approve", moderator="anne", rule="r", reason="insult")
    assert state(store)["c5"] == "pending"


def test_a_batch_needs_a_rule_a_name_and_a_verdict(store: Store) -> None:
    for rule in ("", "  ", "x" * 5000):
        with pytest.raises(InputError, match="rule"):
            store.decide_many(seen(store, 0), "approve", moderator="anne", rule=rule)
    with pytest.raises(InputError, match="name"):
        store.decide_many(seen(store, 0), "approve", moderator=" ", rule="r")
    with pytest.raises(ValueError, match="verdict"):
        store.decide_many(seen(store, 0), "publish", moderator="anne", rule="r")  # type: ignore[arg-type]
    nothing = store.decide_many([], "approve", moderator="anne", rule="r")
    assert (nothing.done, nothing.conflicts) == (0, ())
    assert store.undo("anne") is None
    assert store.journal() == []


def test_more_comments_than_a_statement_takes(store: Store) -> None:
    store.add_scored((Comment(id=f"n{i:04}", text=f"N {i}"), {"incivility": 0.95}) for i in range(1300))
    chosen = store.ids_in_range("incivility", 0.9, 1.0, QueueFilter(), 5000)
    assert len(chosen) == 1300
    assert store.decide_many(chosen, "skip", moderator="anne", rule="r").done == 1300
    assert store.status_counts(QueueFilter())["skipped"] == 1300
    store.undo("anne")
    assert store.status_counts(QueueFilter())["skipped"] == 0


def test_a_batch_never_waits_for_an_act_that_waits_for_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(postgres_url) as store:
        store.add_scored((Comment(id=f"c{i}", text=f"N {i}"), {"incivility": 0.5}) for i in range(3))
        with store._writing() as other:
            other.exec_driver_sql("SELECT 1 FROM comment WHERE id = 'c1' FOR UPDATE")
            result = store.decide_many(seen(store, 0, 1, 2), "approve", moderator="anne", rule="r")
            assert (result.done, result.conflicts) == (2, ("c1",))
        # one that is locked for a moment only is waited for
        opened = store._writing()
        other = opened.__enter__()
        other.exec_driver_sql("SELECT 1 FROM comment WHERE id = 'c1' FOR UPDATE")
        monkeypatch.setattr("time.sleep", lambda _: opened.__exit__(None, None, None))
        assert store.decide_many(seen(store, 1), "approve", moderator="anne", rule="r").done == 1
