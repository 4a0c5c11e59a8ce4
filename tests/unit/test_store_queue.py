"""The queue as a team asks for it: filters, orders, pages, counts, near-duplicates, histories."""

from collections.abc import Iterator
from typing import Any

import pytest
from queue_rows import ROWS, decide, scored

from data.errors import InputError, StoreError
from data.record import Comment
from data.store import ORDERS, QueueFilter, Store, intake


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        opened.add_scored(ROWS)
        yield opened


def ids(store: Store, order: Any = "risk", **given: Any) -> list[str]:
    return [item.comment.id for item in store.queue(QueueFilter(**given), order)]


def test_orders(store: Store) -> None:
    assert ids(store) == ["hold", "worst", "threat", "edge", "calm"]
    assert ids(store, "uncertainty") == ["edge", "hold", "threat", "worst", "calm"]
    # the two without a usable date are as old as their arrival, in the order added
    assert ids(store, "age") == ["worst", "threat", "hold", "edge", "calm"]
    with pytest.raises(InputError, match="order"):
        ids(store, "alphabet")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"site": "lyon"}, {"hold", "threat"}),
        ({"site": "7"}, {"worst"}),
        ({"section": "sport"}, {"hold", "worst"}),
        ({"site": "lyon", "section": "sport"}, {"hold"}),
        ({"thread_id": "t"}, {"edge", "calm"}),
        ({"severity": 1}, {"threat", "edge"}),
        ({"severity": 2}, {"threat"}),
        ({"subtype": "threat"}, {"threat"}),
        ({"stance": "against"}, {"threat"}),
        ({"low": 0.5, "high": 0.7}, {"hold", "threat", "edge"}),
        ({"high": 0.05}, {"calm"}),
        ({"label": "insult", "low": 0.1}, {"threat", "calm"}),
        ({"label": "p_uncivil", "low": 0.9}, {"worst"}),
        ({"label": "p_intolerable", "high": 1.0}, {"threat"}),
        ({"flagged_only": True}, {"hold", "worst", "threat", "edge"}),
        # half past midnight in Paris is the day before in UTC
        ({"since": "2026-03-02", "until": "2026-03-02"}, {"threat"}),
        ({"since": "2026-03-01T12:00:00Z", "until": "2026-03-02T22:30:00Z"}, {"worst", "threat"}),
        ({"until": "2026-03-02T22:29:59+00:00"}, {"worst"}),
        ({"status": "approved"}, set()),
    ],
)
def test_filters(store: Store, given: dict[str, Any], found: set[str]) -> None:
    assert set(ids(store, **given)) == found
    for order in ORDERS:
        assert set(ids(store, order, **given)) == found


@pytest.mark.parametrize(
    "given",
    [
        {"status": "aproved"},
        {"subtype": "gossip"},
        {"stance": "unsure"},
        {"severity": 4},
        {"severity": True},
        {"label": "text"},
        {"low": 1.2},
        {"high": float("nan")},
        {"since": "hier"},
        {"until": 3},
        {"site": "x" * 5000},
        {"flagged_only": 1},
    ],
)
def test_filters_that_no_comment_can_meet_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=f"filter: {next(iter(given))} cannot be used; use "):
        QueueFilter(**given)


@pytest.mark.parametrize("order", ORDERS)
def test_pages_go_through_everything_once(store_url: str, order: Any) -> None:
    with Store.open(store_url) as store:
        # many ties, so that only the last key tells comments apart
        store.add_scored(
            scored(f"{i:02}", (i % 3) / 4, created_at=f"2026-01-0{1 + i % 2}") for i in range(23)
        )
        everything, after = [], None
        while page := store.queue(QueueFilter(), order, limit=5, after=after):
            after = page[-1].comment.id
            everything += [item.comment.id for item in page]
            # what was seen may be decided meanwhile without disturbing the next page
            decide(store, after, "approve")
        assert len(everything) == 23
        assert len(set(everything)) == 23
        left = ids(store, order)
        assert left == [id_ for id_ in everything if id_ in left]


def test_a_page_past_an_erased_comment_says_so(store: Store) -> None:
    store.erase("worst")
    with pytest.raises(StoreError, match="reload"):
        store.queue(QueueFilter(), after="worst")
    assert store.queue(QueueFilter(), limit=0) == []


def test_counts_stand_under_the_other_conditions(store: Store) -> None:
    decide(store, "hold", "approve")
    decide(store, "worst", "escalate")
    decide(store, "calm", "skip")
    none = dict.fromkeys(("approved", "rejected", "skipped", "to_review", "imported", "pending"), 0)
    everything = none | {"pending": 2, "approved": 1, "to_review": 1, "skipped": 1}
    assert store.status_counts(QueueFilter()) == everything
    assert store.status_counts(QueueFilter(status="rejected")) == everything
    assert store.status_counts(QueueFilter(site="lyon")) == none | {"pending": 1, "approved": 1}
    assert store.item("worst").status == "to_review"
    assert ids(store, status="to_review") == ["worst"]


def test_facets(store: Store) -> None:
    store.import_labels([Comment(id="i", text="Importé", extra={"site": "ailleurs"})], annotator="x")
    found = store.facets()
    assert found.sites == (("lyon", 2), ("7", 1))
    assert found.sections == (("sport", 2),)
    assert found.threads == (("t", "Titre", 2),)
    assert (store.item("hold").site, store.item("hold").section) == ("lyon", "sport")


def test_scores_that_come_again_move_a_comment(store: Store) -> None:
    store.add_scored([scored("calm", 0.99, "hold", scores={"insult": 0.3})])
    store.add_scored([scored("edge", 0.5, created_at="2026-01-01", extra={"site": "lyon"})])
    assert ids(store)[0] == "calm"
    assert ids(store, "age")[0] == "edge"
    assert ids(store, label="insult", low=0.5) == []
    assert ids(store, site="lyon", high=0.5) == ["edge"]
    assert ids(store, severity=1) == ["threat"]
    # what is known already stays
    store.add_scored([scored("hold", 0.62, "hold", created_at="2020-01-01", extra={"site": "paris"})])
    assert ids(store, "age")[:2] == ["edge", "worst"]
    assert store.item("hold").site == "lyon"


def test_hostile_columns_are_bounded(store: Store) -> None:
    odd = {"site": "s\x00" + "x" * 5000, "section": {"a": [1]}}
    store.add_scored([scored("odd", 0.5, extra=odd, created_at="9999-12-31T23:59:59-23:00")])
    item = store.item("odd")
    assert item.site is not None
    assert len(item.site) == 200
    assert "\x00" not in item.site
    assert item.section is None
    strange = {
        "severity": 7,
        "stance": "perhaps",
        "insult": float("nan"),
        "threat": "0.9",
        "incivility": None,
    }
    store.add_scored([scored("strange", 0.5, scores=strange)])
    assert "strange" not in {
        *ids(store, severity=0),
        *ids(store, label="threat", low=0.0),
        *ids(store, low=0.0),
    }
    assert ids(store, "uncertainty")[-1] == "strange"


def test_near_duplicates(store: Store) -> None:
    same = ("Trop NUUUUL, ce match !!!", "trop nuul ce match", "  Trop, nuul — ce match…")
    store.add_scored(scored(f"n{i}", 0.5, text=text) for i, text in enumerate(same))
    store.add_scored([scored("other", 0.5, text="trop nul ce matche"), scored("emoji", 0.5, text="🤡🤡")])
    assert [item.comment.id for item in store.duplicates("n1")] == ["n0", "n2"]
    decide(store, "n0", "reject")
    assert [item.comment.id for item in store.duplicates("n1")] == ["n2"]
    assert [item.comment.id for item in store.duplicates("n0")] == ["n1", "n2"]
    assert store.duplicates("emoji") == []
    assert len(store.duplicates("n0", limit=1)) == 1
    with pytest.raises(StoreError, match="no comment"):
        store.duplicates("nobody")


def test_a_comment_without_a_date_keeps_the_age_of_its_arrival(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def aged() -> list[str]:
        return ids(store, "age", since="2030-01-01")

    for year, id_ in ((2031, "early"), (2032, "late")):
        monkeypatch.setattr(intake, "now", lambda year=year: f"{year}-05-01T00:00:00.000+00:00")
        store.add_scored([scored(id_, 0.5)])
    monkeypatch.setattr(intake, "now", lambda: "2033-05-01T00:00:00.000+00:00")
    store.add_scored([scored("early", 0.6)])
    assert store.item("early").scores["incivility"] == 0.6
    assert aged() == ["early", "late"]
    store.add_scored([scored("early", 0.6, created_at="2034-01-01T00:00:00Z")])
    assert aged() == ["late", "early"]  # a date that is told at last is believed


def test_a_long_thread_is_shown_around_a_comment(store: Store) -> None:
    store.add_scored(
        scored(f"f{n:02}", 0.1, thread_id="long", created_at=None if n > 27 else f"2026-02-{n:02}")
        for n in range(1, 31)
    )

    def shown(around: str | None, limit: int = 5) -> list[str]:
        return [item.comment.id for item in store.thread("long", limit, around=around)]

    first, last = [f"f{n:02}" for n in range(1, 6)], [f"f{n:02}" for n in range(26, 31)]
    assert shown(None) == shown("f01") == shown("f03") == shown("gone") == first
    assert shown("f15") == ["f13", "f14", "f15", "f16", "f17"]
    assert shown("f28") == shown("f30") == last
    assert len(shown("f15", limit=50)) == 30
