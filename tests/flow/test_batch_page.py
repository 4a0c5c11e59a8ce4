"""The page *Lots*, drawn by Streamlit's own test harness."""

from insight_page import Opener, has, html_of, press, tally

from data.store import QueueFilter, Store
from data.store.journal_records import JournalFilter
from training.review.strings_fr import TEXTS as FR


def test_a_range_is_counted_shown_confirmed_decided_and_taken_back(store: Store, open_page: Opener) -> None:
    app = open_page("batch_page")
    app.selectbox(key="batch_low").set_value(0.7).run()
    expected = len(store.ids_in_range("incivility", 0.7, 1.0, QueueFilter()))
    assert 3 <= expected < 14
    assert FR["batch.count"].format(n=expected, s="s", low="0,70", high="1,00") in html_of(app)
    press(app, "batch_prepare")
    assert tally(store) == {"pending": 14}
    assert FR["batch.confirm"].format(verdict="Approuver", n=expected, s="s") in html_of(app)
    press(app, "batch_yes")
    assert tally(store) == {"pending": 14 - expected, "approved": expected}
    (rule,) = {entry.rule for entry in store.journal_entries(JournalFilter())}
    assert rule == 'batch: incivility from 0.7 to 1; filter {"status": "pending"}'
    press(app, "batch_undo")
    assert tally(store) == {"pending": 14}
    assert not has(app, "batch_undo")


def test_renouncing_decides_nothing(store: Store, open_page: Opener) -> None:
    app = press(open_page("batch_page"), "batch_prepare")
    press(app, "batch_no")
    assert tally(store) == {"pending": 14}
    assert has(app, "batch_prepare")


def test_another_range_voids_what_was_prepared(store: Store, open_page: Opener) -> None:
    app = press(open_page("batch_page"), "batch_prepare")
    app.selectbox(key="batch_low").set_value(0.5).run()
    assert not has(app, "batch_yes")
    assert tally(store) == {"pending": 14}


def test_what_was_decided_since_it_was_counted_is_left(store: Store, open_page: Opener) -> None:
    app = press(open_page("batch_page"), "batch_prepare")
    store.decide("c00", "reject", moderator="Zoé", version=store.item("c00").version)
    press(app, "batch_yes")
    assert store.item("c00").decided_by == "Zoé"
    assert FR["batch.done.conflicts"].format(n=2, s="s", left=1) in html_of(app)


def test_a_rejected_range_has_its_reason(store: Store, open_page: Opener) -> None:
    app = open_page("batch_page")
    app.segmented_control(key="batch_verdict").set_value("reject").run()
    app.selectbox(key="batch_reason").set_value("insult").run()
    press(press(app, "batch_prepare"), "batch_yes")
    written = [entry for entry in store.journal_entries(JournalFilter()) if entry.kind == "reject"]
    assert {entry.reason for entry in written} == {"insult"}


def test_bounds_the_wrong_way_round_are_said(store: Store, open_page: Opener) -> None:
    app = open_page("batch_page")
    app.selectbox(key="batch_high").set_value(0.3).run()
    assert FR["batch.order"] in html_of(app)
    assert not has(app, "batch_prepare")


def test_who_may_not_decide_by_batches_sees_but_does_not(store: Store, open_page: Opener) -> None:
    app = open_page("batch_page", role="lecture")
    assert FR["batch.forbidden"] in html_of(app)
    assert not has(app, "batch_prepare")
