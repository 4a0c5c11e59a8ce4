"""Page *Journal*: the audit log, searched and paged, exported, with the reasons of rejections."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import streamlit as st

from data.errors import CourtoisError
from data.reasons import REASONS
from data.store import Store
from data.store.journal import COUNTED
from data.store.journal_records import KINDS, NO_REASON, JournalFacets, JournalFilter
from training.review import card, journal_export, journal_reason, journal_view
from training.review.language import say
from training.review.people import Person
from training.review.safe_html import escape

PAGE: Final = 50
_WIDTH: Final = 131
"""Pixels of a criterion: all in a row on a wide screen, two in a row on a phone."""

_TEXTS: Final = ("text", "article", "comment")
_CHOICES: Final = ("moderator", "kind", "reason", "source", "bundle")
_DATES: Final = ("since", "until")
_BEFORE: Final = "journal_before"
"""Rows that the pages shown so far began before; the last one is this page's."""


def draw(store: Store, person: Person) -> None:
    """Draw the page for ``person``; every figure is read anew at each drawing."""
    st.caption(say("journal.intro"))
    if (given := st.query_params.get("commentaire")) and "journal_comment" not in st.session_state:
        st.session_state["journal_comment"] = given[:1000]
    try:
        facets = store.journal_facets()
        _unreasoned(store)
        conditions = _search(facets)
        _rows(store, conditions, person)
    except CourtoisError as error:
        st.html(card.notice("error", say("journal.error", what=str(error))))


def _unreasoned(store: Store) -> None:
    waiting = store.unreasoned()
    if waiting:
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.html(card.notice("warning", say("journal.unreasoned", n=waiting)))
        right.button(
            say("journal.unreasoned.show"),
            key="journal_show_unreasoned",
            on_click=_set,
            kwargs={"reason": NO_REASON},
            width="stretch",
        )


def _search(facets: JournalFacets) -> JournalFilter:
    with st.form("journal_form", border=True):
        for name, column in zip(_TEXTS, st.columns(3), strict=True):
            column.text_input(say(f"journal.{name}"), key=f"journal_{name}", max_chars=1000)
        options: dict[str, tuple[list[str], Callable[[str], str]]] = {
            "moderator": (facets.moderators, str),
            "kind": (list(KINDS), lambda kind: say(f"journal.kind.{kind}")),
            "reason": ([NO_REASON, *REASONS], _reason_name),
            "source": (["human", "rule"], lambda source: say(f"journal.source.{source}")),
            "bundle": (facets.bundles, str),
        }
        row = st.container(horizontal=True)
        for name in _CHOICES:
            values, shown = options[name]
            row.selectbox(
                say(f"journal.{name}"),
                values,
                index=None,
                format_func=shown,
                placeholder=say("journal.any.moderator" if name == "moderator" else "journal.any"),
                key=f"journal_{name}",
                width=_WIDTH,
            )
        for name in _DATES:
            row.date_input(
                say(f"journal.{name}"),
                value=None,
                min_value=date(2000, 1, 1),
                format="DD/MM/YYYY",
                key=f"journal_{name}",
                width=_WIDTH,
            )
        left, right = st.columns([1, 1])
        left.form_submit_button(say("journal.search"), type="primary", width="stretch", on_click=_first_page)
        right.form_submit_button(say("journal.clear"), width="stretch", on_click=_set)
    return _conditions()


def _conditions() -> JournalFilter:
    held = {name: st.session_state.get(f"journal_{name}") for name in (*_TEXTS, *_CHOICES, *_DATES)}
    given: dict[str, Any] = {name: value for name, value in held.items() if value}
    given |= {name: given[name].isoformat() for name in _DATES if name in given}
    given |= {name: given[name].strip() for name in _TEXTS if name in given}
    comment_id = given.pop("comment", None)
    return JournalFilter(comment_id=comment_id or None, **{name: v for name, v in given.items() if v})


def _set(**values: str) -> None:
    """Give the form ``values`` and empty the rest of it."""
    for name in (*_TEXTS, *_CHOICES, *_DATES):
        st.session_state[f"journal_{name}"] = values.get(name, "" if name in _TEXTS else None)
    if "commentaire" in st.query_params:
        del st.query_params["commentaire"]
    _first_page()


def _first_page() -> None:
    st.session_state[_BEFORE] = []


def _rows(store: Store, conditions: JournalFilter, person: Person) -> None:
    pages: list[int] = st.session_state.setdefault(_BEFORE, [])
    found = store.search_journal(conditions, limit=PAGE + 1, before=pages[-1] if pages else None)
    entries, more = found[:PAGE], len(found) > PAGE
    if not entries and not pages:
        anything = conditions != JournalFilter()
        st.html(card.notice("info", say("journal.none" if anything else "journal.empty")))
        return
    total = store.count_journal(conditions)
    counted = say("journal.count.more", n=COUNTED) if total > COUNTED else say("journal.count", n=total)
    st.html(f'<div class="ct-meta" role="status">{escape(counted)}</div>')
    st.html(journal_view.table(entries))
    _turn(pages, entries[-1].id if more and entries else None)
    if person.may("decide"):
        journal_reason.draw(store, conditions, person.name)
    if person.may("export"):
        journal_export.draw(store, conditions)


def _turn(pages: list[int], older: int | None) -> None:
    if not pages and older is None:
        return
    left, middle, right = st.columns(3)
    left.button(
        say("journal.newest"), key="journal_newest", disabled=not pages, on_click=pages.clear, width="stretch"
    )
    middle.button(
        say("journal.newer"),
        key="journal_newer",
        disabled=not pages,
        on_click=lambda: pages.pop() if pages else None,
        width="stretch",
    )
    right.button(
        say("journal.older"),
        key="journal_older",
        disabled=older is None,
        on_click=pages.append,
        args=(older,),
        width="stretch",
    )


def _reason_name(code: str) -> str:
    return say("journal.no_reason") if code == NO_REASON else REASONS[code].label
