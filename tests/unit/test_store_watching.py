"""What watching a model asks of the store, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.record import CONSENSUS, Comment, Labels
from data.store import Draft, Store, heard, watching
from data.store.watching import Reading


def _comment(number: int) -> Comment:
    return Comment(text=f"Avis {number}", id=f"c{number}", created_at=f"2026-11-{number + 1:02d}T10:00:00Z")


@pytest.fixture
def filled(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(watching, "_CHUNK", 3)
    with Store.open(store_url) as store:
        store.add_scored(
            (_comment(n), {"incivility": n / 10, "action": "hold" if n > 5 else "publish", "bundle": "b@1"})
            for n in (3, 0, 7, 1, 6, 2, 5, 4)
        )
        store.import_labels(
            [Comment(text="ailleurs", id="x", created_at="2026-12-01", labels=Labels(severity=1))],
            annotator="import",
        )
        yield store


def say(store: Store, id_: str, severity: int, who: str = "a") -> None:
    store.relabel(id_, Labels(severity=severity), moderator=who, version=store.item(id_).version)


def decide(store: Store, id_: str, who: str = "a") -> None:
    store.decide(id_, "reject", moderator=who, version=store.item(id_).version)


def test_the_newest_come_first_page_by_page(filled: Store) -> None:
    decide(filled, "c5")
    assert [item.comment.id for item in filled.newest(5)] == ["x", "c7", "c6", "c5", "c4"]
    assert [item.status for item in filled.newest(4)] == ["imported", "pending", "pending", "rejected"]
    assert len(list(filled.newest(100))) == 9


def test_arrivals_are_scored_and_dated(filled: Store) -> None:
    found = list(filled.arrivals(7))
    assert [one.id for one in found] == ["c7", "c6", "c5", "c4", "c3", "c2", "c1"]
    assert (found[0].day, found[0].text, found[0].bundle) == ("2026-11-08", "Avis 7", "b@1")
    assert [one.held for one in found[:3]] == [True, True, False]
    assert found[0].incivility == 0.7


def test_readings_are_one_for_each_comment_that_someone_read(filled: Store) -> None:
    for n in range(5):
        say(filled, f"c{n}", n % 4)
    decide(filled, "c5")
    filled.decide_many([("c6", filled.item("c6").version)], "reject", moderator="a", rule="incivilité ≥ 0,5")
    found = {one.id: one for one in filled.readings()}
    assert list(found) == ["c0", "c1", "c2", "c3", "c4", "c5"]  # nobody read c6, and x has no score
    assert [one.uncivil for one in found.values()] == [0, 0, 1, 1, 0, 1]
    assert not any(one.blind for one in found.values())
    assert not hasattr(found["c0"], "text")


def test_a_blind_reading_goes_before_and_the_latest_word_after(filled: Store) -> None:
    filled.list_tasks([Draft(comment_id="c1", kind="blind")])
    given = filled.next_task("blind")
    assert given is not None
    filled.finish_task(given[0], Labels(severity=0), annotator="blind", version=filled.item("c1").version)
    say(filled, "c1", 3, "later")
    say(filled, "c2", 0, "first")
    say(filled, "c2", 3, "second")
    found = {one.id: one for one in filled.readings()}
    assert (found["c1"].uncivil, found["c1"].blind) == (0, True)
    assert (found["c2"].uncivil, found["c2"].blind) == (1, False)


def test_consensus_is_heard_only_where_no_person_is(filled: Store) -> None:
    assert heard.CONSENSUS == CONSENSUS
    say(filled, "c1", 0)
    stamp = "2026-11-20T23:30:00-02:00"
    rows = [
        Comment(text=f"Avis {n}", id=f"c{n}", labels=Labels(severity=3), labelled_at=stamp) for n in (1, 2)
    ]
    filled.import_labels(rows, annotator=CONSENSUS)
    found = {one.id: one for one in filled.readings()}
    assert found["c1"].uncivil == 0
    assert found["c2"] == Reading(
        id="c2", day="2026-11-21", bundle="b@1", incivility=0.2, held=False, uncivil=1, blind=False
    )


def test_labels_of_a_list_that_was_done_elsewhere_are_blind(filled: Store) -> None:
    filled.list_tasks([Draft(comment_id="c3", kind="blind")])
    rows = [Comment(text="Avis 3", id="c3", labels=Labels(incivility=1), labelled_at="hier")]
    filled.import_labels(rows, annotator="outil")
    (found,) = filled.readings()
    assert found.blind
    assert found.uncivil == 1
    assert len(found.day) == 10


def test_order_is_read_from_the_index_alone(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "essai.sqlite3")) as store, store._reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT seq FROM comment WHERE incivility >= 0 AND status != 'imported' "
            "ORDER BY dated_at DESC, seq DESC LIMIT 10"
        )
        assert any("COVERING INDEX comment_work" in row[3] for row in plan)
