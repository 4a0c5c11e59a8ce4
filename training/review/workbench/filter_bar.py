"""Which comments are wanted and in which order: the widgets above the workbench, and saved views."""

from datetime import date
from typing import Any, Final, cast

import streamlit as st

from data.errors import InputError, StoreError
from data.store import Store
from data.store.filters import ORDERS, SCORED_LABELS, Order, QueueFilter
from data.store.queue_records import Facets
from data.store.records import Status
from data.taxonomy import STANCES, SUBTYPES
from training.review.language import label_name, say

STATUS: Final = "queue_status"
ORDER: Final = "queue_order"
_CHOICES: Final = ("site", "section", "thread_id", "severity", "subtype", "stance", "label")
_DATES: Final = ("since", "until")
KEPT: Final = "session"
"""Filters outlive a look at another page."""

_NOTE: Final = "queue_view_note"
_MAX_TITLE: Final = 90


def draw(store: Store, owner: str) -> None:
    """Draw the bar; what was chosen is in the session.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    facets = _facets(store)
    with st.container(horizontal=True, vertical_alignment="bottom", key="queue_bar"):
        st.selectbox(
            say("queue.order"),
            ORDERS,
            key=ORDER,
            format_func=lambda name: say("queue.order.by", order=say(f"queue.order.{name}")),
            width=170,
            label_visibility="collapsed",
            persist_state=KEPT,
        )
        number = len(conditions())
        label = say("queue.filters.on", n=number) if number else say("queue.filters")
        with st.popover(label, width="content"):
            _filters(facets)
        with st.popover(say("queue.views"), width="content"):
            _views(store, owner)
        if number:
            st.button(say("queue.filters.clear"), key="queue_clear", type="tertiary", on_click=clear)


def conditions() -> dict[str, Any]:
    """Conditions that are set beside the status, as :class:`QueueFilter` takes them."""
    state = st.session_state
    found: dict[str, Any] = {name: state.get(_key(name)) for name in _CHOICES if name != "label"}
    for name in _DATES:
        day = state.get(_key(name))
        found[name] = day.isoformat() if isinstance(day, date) else None
    low, high = state.get(_key("range")) or (0, 100)
    if (low, high) != (0, 100):
        found |= {"label": state.get(_key("label")) or "incivility", "low": low / 100, "high": high / 100}
    found["flagged_only"] = bool(state.get(_key("flagged_only"))) or None
    return {name: value for name, value in found.items() if value is not None}


def chosen() -> tuple[QueueFilter, Order]:
    """What the moderator wants to see, and in which order."""
    state = st.session_state
    status = cast(Status, state.get(STATUS) or "pending")
    return QueueFilter(status=status, **conditions()), cast(Order, state.get(ORDER) or "risk")


def clear() -> None:
    """Forget every condition but the status."""
    _set(QueueFilter())


def _filters(facets: Facets) -> None:
    titles: dict[str, str] = {name: title or name for name, title, _ in facets.threads}
    numbers = {name: n for name, _, n in facets.threads}
    left, right = st.columns(2)
    with left:
        _select("site", dict(facets.sites))
        _select("section", dict(facets.sections))
    with right:
        _choose(
            "severity", (1, 2, 3), lambda level: say("queue.filter.at_least", what=say(f"severity.{level}"))
        )
        _choose("subtype", SUBTYPES, label_name)
    _choose(
        "thread_id",
        tuple(numbers),
        lambda name: f"{titles.get(name, str(name))[:_MAX_TITLE]} ({numbers.get(name, 0)})",
    )
    left, right = st.columns(2)
    left.date_input(
        say("queue.filter.since"), value=None, format="DD/MM/YYYY", key=_key("since"), persist_state=KEPT
    )
    right.date_input(
        say("queue.filter.until"), value=None, format="DD/MM/YYYY", key=_key("until"), persist_state=KEPT
    )
    _choose("stance", STANCES, lambda name: say(f"stance.{name}"))
    st.selectbox(
        say("queue.filter.label"),
        SCORED_LABELS,
        format_func=label_name,
        key=_key("label"),
        persist_state=KEPT,
    )
    st.slider(
        say("queue.filter.range"), 0, 100, (0, 100), format="%d %%", key=_key("range"), persist_state=KEPT
    )
    st.toggle(say("queue.filter.flagged_only"), key=_key("flagged_only"), persist_state=KEPT)


def _at_least(level: int) -> str:
    return say("queue.filter.at_least", what=say(f"severity.{level}"))


def _select(name: str, numbers: dict[str, int]) -> None:
    _choose(name, tuple(numbers), lambda value: f"{value} ({numbers.get(value, 0)})")


def _choose(name: str, options: tuple[Any, ...], shown: Any) -> None:
    held = st.session_state.get(_key(name))
    if held is not None and held not in options:  # of a saved view: not among the largest any more
        options = (*options, held)
    st.selectbox(
        say(f"queue.filter.{name}"),
        options,
        index=None,
        placeholder=say("queue.filter.any"),
        format_func=shown,
        key=_key(name),
        persist_state=KEPT,
    )


def _views(store: Store, owner: str) -> None:
    views = {view.name: view for view in store.views(owner)}
    if views:
        st.selectbox(say("queue.view"), tuple(views), key="queue_view_chosen")
        with st.container(horizontal=True):
            st.button(say("queue.view.open"), key="queue_view_open", on_click=_open, args=(store, owner))
            st.button(say("queue.view.drop"), key="queue_view_drop", on_click=_drop, args=(store, owner))
    with st.form("queue_view_form", border=False):
        st.text_input(say("queue.view.name"), max_chars=80, key="queue_view_name")
        st.form_submit_button(say("queue.view.save"), on_click=_save, args=(store, owner))
    if note := st.session_state.pop(_NOTE, None):
        st.caption(note)


def _save(store: Store, owner: str) -> None:
    state = st.session_state
    try:
        wanted, order = chosen()
        store.save_view(owner, str(state.get("queue_view_name") or ""), wanted, order)
    except (InputError, StoreError) as error:
        state[_NOTE] = say("queue.view.error", what=str(error))
    else:
        state[_NOTE] = say("queue.view.saved")


def _open(store: Store, owner: str) -> None:
    name = st.session_state.get("queue_view_chosen")
    for view in store.views(owner):
        if view.name == name:
            _set(view.filter)
            st.session_state[ORDER] = view.order
            st.session_state[STATUS] = view.filter.status


def _drop(store: Store, owner: str) -> None:
    if name := st.session_state.pop("queue_view_chosen", None):
        store.drop_view(owner, name)


def _set(given: QueueFilter) -> None:
    state = st.session_state
    for name in _CHOICES:
        state[_key(name)] = getattr(given, name)
    for name in _DATES:
        value = getattr(given, name)
        state[_key(name)] = date.fromisoformat(value[:10]) if value else None
    low, high = given.low or 0.0, 1.0 if given.high is None else given.high
    state[_key("range")] = (round(low * 100), round(high * 100))
    state[_key("flagged_only")] = given.flagged_only


def _key(name: str) -> str:
    return f"queue_filter_{name}"


def _read_facets(_store: Store, where: str) -> Facets:
    return _store.facets()


_cached_facets = st.cache_data(_read_facets, ttl=60, show_spinner=False)


def _facets(store: Store) -> Facets:
    found: Facets = _cached_facets(store, store.where)
    return found
