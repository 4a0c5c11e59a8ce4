"""The page before every other, in a store with accounts."""

from typing import Final

import streamlit as st

from data.errors import StoreError
from data.store.logins import Refusal
from training.review import card, opened, people, provider
from training.review.language import say

_NO_HINT: Final = '<style>[data-testid="InputInstructions"] { display: none; }</style>'
"""Streamlit's own hint beside a field is in English only."""


def draw(ended: str) -> None:
    """Draw the form; ``ended`` is who was signed in until now, if anybody was."""
    _, middle, _ = st.columns([1, 2, 1])
    with middle:
        st.title(say("login.title"))
        if not opened.store().has_accounts():
            st.html(card.notice("error", say("login.local")))
            return
        if ended:
            st.html(card.notice("warning", say("login.ended", name=ended)))
        _provider()
        with st.form("login", border=True):
            st.html(_NO_HINT)
            # who comes back to their own tab only types the password
            name = st.text_input(say("login.name"), value=ended, key="login_name", autocomplete="username")
            password = st.text_input(
                say("login.password"), type="password", key="login_password", autocomplete="current-password"
            )
            if st.form_submit_button(say("login.submit"), type="primary"):
                _try(name, password)
        st.caption(say("login.help"))


def _try(name: str, password: str) -> None:
    try:
        found = opened.store().sign_in(name[:200], password)
        if not isinstance(found, Refusal):
            people.sign_in(found)
    except StoreError as error:
        st.html(card.notice("error", say("login.store", what=str(error))))
        return
    if isinstance(found, Refusal):
        st.html(card.notice("error", say(f"login.{found.kind}", seconds=found.seconds)))
        return
    st.rerun()


def _provider() -> None:
    address = provider.address()
    if address is not None:
        st.html(card.notice("error", say("login.unknown", address=address)))
        if st.button(say("logout"), key="login_provider_out"):
            provider.sign_out()
        return
    for name in provider.names():
        label = say("login.provider") if name == "default" else say("login.provider.named", name=name)
        if st.button(label, key=f"login_provider_{name}"):
            provider.sign_in(name)
