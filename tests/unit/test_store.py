"""The life of a comment in the store: added, ordered, decided, relabelled, undone, exported."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.errors import ConflictError, InputError, StoreError
from data.record import Comment, Labels
from data.store import ImportSummary, Store


def comment(id_: str, text: str | None = None, **given: Any) -> Comment:
    return Comment(id=id_, text=text or f"Commentaire {id_}", **given)


def scores(incivility: float, action: str = "review") -> dict[str, Any]:
    return {"incivility": incivility, "severity": 1, "action": action, "bundle": "b-1", "reasons": None}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        opened.add_scored(
            [
                (comment("p", thread_id="t", created_at="2026-01-01"), scores(0.9, "publish")),
                (comment("r1", thread_id="t", parent_id="p", author="Zoé"), scores(0.4)),
                (comment("r2", thread_id="t", parent_id="gone", parent_text="Le parent"), scores(0.5)),
                (comment("h", thread_id="t", created_at="2026-01-02"), scores(0.3, "hold")),
                (comment("r0", thread_id="u"), scores(0.4)),
            ]
        )
        yield opened


def decide(store: Store, id_: str, verdict: Any, moderator: str = "anne", **given: Any) -> Any:
    return store.decide(id_, verdict, moderator=moderator, version=store.item(id_).version, **given)


def effective(store: Store) -> list[tuple[str, str | None, dict[str, Any]]]:
    return [(c.id, c.labelled_by, c.labels.given()) for c in store.labelled()]


def test_queue_puts_holds_first_then_the_least_civil(store: Store) -> None:
    assert [i.comment.id for i in store.next_items()] == ["h", "r2", "r0", "r1", "p"]
    assert [i.comment.id for i in store.next_items(limit=2, exclude=["h", "r0"])] == ["r2", "r1"]
    assert store.next_items("approved") == []
    with pytest.raises(ValueError, match="status"):
        store.next_items("aproved")


def test_items_come_with_scores_parents_and_hashed_authors(store: Store) -> None:
    reply, orphan = store.item("r1"), store.item("r2")
    assert reply.parent is not None
    assert reply.parent.id == "p"
    assert reply.comment.parent_text == "Commentaire p"
    assert reply.scores["bundle"] == "b-1"
    assert orphan.parent is not None
    assert (orphan.parent.id, orphan.parent.text) == ("gone", "Le parent")
    assert store.item("h").parent is None
    assert reply.comment.author is not None
    assert reply.comment.author.startswith("hmac:")
    assert "Zo" not in reply.comment.author
    assert [i.comment.id for i in store.thread("t")] == ["p", "h", "r1", "r2"]
    assert [i.comment.id for i in store.thread("t", limit=1)] == ["p"]
    with pytest.raises(StoreError, match="no comment 'nobody'"):
        store.item("nobody")


def test_counts(store: Store) -> None:
    assert store.counts() == {
        "pending": 5,
        "approved": 0,
        "rejected": 0,
        "skipped": 0,
        "to_review": 0,
        "flagged": 4,
    }
    decide(store, "h", "reject")
    decide(store, "p", "skip")
    assert store.counts() == {
        "pending": 3,
        "approved": 0,
        "rejected": 1,
        "skipped": 1,
        "to_review": 0,
        "flagged": 3,
    }


def test_adding_again_renews_scores_and_leaves_decisions(store: Store) -> None:
    decided = decide(store, "h", "reject", labels=Labels(insult=1))
    assert store.add_scored([(comment("h"), scores(0.01, "publish"))]) == 1
    again = store.item("h")
    assert again.scores["incivility"] == 0.01
    assert (again.status, again.version, again.labels) == (decided.status, decided.version, decided.labels)
    assert sum(store.counts()[s] for s in ("pending", "approved", "rejected", "skipped")) == 5


def test_row_numbers_of_two_dumps_do_not_meet(store: Store) -> None:
    other = [(comment("h", "Un tout autre texte"), scores(0.2))]
    assert store.add_scored(other) == store.add_scored(other) == 1
    assert store.item("h").comment.text == "Commentaire h"
    texts = {i.comment.id: i.comment.text for i in store.next_items()}
    assert len(texts) == 6
    assert [t for i, t in texts.items() if i.startswith("h~")] == ["Un tout autre texte"]


def test_decision_is_journalled_with_what_was_before(store: Store) -> None:
    item = decide(store, "h", "reject", labels=Labels(severity=3))
    assert (item.status, item.version, item.decided_by) == ("rejected", 1, "anne")
    assert datetime.fromisoformat(str(item.decided_at)).utcoffset() == timedelta(0)
    (row,) = store.journal()
    assert (row.comment_id, row.kind, row.moderator, row.previous_status) == (
        "h",
        "reject",
        "anne",
        "pending",
    )
    assert (row.labels, row.bundle, row.undoes) == (Labels(severity=3), "b-1", None)
    assert store.journal(comment_id="p") == []
    with pytest.raises(InputError, match="name"):
        decide(store, "p", "approve", moderator="  ")


def test_second_window_is_told_and_writes_nothing(store: Store, store_url: str) -> None:
    with Store.open(store_url) as window:
        seen = window.item("h")
        decide(store, "h", "approve")
        with pytest.raises(ConflictError, match="anne"):
            window.decide("h", "reject", moderator="bob", version=seen.version, labels=Labels(insult=1))
        with pytest.raises(ConflictError):
            window.relabel("h", Labels(insult=1), moderator="bob", version=seen.version)
    assert store.item("h").status == "approved"
    assert [(row.moderator, row.kind) for row in store.journal()] == [("anne", "approve")]
    assert effective(store) == [("h", "anne", {"incivility": 0})]


def test_verdict_implies_incivility_unless_labels_say(store: Store) -> None:
    decide(store, "p", "approve")
    decide(store, "h", "reject")
    decide(store, "r1", "reject", labels=Labels(severity=1, aspersion=1))
    decide(store, "r2", "skip")
    decide(store, "r0", "skip", labels=Labels(stance="against"))
    assert effective(store) == [
        ("p", "anne", {"incivility": 0}),
        ("r1", "anne", {"severity": 1, "aspersion": 1}),
        ("h", "anne", {"incivility": 1}),
        ("r0", "anne", {"stance": "against"}),
    ]
    assert [c.id for c in store.labelled(include_skipped=True)] == ["p", "r1", "r2", "h", "r0"]
    first = next(store.labelled())
    assert first.source == "review"
    assert datetime.fromisoformat(str(first.labelled_at)).utcoffset() == timedelta(0)


def test_labels_are_merged_and_contradictions_go(store: Store) -> None:
    decide(store, "h", "reject", labels=Labels(incivility=0, insult=1))
    version = store.item("h").version
    item = store.relabel("h", Labels(severity=2), moderator="anne", version=version)
    assert (item.status, item.version, item.labels) == ("rejected", version + 1, Labels(severity=2, insult=1))
    assert store.journal(limit=1)[0].kind == "label"


def test_undo_goes_three_deep_and_journals_itself(store: Store) -> None:
    decide(store, "h", "reject", labels=Labels(insult=1, severity=2))
    store.relabel("h", Labels(severity=0, stance="favor"), moderator="anne", version=1)
    decide(store, "p", "approve")
    decide(store, "r0", "reject", moderator="bob")

    undone = [store.undo("anne") for _ in range(4)]
    assert [i and (i.comment.id, i.status, i.labels) for i in undone] == [
        ("p", "pending", Labels()),
        ("h", "rejected", Labels(insult=1, severity=2)),
        ("h", "pending", Labels()),
        None,
    ]
    assert undone[2] is not None
    assert undone[2].decided_by is None
    assert effective(store) == [("r0", "bob", {"incivility": 1})]
    assert [(row.kind, row.undoes) for row in store.journal(3)] == [("undo", 1), ("undo", 2), ("undo", 3)]
    assert len(store.journal()) == 7


def test_undo_stops_at_what_somebody_else_did_after(store: Store) -> None:
    decide(store, "h", "reject")
    decide(store, "h", "approve", moderator="bob")
    with pytest.raises(ConflictError, match="bob"):
        store.undo("anne")
    assert store.item("h").status == "approved"
    restored = store.undo("bob")
    assert restored is not None
    assert (restored.status, restored.decided_by) == ("rejected", "anne")
    again = store.undo("anne")
    assert again is not None
    assert again.status == "pending"


def test_undo_keeps_labels_imported_since(store: Store) -> None:
    decide(store, "h", "reject", labels=Labels(insult=1))
    store.import_labels([comment("h", labels=Labels(stance="none"))], annotator="anne")
    store.undo("anne")
    assert effective(store) == [("h", "anne", {"stance": "none"})]


def test_annotators_who_disagree_are_all_kept(store: Store) -> None:
    decide(store, "h", "approve")
    decide(store, "h", "reject", moderator="bob")
    rows = [
        comment("h", labels=Labels(severity=3), labelled_by="lila"),
        comment("n", labels=Labels(severity=0)),
    ]
    assert store.import_labels(rows, annotator=None) == ImportSummary(added=2)
    assert store.import_labels(rows, annotator=None) == ImportSummary(unchanged=2)
    changed = [comment("h", labels=Labels(severity=2), labelled_by="lila")]
    assert store.import_labels(changed, annotator=None) == ImportSummary(updated=1)
    assert effective(store) == [
        ("h", "anne", {"incivility": 0}),
        ("h", "bob", {"incivility": 1}),
        ("h", "lila", {"severity": 2}),
        ("n", "import", {"severity": 0}),
    ]
    assert store.item("n").status == "imported"
    assert store.counts()["pending"] == 4
    store.add_scored([(comment("n"), scores(0.7))])
    assert store.item("n").status == "pending"


def test_labels_in_a_scored_dump_need_a_name(store: Store) -> None:
    named = comment("x", labels=Labels(insult=1), labelled_by="lila")
    store.add_scored([(named, scores(0.1)), (comment("y", labels=Labels(insult=1)), scores(0.1))])
    assert effective(store) == [("x", "lila", {"insult": 1})]


def test_hostile_cells_survive(store: Store) -> None:
    text = "a\x00b\ud800c'); DROP TABLE comment;--"
    odd = {"nan": float("nan"), "when": datetime(2026, 1, 1, tzinfo=UTC), "deep": [{"k": "\ud800"}]}
    store.add_scored([(comment("bad\x00id", text, extra=odd), {"incivility": float("nan"), "action": None})])
    item = store.item("bad\ufffdid")
    assert item.comment.text == "a\ufffdb\ufffdc'); DROP TABLE comment;--"
    assert item.comment.extra["nan"] is None
    assert item.comment.extra["deep"] == [{"k": "\ufffd"}]
    assert store.next_items()[-1].comment.id == "bad\ufffdid"
