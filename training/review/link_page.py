"""The page *Santé du lien*: does the comment system get its scores, and in time?"""

import math
from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from training.review import card, link
from training.review.language import moment, percent, say
from training.review.safe_html import escape


def draw() -> None:
    """Draw the page; figures are asked for anew at each drawing."""
    st.caption(say("link.intro"))
    base = st.text_input(say("link.address"), value=link.address(), key="link_address")
    try:
        health = link.health(base)
    except link.LinkError as error:
        st.html(card.notice("error", say("link.down", what=str(error))))
        st.button(say("link.reload"), key="link_reload")
        return
    _figures(health)
    st.button(say("link.reload"), key="link_reload")
    _probe(base)


def _figures(health: link.Health) -> None:
    if health.slow > 0.01:
        st.html(card.notice("warning", say("link.slow.warning", share=percent(health.slow))))
    last = say("link.never") if health.last is None else moment(_stamp(health.last))
    columns = st.columns([1.5, 1, 1, 1, 1])
    facts = (
        ("link.last", last),
        ("link.total", str(health.total)),
        ("link.p50", _milliseconds(health.p50)),
        ("link.p99", _milliseconds(health.p99)),
        ("link.slow", percent(health.slow)),
    )
    for column, (name, value) in zip(columns, facts, strict=True):
        column.metric(say(name), value)
    more = say("link.more", bundle=health.bundle, waiting=health.waiting, suggestions=health.suggestions)
    st.html(f'<div class="ct-meta">{escape(more)}</div>')
    left, right = st.columns(2)
    with left:
        _table(say("link.errors"), health.errors, say("link.errors.none"))
    with right:
        named = {say("link.key.open") if name == "-" else name: n for name, n in health.keys.items()}
        _table(say("link.keys"), named, say("link.never"))


def _table(title: str, rows: Mapping[str, int], empty: str) -> None:
    cells = "".join(
        f'<tr><td>{escape(name)}</td><td class="ct-num">{number}</td></tr>' for name, number in rows.items()
    )
    body = f'<table class="ct-reasons"><tbody>{cells}</tbody></table>' if rows else escape(empty)
    st.html(f'<div class="ct-meta">{escape(title)}</div>{body}')


def _probe(base: str) -> None:
    with st.form("link_probe", border=True):
        key = st.text_input(say("link.key"), type="password", key="link_key")
        if not st.form_submit_button(say("link.test"), type="primary"):
            return
    try:
        found = link.probe(base, key.strip())
    except link.LinkError as error:
        st.html(card.notice("error", say("link.test.failed", what=str(error))))
        return
    level = "success" if found.milliseconds < 800 else "warning"
    said = say("link.test.done", ms=f"{found.milliseconds:.0f}", score=percent(found.score))
    st.html(card.notice(level, said))


def _milliseconds(value: float | None) -> str:
    if value is None:
        return "–"
    return say("link.beyond") if math.isinf(value) else f"{value:.0f}\xa0ms"


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
