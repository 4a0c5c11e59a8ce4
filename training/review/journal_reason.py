"""The reason of a rejection that stands: chosen, its statement read over, edited and kept."""

from dataclasses import replace
from typing import Final

import streamlit as st

from data.errors import CourtoisError, StoreError
from data.reasons import MAX_STATEMENT, ORIGINS, REASONS, Origin, StatementError, suggested
from data.store import QueueItem, Store
from data.store.journal_records import JournalEntry, JournalFilter
from training.french_numbers import whole
from training.review import card
from training.review.language import moment, say
from training.review.safe_html import block, escape
from training.review.statement_notice import refusal

_TOLD: Final = "journal_told"
_OFFERED: Final = 200


def draw(store: Store, conditions: JournalFilter, moderator: str) -> None:
    """Draw the form for the latest rejections that a search finds; nothing where there are none."""
    told = st.session_state.pop(_TOLD, None)
    found = [] if conditions.kind not in (None, "reject") else _rejections(store, conditions)
    rejections = {entry.id: entry for entry in found if _open_to_reasons(entry)}
    if told:
        st.html(card.notice("success", told))
    if not rejections:
        return
    with st.expander(say("journal.give"), expanded=told is not None):
        st.caption(say("journal.give.intro"))
        number = st.selectbox(
            say("journal.give.pick"),
            list(rejections),
            index=None,
            format_func=lambda n: _option(rejections[n]),
            placeholder=say("journal.give.choose"),
            key="journal_pick",
        )
        if number is not None:
            _form(store, rejections[number], moderator)


def _rejections(store: Store, conditions: JournalFilter) -> list[JournalEntry]:
    return store.search_journal(replace(conditions, kind="reject"), limit=_OFFERED)


def _open_to_reasons(entry: JournalEntry) -> bool:
    return entry.kind == "reject" and entry.undone_by is None and not entry.erased


def _option(entry: JournalEntry) -> str:
    id_ = entry.comment_id if len(entry.comment_id) <= 24 else entry.comment_id[:23] + "…"
    return say("journal.give.option", n=entry.id, when=moment(entry.decided_at), who=entry.moderator, id=id_)


def _form(store: Store, entry: JournalEntry, moderator: str) -> None:
    try:
        item = store.item(entry.comment_id)
        held = _in_force(store, entry)
    except StoreError as error:
        st.html(card.notice("warning", say("journal.give.failed", what=str(error))))
        return
    st.html(card.context(item) + block(item.comment.text))
    if item.status != "rejected":
        st.html(card.notice("warning", say("journal.give.gone")))
        return
    known = None if held.reason is None else REASONS.get(held.reason)
    if known is not None:
        st.html(_meta(say("journal.give.current", reason=known.label)))
    left, right = st.columns(2)
    codes, origins = list(REASONS), list(ORIGINS)
    first = suggested(item.scores) if known is None else known.code
    reason = left.selectbox(
        say("journal.give.reason"),
        codes,
        index=None if first is None else codes.index(first),
        format_func=lambda code: REASONS[code].label,
        placeholder=say("journal.give.choose"),
        key=f"journal_reason_{entry.id}",
    )
    origin: Origin = right.selectbox(
        say("journal.give.origin"),
        origins,
        index=origins.index(held.origin or "voluntary"),
        format_func=lambda one: say(f"journal.origin.{one}"),
        key=f"journal_origin_{entry.id}",
    )
    if reason is not None:
        _statement(store, item, held, moderator, reason, origin)


def _in_force(store: Store, entry: JournalEntry) -> JournalEntry:
    """Find the latest word on the reason: the rejection's own, or one given after it."""
    given = store.search_journal(JournalFilter(comment_id=entry.comment_id, kind="justify"), limit=1)
    return given[0] if given and given[0].id > entry.id else entry


def _statement(
    store: Store, item: QueueItem, held: JournalEntry, moderator: str, reason: str, origin: Origin
) -> None:
    same = (held.reason, held.origin) == (reason, origin) and held.statement is not None
    comment_id = item.comment.id
    text = held.statement if same else store.draft_statement(comment_id, reason, origin=origin)
    statement = st.text_area(
        say("journal.give.statement"),
        value=text,
        height=300,
        key=f"journal_statement_{held.id}_{reason}_{origin}",
    )
    st.html(_meta(say("journal.give.length", n=whole(len(statement)), most=whole(MAX_STATEMENT))))
    if not st.button(say("journal.give.save"), type="primary", key=f"journal_save_{held.id}"):
        return
    try:
        store.justify(comment_id, moderator=moderator, reason=reason, statement=statement, origin=origin)
    except StatementError as error:
        st.html(card.notice("error", refusal(error, statement)))
    except CourtoisError as error:
        st.html(card.notice("error", say("journal.give.failed", what=str(error))))
    else:
        st.session_state[_TOLD] = say("journal.give.saved")
        st.rerun()


def _meta(text: str) -> str:
    return f'<div class="ct-meta">{escape(text)}</div>'
