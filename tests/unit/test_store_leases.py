"""Leases: two moderators never get the same comment, and who lost one is told."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import ConflictError, InputError, LeaseLostError, StoreError
from data.record import Comment, Labels
from data.store import QueueFilter, Store, leases

ROOT = Path(__file__).parents[2]
PENDING = QueueFilter()


def fill(store: Store, number: int) -> None:
    store.add_scored(
        (
            Comment(id=f"c{i:03}", text=f"Commentaire {i}", extra={"site": "lyon" if i % 2 else "paris"}),
            {"incivility": 1 - i / 1000, "action": "review"},
        )
        for i in range(number)
    )


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        fill(opened, 12)
        yield opened


class Clock:
    """The database's time, moved by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> "Clock":
        real = leases.clock

        def told(connection: Any) -> datetime:
            return real(connection) + self.ahead

        monkeypatch.setattr(leases, "clock", told)
        return self


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock().install(monkeypatch)


def take(store: Store, who: str, limit: int = 3, chosen: QueueFilter = PENDING, **given: Any) -> list[str]:
    return [item.comment.id for item in store.lease(who, chosen, limit=limit, **given)]


def approve(store: Store, who: str, id_: str) -> Any:
    return store.decide(id_, "approve", moderator=who, version=store.item(id_).version)


def test_each_gets_other_comments_and_the_same_ones_again(store: Store) -> None:
    assert take(store, "anne") == ["c000", "c001", "c002"]
    assert take(store, "bob") == ["c003", "c004", "c005"]
    assert take(store, " anne ") == ["c000", "c001", "c002"]
    assert take(store, "zoe", 2, QueueFilter(site="lyon")) == ["c007", "c009"]
    assert take(store, "bob", 2, exclude=["c003", "c005"]) == ["c004", "c006"]
    assert take(store, "eve", 100) == ["c008", "c010", "c011"]
    assert take(store, "max") == []
    assert take(store, "max", 0) == []
    with pytest.raises(InputError, match="name"):
        take(store, " ")


def test_decided_comments_leave_room(store: Store) -> None:
    take(store, "anne")
    approve(store, "anne", "c001")
    assert take(store, "anne") == ["c000", "c002", "c003"]
    # nothing of the lease stays on what was decided
    store.decide("c001", "reject", moderator="bob", version=store.item("c001").version)


def test_a_comment_that_another_holds_cannot_be_decided(store: Store) -> None:
    take(store, "anne")
    with pytest.raises(LeaseLostError, match="'c000' is being looked at by anne") as caught:
        approve(store, "bob", "c000")
    assert isinstance(caught.value, ConflictError)
    assert store.item("c000").status == "pending"
    assert store.journal() == []
    approve(store, "bob", "c009")
    # labels alone are no verdict: the work lists go on beside the queue
    store.relabel("c002", Labels(insult=1), moderator="bob", version=0)


def test_a_lease_runs_out(store: Store, clock: Clock) -> None:
    take(store, "anne", seconds=60)
    clock.ahead = timedelta(seconds=59)
    assert take(store, "bob", 1) == ["c003"]
    assert store.renew("anne", ["c000", "c001", "c003", "gone"], 60) == {"c000", "c001"}
    clock.ahead = timedelta(seconds=61)
    assert take(store, "bob", 2) == ["c002", "c003"]
    with pytest.raises(LeaseLostError):
        approve(store, "anne", "c002")
    assert store.renew("anne", ["c000", "c001", "c002"], 60) == {"c000", "c001"}
    # run out, but free: what is on the screen may still be decided, and is held again when renewed
    clock.ahead = timedelta(seconds=600)
    assert store.renew("anne", ["c001"], 60) == {"c001"}
    approve(store, "anne", "c000")
    assert take(store, "zoe", 1) == ["c002"]


def test_release(store: Store) -> None:
    take(store, "anne")
    store.release("anne", ["c000", "c003", "gone"])
    assert take(store, "bob", 1) == ["c000"]
    store.release("anne")
    assert take(store, "bob", 3) == ["c000", "c001", "c002"]
    store.release("anne")
    assert store.renew("anne", ["c000", "c001"]) == set()


def test_one_comment_by_its_id(store: Store, clock: Clock) -> None:
    assert store.claim("anne", "c005").comment.id == "c005"
    assert take(store, "bob", 6)[-1] == "c006"
    with pytest.raises(LeaseLostError):
        store.claim("bob", "c005")
    with pytest.raises(StoreError, match="no comment 'gone'"):
        store.claim("bob", "gone")
    clock.ahead = timedelta(seconds=121)
    assert store.claim("bob", "c005").version == 0
    approve(store, "bob", "c005")
    assert store.claim("anne", "c005").status == "approved"


def test_erasing_takes_the_lease_along(store: Store) -> None:
    take(store, "anne")
    assert store.erase("c000")
    assert store.renew("anne", ["c000", "c001"]) == {"c001"}


def work(store: Store, who: str) -> list[str]:
    """Take a few, decide them, until nothing is left; ids decided."""
    done = []
    while batch := store.lease(who, PENDING, limit=3):
        for item in batch:
            store.decide(item.comment.id, "approve", moderator=who, version=item.version)
            done.append(item.comment.id)
    return done


def test_six_threads_share_a_queue_without_one_conflict(store_url: str) -> None:
    with Store.open(store_url) as store:
        fill(store, 90)
        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(lambda who: work(store, who), "abcdef"))
        assert sorted(id_ for ids in done for id_ in ids) == [f"c{i:03}" for i in range(90)]
        journal = store.journal(limit=1000)
        assert Counter(row.comment_id for row in journal).most_common(1)[0][1] == 1
        assert len(journal) == store.counts()["approved"] == 90


def test_processes_share_a_queue_while_others_batch_and_undo(store_url: str) -> None:
    with Store.open(store_url) as store:
        fill(store, 60)
    script = (
        "import sys; from test_store_leases import work; from data.store import Store\n"
        "with Store.open(sys.argv[1]) as store: print(len(work(store, sys.argv[2])))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests" / "unit")))}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", script, store_url, who],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        for who in ("anne", "bob", "zoe")
    ]
    batched, undone = 0, 0
    with Store.open(store_url) as store:
        for _ in range(3):
            seen = [(f"c{i:03}", 0) for i in range(50, 60)]
            result = store.decide_many(seen, "reject", moderator="chef", rule="test")
            batched += result.done
            assert result.done + len(result.conflicts) == 10
            if result.done:
                undone += store.undo_batch(result.batch, "chef").done
        decided = sum(int(worker.communicate(timeout=60)[0]) for worker in workers)
        decided += len(work(store, "dernier"))
        assert [worker.returncode for worker in workers] == [0, 0, 0]
        assert decided == 60
        assert store.counts()["approved"] == 60
        kinds = Counter(row.kind for row in store.journal(limit=1000))
        assert kinds == Counter({"approve": 60, "reject": batched, "undo": undone}) - Counter()


def test_what_one_sent_to_a_second_person_goes_to_another(store: Store) -> None:
    review = QueueFilter(status="to_review")
    for id_ in ("c000", "c001"):
        store.decide(id_, "escalate", moderator="anne", version=store.item(id_).version)

    def given(who: str) -> list[str]:
        found = [item.comment.id for item in store.lease(who, review)]
        store.release(who)
        return found

    assert given("anne") == ["c000", "c001"]  # nobody else has an account
    store.add_account("anne", "responsable", "une phrase de passe assez longue")
    store.add_account("lise", "lecture", "une phrase de passe assez longue")
    assert given("anne") == ["c000", "c001"]  # who only reads decides nothing
    store.add_account("bob", "moderateur", "une phrase de passe assez longue")
    assert given("anne") == []
    assert given("bob") == ["c000", "c001"]
    store.disable_account("bob")
    assert given("anne") == ["c000", "c001"]
