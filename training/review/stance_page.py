"""Page *Positions*: what comments are for or against over time, severity beside it, comments behind."""

import html
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from data.errors import StoreError
from data.store import QueueItem, Store, Target
from data.taxonomy import STANCES
from training.review import card, language, preview, stance_view
from training.review.charts import number_columns
from training.review.language import plural, say
from training.review.readable import readable
from training.review.service import ReviewService
from training.review.stance_view import Stance

MOST: Final = 20_000
SHOWN: Final = 20


def draw(service: Callable[[], ReviewService]) -> None:
    """Draw the page on the store of ``service``."""
    with readable("stances"):
        _page(service().store)


def _page(store: Store) -> None:
    st.caption(say("stances.intro"))
    targets = store.targets()
    if not targets:
        st.html(card.notice("info", say("stances.none")))
        return
    numbers = list(range(len(targets)))
    chosen = st.selectbox(
        say("stances.target"), numbers, format_func=lambda n: _name(targets[n]), key="stances_target"
    )
    rows = stance_view.settled(store.stances(targets[chosen], limit=MOST))
    found = stance_view.sources(rows)
    figures = {
        **plural(found.comments),
        "said": found.said,
        "predicted": found.comments - found.said,
        "said_severity": found.severity_said,
        "predicted_severity": found.comments - found.severity_said,
    }
    st.html(card.notice("info", say("stances.counted", **figures)))
    if len(rows) >= MOST:
        st.caption(say("stances.most", n=MOST))
    event = _charts(rows)
    st.html(f'<div class="ct-strong">{say("stances.table")}</div>')
    frame = stance_view.apart(rows)
    st.dataframe(frame, hide_index=True, width="stretch", column_config=number_columns(frame))
    _behind(store, rows, event, turn=f"{chosen}")


def _name(target: Target) -> str:
    title = target.article_title or target.thread_id or ""
    if title == target.target or not title:
        return say("stances.choice.same", target=target.target[:120], n=target.comments)
    return say("stances.choice", title=title[:90], target=target.target[:90], n=target.comments)


def _charts(rows: Sequence[Stance]) -> Any:
    left, right = st.columns(2)
    with left:
        st.header(say("stances.over_time"))
        event = st.altair_chart(
            stance_view.stance_chart(stance_view.by_day(rows)),
            key="stances_chart",
            on_select="rerun",
            selection_mode=[stance_view.PICK],
            alt=say("stances.over_time"),
        )
    with right:
        st.header(say("stances.severity_over_time"))
        frame = stance_view.severity_by_day(rows)
        st.altair_chart(stance_view.severity_chart(frame), alt=say("stances.severity_over_time"))
    return event


def _behind(store: Store, rows: Sequence[Stance], event: Any, *, turn: str) -> None:
    """List the comments of a bar, picked on the chart or in the menus."""
    state = st.session_state
    bar = stance_view.picked(event)
    days = [None, *sorted({row.day for row in rows})]
    if bar is not None and bar != state.get("stances_bar"):
        state["stances_bar"] = bar
        if bar[0] in days:
            state[f"stances_day_{turn}"], state[f"stances_stance_{turn}"] = bar
    st.caption(say("stances.choose"))
    left, right = st.columns(2)
    day = left.selectbox(
        say("stances.day"),
        days,
        format_func=lambda d: language.day(d) if d else say("stances.any.day"),
        key=f"stances_day_{turn}",
    )
    stance = right.selectbox(
        say("stances.stance"),
        [None, *STANCES],
        format_func=lambda s: say(f"stance.{s}") if s else say("stances.any.stance"),
        key=f"stances_stance_{turn}",
    )
    chosen = stance_view.behind(rows, day, stance)
    if not chosen:
        st.html(card.notice("info", say("stances.list.none")))
        return
    st.html(f'<div class="ct-strong">{html.escape(say("stances.list", **plural(len(chosen))))}</div>')
    pages, page = math.ceil(len(chosen) / SHOWN), 1
    if pages > 1:
        # the key holds the choice: another bar begins at its first page
        key = f"stances_page_{turn}_{day}_{stance}"
        page = st.number_input(say("stances.page", pages=pages), 1, pages, key=key, width=160)
    for row in chosen[(page - 1) * SHOWN : page * SHOWN]:
        _one(store, row)


def _one(store: Store, row: Stance) -> None:
    try:
        item: QueueItem = store.item(row.id)
    except StoreError:  # erased meanwhile
        return
    key = "stances.said" if row.stance_said else "stances.predicted"
    said = say(key, stance=say(f"stance.{row.stance}"))
    st.html(preview.comments([item], "incivility", nothing="", note=said))
