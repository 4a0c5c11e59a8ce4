"""Page *Lots*: a range of scores on its histogram, what lies on both sides, one decision for all of it."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from data.reasons import REASONS
from data.store import Facets, QueueFilter, Status, Store
from training.french_numbers import decimal
from training.review import batch_view, card, people, preview
from training.review.batch_view import BINS, LABELS, MOST, VERDICTS, BatchVerdict, Range
from training.review.language import label_name, plural, say
from training.review.readable import readable
from training.review.service import Outcome, ReviewService

STATUSES: Final[tuple[Status, ...]] = ("pending", "skipped", "to_review")
_START: Final = (0.8, 1.0)
BOUNDS: Final = tuple(n / 100 for n in range(101))


def draw(service: Callable[[], ReviewService]) -> None:
    """Draw the page on the store of ``service``."""
    with readable("batch"):
        _page(service().store)


def _page(store: Store) -> None:
    state = st.session_state
    state.setdefault("batch_low", _START[0])
    state.setdefault("batch_high", _START[1])
    st.caption(say("batch.intro"))
    _told(store)
    label, chosen = _filter(store.facets())
    counts = store.histogram(label, chosen, BINS)
    if not any(counts):
        st.html(card.notice("info", say("batch.empty")))
        return
    _chart(label, counts)
    left, right = st.columns(2)
    # menus that are typed in, not number fields: those write a point whatever the language
    low = left.selectbox(say("batch.low"), BOUNDS, format_func=decimal, key="batch_low")
    high = right.selectbox(say("batch.high"), BOUNDS, format_func=decimal, key="batch_high")
    if low > high:
        st.html(card.notice("warning", say("batch.order")))
        return
    picked = Range(label, round(low, 4), round(high, 4), chosen)
    seen = picked.seen(store)
    st.html(card.notice("info", _many(picked, len(seen))))
    if len(seen) >= MOST:
        st.caption(say("batch.most", n=MOST))
    if not people.current().may("batch"):
        st.html(card.notice("warning", say("batch.forbidden")))
    elif seen:
        _act(store, picked, seen)
    for line in picked.lines():
        _beside(store, picked, line)


def _filter(facets: Facets) -> tuple[str, QueueFilter]:
    """Draw the conditions; give the label and the filter."""
    columns = st.columns([2, 1.4, 1.6, 3])
    label = columns[0].selectbox(say("batch.label"), LABELS, format_func=label_name, key="batch_label")
    status = columns[1].selectbox(
        say("batch.status"), STATUSES, format_func=lambda s: say(f"batch.status.{s}"), key="batch_status"
    )
    sections = [None, *(name for name, _ in facets.sections)]
    section = columns[2].selectbox(
        say("batch.section"),
        sections,
        format_func=lambda s: s or say("batch.any.section"),
        key="batch_section",
    )
    titles = {thread: title or thread for thread, title, _ in facets.threads}
    thread = columns[3].selectbox(
        say("batch.thread"),
        [None, *titles],
        format_func=lambda t: say("batch.any") if t is None else titles[t][:120],
        key="batch_thread",
    )
    flagged = st.checkbox(say("batch.flagged"), key="batch_flagged")
    return label, QueueFilter(status=status, section=section, thread_id=thread, flagged_only=flagged)


def _chart(label: str, counts: list[int]) -> None:
    state = st.session_state
    frame = batch_view.histogram_frame(counts, state["batch_low"], state["batch_high"])
    said = say("batch.chart", label=label_name(label))
    event: Any = st.altair_chart(
        batch_view.chart(frame),
        key="batch_chart",
        on_select="rerun",
        selection_mode=[batch_view.PICK],
        alt=said,
    )
    st.caption(f"{said}. {say('batch.chart.hint')}")
    drawn = batch_view.picked(event)
    if drawn is not None and drawn != state.get("batch_drawn"):
        state["batch_low"], state["batch_high"] = state["batch_drawn"] = drawn
        st.rerun()


def _many(picked: Range, count: int) -> str:
    bounds = {"low": decimal(picked.low), "high": decimal(picked.high)}
    return say("batch.count" if count else "batch.count.none", **bounds, **plural(count))


def _act(store: Store, picked: Range, seen: list[tuple[str, int]]) -> None:
    """Choose a verdict, then confirm it for exactly the comments that were counted."""
    state = st.session_state
    with st.container(border=True):
        verdict: BatchVerdict = (
            st.segmented_control(
                say("batch.verdict"),
                VERDICTS,
                default="approve",
                required=True,
                format_func=lambda v: say(f"batch.verdict.{v}"),
                key="batch_verdict",
            )
            or "approve"
        )
        reason = None
        if verdict == "reject":
            reason = st.selectbox(
                say("batch.reason"), list(REASONS), format_func=lambda r: REASONS[r].label, key="batch_reason"
            )
        name = say(f"batch.verdict.{verdict}")
        wanted = (picked, verdict, reason)
        held = state.get("batch_prepared")
        if held is None or held[0] != wanted:
            if st.button(say("batch.prepare", verdict=name, **plural(len(seen))), key="batch_prepare"):
                state["batch_prepared"] = (wanted, seen)
                st.rerun()
            return
        _confirm(store, held)


def _confirm(
    store: Store, held: tuple[tuple[Range, BatchVerdict, str | None], list[tuple[str, int]]]
) -> None:
    (picked, verdict, reason), seen = held
    name = say(f"batch.verdict.{verdict}")
    st.html(card.notice("warning", say("batch.confirm", verdict=name, **plural(len(seen)))))
    st.caption(say("batch.confirm.rule", rule="").rstrip())
    st.code(picked.rule, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        yes = say("batch.confirm.yes", verdict=name.lower(), **plural(len(seen)))
        if st.button(yes, key="batch_yes", type="primary"):
            who = people.current().name
            outcome, batch = batch_view.decide(store, picked, seen, verdict, moderator=who, reason=reason)
            _tell(outcome, batch)
        if st.button(say("batch.confirm.no"), key="batch_no"):
            del st.session_state["batch_prepared"]
            st.rerun()


def _beside(store: Store, picked: Range, line: float) -> None:
    st.header(say("batch.line", line=decimal(line)))
    under, above = picked.beside(store, line)
    taken = {False: say("batch.outside"), True: say("batch.inside")}
    lowest = line == picked.low and line != picked.high
    sides = (("batch.below", under, not lowest), ("batch.above", above, lowest))
    for column, (title, items, inside) in zip(st.columns(2), sides, strict=True):
        with column:
            st.html(f'<div class="ct-strong">{say(title)} ({taken[inside]})</div>')
            st.html(preview.comments(items, picked.label, nothing=say("batch.side.none")))


def _tell(outcome: Outcome, batch: str | None) -> None:
    st.session_state.pop("batch_prepared", None)
    st.session_state["batch_told"] = outcome
    st.session_state["batch_last"] = batch
    st.rerun()


def _told(store: Store) -> None:
    """Say what came of the last act, and offer to take it back."""
    state = st.session_state
    outcome: Outcome | None = state.get("batch_told")
    if outcome is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(card.notice(outcome.level, outcome.message))
        batch = state.get("batch_last")
        if batch and st.button(say("batch.undo"), key="batch_undo"):
            _tell(batch_view.undo(store, batch, moderator=people.current().name), None)
