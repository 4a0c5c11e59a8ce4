"""What the store reckons for the team: an author's history, spreads of scores, pace, saved views."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from queue_rows import ROWS, decide, scored
from sqlalchemy import func, select

from data.errors import InputError
from data.store import ORDERS, SCORED_LABELS, QueueFilter, Store
from data.store.conditions import conditions
from data.store.tables import comment
from data.store.work import page_query


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        opened.add_scored(ROWS)
        yield opened


def test_author_history(store: Store) -> None:
    store.add_scored(scored(f"a{i}", 0.5, author="Zoé") for i in range(5))
    who = store.item("a0").comment.author
    assert who is not None
    assert store.author_history(who).rate is None
    for number, verdict in enumerate(("approve", "reject", "reject", "skip")):
        decide(store, f"a{number}", verdict)
    history = store.author_history(who, recent=2)
    assert (history.decided, history.approved, history.rejected) == (3, 1, 2)
    assert history.rate == pytest.approx(2 / 3)
    assert len(history.recent) == 2
    assert {item.status for item in history.recent} <= {"approved", "rejected"}
    assert store.author_history("hmac:" + "0" * 64).recent == ()


def test_histogram_and_ranges(store: Store) -> None:
    assert store.histogram("incivility", QueueFilter(), bins=10) == [1, 0, 0, 0, 0, 1, 1, 1, 0, 1]
    # a probability of 1 is in the last slice, and 0.99 of a slice is not the next one
    assert store.histogram("insult", QueueFilter(), bins=4) == [1, 0, 0, 1]
    assert sum(store.histogram("threat", QueueFilter(site="lyon"), bins=1)) == 1
    assert sum(store.histogram("profanity", QueueFilter())) == 0
    with pytest.raises(InputError, match="label"):
        store.histogram("text", QueueFilter())
    with pytest.raises(ValueError, match="bins"):
        store.histogram("insult", QueueFilter(), bins=0)
    assert store.ids_in_range("incivility", 0.5, 0.7, QueueFilter(), 10) == [
        ("threat", 0),
        ("hold", 0),
        ("edge", 0),
    ]
    assert store.ids_in_range("incivility", 0.0, 1.0, QueueFilter(site="lyon"), 1) == [("threat", 0)]
    under, above = store.beside("incivility", 0.62, QueueFilter(), limit=2)
    assert [item.comment.id for item in under] == ["edge", "calm"]
    assert [item.comment.id for item in above] == ["hold", "threat"]


def test_saved_views(store: Store) -> None:
    narrow = QueueFilter(site="lyon", low=0.5, flagged_only=True, until="2026-03-31")
    store.save_view("anne", " Lyon ", narrow, "uncertainty")
    store.save_view("anne", "Âge", QueueFilter(status="to_review"), "age")
    store.save_view("bob", "Lyon", QueueFilter())
    assert [(view.name, view.filter, view.order) for view in store.views("anne")] == [
        ("Lyon", narrow, "uncertainty"),
        ("Âge", QueueFilter(status="to_review"), "age"),
    ]
    store.save_view("anne", "Lyon", QueueFilter(), "risk")
    assert store.views("anne")[0].filter == QueueFilter()
    store.drop_view("anne", "Lyon")
    store.drop_view("anne", "Lyon")
    assert [view.name for view in store.views("anne")] == ["Âge"]
    assert len(store.views("bob")) == 1
    for name in ("", " ", "x" * 81):
        with pytest.raises(InputError, match="name"):
            store.save_view("anne", name, QueueFilter())
    with pytest.raises(InputError, match="order"):
        store.save_view("anne", "x", QueueFilter(), "alphabet")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="unknown condition"):
        QueueFilter.from_dict({"colour": "red"})


def test_pace_leaves_out_pauses_batches_and_other_people(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(moment: str) -> None:
        monkeypatch.setattr("data.store.deciding.now", lambda: f"2999-01-01T{moment}.000+00:00")

    for id_, who, moment in (
        ("hold", "anne", "10:00:00"),
        ("worst", "bob", "10:00:03"),
        ("threat", "anne", "10:00:10"),
        ("edge", "anne", "11:00:00"),
        ("calm", "anne", "11:00:30"),
    ):
        at(moment)
        decide(store, id_, "approve", who)
    assert store.pace() == store.pace("anne") == [10.0, 30.0]
    assert store.pace("bob") == []
    at("11:00:40")
    store.undo("anne")
    store.decide_many([("calm", store.item("calm").version)], "reject", moderator="anne", rule="r")
    assert store.pace("anne") == [10.0, 30.0]


@pytest.mark.parametrize(
    "given",
    [
        QueueFilter(),
        QueueFilter(site="lyon", section="sport", stance="against", severity=2, flagged_only=True),
        QueueFilter(since="2026-01-01", until="2026-02-01", subtype="threat"),
        *(QueueFilter(label=label, low=0.1, high=0.9) for label in SCORED_LABELS),
    ],
)
def test_no_text_is_read_to_find_a_page(tmp_path: Path, given: QueueFilter) -> None:
    with Store.open(str(tmp_path / "store.sqlite3")) as store, store._reading() as connection:
        counted = select(comment.c.status, func.count()).where(conditions(given, with_status=False))
        pages = [page_query(connection, given, order, 20) for order in ORDERS]
        for query in (*pages, counted.group_by(comment.c.status)):
            asked = query.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").mappings().all()
            assert "COVERING INDEX comment_" in plan[0]["detail"]
        first = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {pages[0].compile(connection, compile_kwargs={'literal_binds': True})}"
        )
        # in the order of risk, what comes first is found first
        assert "TEMP B-TREE" not in str(first.all())
