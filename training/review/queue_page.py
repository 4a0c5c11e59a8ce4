"""The review queue: one comment at a time, with mouse or keys."""

import hashlib
from typing import Any, Final

import streamlit as st

from data.errors import StoreError
from data.record import Labels
from data.store import QueueItem
from training.review import card, evidence, label_form
from training.review.keys import KEYS, help_block
from training.review.language import say
from training.review.panel import panel
from training.review.reading import read_as
from training.review.service import VIEWS, Action, Outcome, ReviewService, View

THREAD_LIMIT: Final = 50


def draw(service: ReviewService) -> None:
    """Draw the queue; only this part of the page runs again when a key is pressed."""
    _fragment(service)


def _draw(service: ReviewService) -> None:
    try:
        _queue(service)
    except StoreError as error:
        st.html(card.notice("error", say("error.store.read", what=str(error))))
        st.button(say("error.retry"), key="retry")


_fragment = st.fragment(_draw)


def _queue(service: ReviewService) -> None:
    state = st.session_state
    counts = service.store.counts()
    view: View = (
        st.segmented_control(
            say("view.label"),
            VIEWS,
            default="pending",
            required=True,
            format_func=lambda name: f"{say(f'view.{name}')} · {counts.get(name, 0)}",
            key="queue_view",
            on_change=_restart,
            label_visibility="collapsed",
        )
        or "pending"
    )
    item = service.current(view, state.get("queue_pinned"), state.get("queue_passed", ()))
    state["queue_pinned"] = item.comment.id if item else None
    # filled last: buttons that were drawn before their comment could be pressed before it is seen
    bar = st.container()
    _messages(counts)
    if item is None:
        _empty(view)
        _actions(bar, service, item)
        return
    token = _token(item)
    left, right = st.columns([0.66, 0.34], gap="large")
    with left:
        reasons, other, chosen = evidence.find(service, item, token)
        st.html(card.context(item))
        st.html(card.comment_text(item, reasons, chosen))
        if found := read_as(item.comment.text):
            st.html(found)
        if given := card.labels_given(item):
            st.html(given)
        evidence.draw(item, reasons, other, chosen, token)
    with right, st.container(border=True):
        st.html(panel(item.scores, item.comment.stance_target))
    _actions(bar, service, item)
    with st.expander(say("form.title")):
        label_form.draw(item, token, lambda *seen: _relabel(service, *seen))
    if item.comment.thread_id and st.toggle(say("card.thread"), key="queue_thread"):
        items = service.store.thread(item.comment.thread_id, limit=THREAD_LIMIT)
        st.html(card.thread(items, item.comment.id, THREAD_LIMIT))


def _actions(bar: Any, service: ReviewService, item: QueueItem | None) -> None:
    """Draw the buttons.

    They carry the comment's id and version, and the turn: how many acts came before. The browser
    may still hold the buttons of the comment before when a key is pressed, and the server their
    callbacks; what comes from an earlier turn is dropped, so that one press is never two acts.
    """
    turn: int = st.session_state.setdefault("queue_turn", 0)
    token = f"{_token(item)}-{turn}"
    seen: tuple[Any, ...] = () if item is None else (service, turn, item.comment.id, item.version)
    waiting = item is None or item.status == "pending"
    with bar, st.container(horizontal=True, key="queue_actions"):
        _button("approve", token, _decide, (*seen, "approve"), disabled=item is None, type="primary")
        _button("reject", token, _decide, (*seen, "reject"), disabled=item is None)
        if waiting:
            _button("skip", token, _decide, (*seen, "skip"), disabled=item is None)
        else:
            _button("next", token, _next, seen, shortcut=KEYS["skip"])
        _button("undo", token, _undo, (service, turn))
        _button("help", "", _toggle_help, ())


def _button(action: str, token: str, on_click: Any, args: tuple[Any, ...], **options: Any) -> None:
    options.setdefault("shortcut", KEYS.get(action))
    tip = say(f"queue.{action}.tip")
    label, key = say(f"queue.{action}"), f"{action}{token}"
    st.button(label, key=key, help=tip, on_click=on_click, args=args, **options)


def _decide(service: ReviewService, turn: int, comment_id: str, version: int, action: Action) -> None:
    if turn == st.session_state["queue_turn"]:
        _after(service.decide(comment_id, version, action), comment_id)


def _undo(service: ReviewService, turn: int) -> None:
    if turn == st.session_state["queue_turn"]:
        _after(service.undo(), None)


def _next(_: ReviewService, turn: int, comment_id: str, version: int) -> None:
    state = st.session_state
    if turn == state["queue_turn"]:
        state["queue_passed"] = (*state.get("queue_passed", ()), comment_id)
        _show(None)


def _relabel(service: ReviewService, comment_id: str, version: int, labels: Labels) -> None:
    _after(service.relabel(comment_id, version, labels), comment_id)


def _after(outcome: Outcome, comment_id: str | None) -> None:
    state = st.session_state
    state["queue_notice"] = outcome
    state["queue_last"] = comment_id if outcome.moves_on and outcome.level == "success" else None
    _show(outcome.shows if outcome.moves_on else state.get("queue_pinned"))


def _show(comment_id: str | None) -> None:
    """Choose what comes on screen; buttons drawn before this are void from now on."""
    st.session_state["queue_pinned"] = comment_id
    st.session_state["queue_turn"] = st.session_state.get("queue_turn", 0) + 1


def _restart() -> None:
    st.session_state["queue_passed"] = ()
    _show(None)


def _toggle_help() -> None:
    st.session_state["queue_help"] = not st.session_state.get("queue_help", False)


def _messages(counts: dict[str, int]) -> None:
    state = st.session_state
    if state.get("queue_help"):
        st.html(help_block())
    outcome: Outcome | None = state.pop("queue_notice", None)
    last = state.pop("queue_last", None)
    if outcome is None:
        st.html(card.notice("info", say("queue.flagged", n=counts.get("flagged", 0))))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="queue_notice_row"):
        st.html(card.notice(outcome.level, outcome.message))
        if last:
            name = f"correct{hashlib.sha256(last.encode('utf-8', 'replace')).hexdigest()[:16]}"
            st.button(say("done.correct"), key=name, type="tertiary", on_click=_show, args=(last,))


def _empty(view: View) -> None:
    if st.session_state.get("queue_passed"):
        st.html(card.notice("info", say("empty.end")))
        st.button(say("empty.restart"), key="restart", on_click=_restart)
        return
    st.html(card.notice("info", say(f"empty.{view}")))
    if view == "pending":
        st.caption(say("empty.pending.hint"))
    st.button(say("queue.reload"), key="reload", on_click=_restart)


def _token(item: QueueItem | None) -> str:
    if item is None:
        return "none"
    seen = f"{item.comment.id}\0{item.version}".encode("utf-8", "replace")
    return hashlib.sha256(seen).hexdigest()[:16]
