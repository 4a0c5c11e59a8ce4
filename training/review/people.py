"""Who works in this session, and what they may do.

A store without accounts is in single-user mode: whoever sits at this machine may do everything.
Otherwise somebody is known by a session of the store, whose key the browser keeps in a cookie, or
by the organisation's identity provider.
"""

import hashlib
import time
from dataclasses import dataclass, replace
from typing import Final, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.errors import StoreError
from data.store import Store
from data.store.accounts import Account, Role
from training.review import opened, provider, settings

Act = Literal["decide", "label", "batch", "policy", "promote", "export", "accounts"]

_MODERATOR: Final[frozenset[Act]] = frozenset({"decide", "label", "batch"})
_ACTS: Final[dict[Role, frozenset[Act]]] = {
    "lecture": frozenset(),
    "moderateur": _MODERATOR,
    "responsable": _MODERATOR | {"policy", "promote", "export", "accounts"},
}

ASK_AGAIN: Final = 5.0
"""Seconds during which the answer of the store holds: the queue asks at every key."""

_KNOWN: Final = "people_known"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone at work: the name kept with their decisions, and their role.

    >>> camille = Person("Camille", "moderateur", single_user=False)
    >>> camille.may("decide"), camille.may("promote")
    (True, False)
    """

    name: str
    role: Role
    single_user: bool
    """Whether the app has no accounts: whoever sits at this machine may do everything."""
    ended: bool = False
    """Whether nobody is signed in (any more): nothing may be done or shown before they are."""

    def may(self, act: Act) -> bool:
        return not self.ended and act in _ACTS[self.role]


@dataclass(frozen=True, slots=True)
class Known:
    """What a tab remembers of its person; ``key`` is the session's, ``None`` without one."""

    person: Person
    key: str | None
    asked_at: float


def current() -> Person:
    """Who works in this session.

    Raises
    ------
    StoreError
        When the store cannot say whether anyone has to sign in.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return _single()
    known: Known | None = st.session_state.get(_KNOWN)
    if known is not None and not known.person.ended and time.monotonic() - known.asked_at < ASK_AGAIN:
        return known.person
    return _ask(known).person


def stop_if_ended() -> Person:
    """Give who works here, or go to the sign-in page; first thing in every fragment.

    Call it before anything that the browser sent is acted on or acknowledged, and act as the person
    it gives: what stays in the browser's log is sent again, and done, when they have signed in again.
    """
    person = current()
    if person.ended:
        st.rerun()
    return person


def sign_in(account: Account) -> None:
    """Begin the session of someone whose password was right."""
    known: Known | None = st.session_state.get(_KNOWN)
    key = opened.store().start_session(account.name)
    if known is not None and known.person.name != account.name:
        _forget()
    _remember(Known(_person(account), key, time.monotonic()))


def sign_out() -> None:
    """End the session, here and in the store."""
    known: Known | None = st.session_state.get(_KNOWN)
    if known is not None and known.key is not None:
        opened.store().end_session(known.key)
    _forget()
    _remember(Known(_NOBODY, None, time.monotonic()))
    if provider.address() is not None:
        provider.sign_out()


def cookie() -> tuple[str, str] | None:
    """Name and value that the browser's cookie should have and lacks; an empty value removes it."""
    known: Known | None = st.session_state.get(_KNOWN)
    if known is None or known.person.single_user:
        return None
    name = cookie_name(opened.store())
    wanted = "" if known.person.ended else known.key or ""
    return None if _sent(name) == wanted else (name, wanted)


def cookie_name(store: Store) -> str:
    """Name of a store's cookie: browsers mix up the cookies of two ports."""
    return "courtois_" + hashlib.sha256(store.where.encode()).hexdigest()[:12]


def _ask(known: Known | None) -> Known:
    try:
        store = opened.store()
        if not store.has_accounts():
            # an address is given for other machines only
            far = isinstance(st.context.ip_address, str)
            return _remember(Known(_NOBODY if far else _single(), None, time.monotonic()))
        found = _signed_in(store, known)
    except StoreError:
        if known is None or known.person.ended:
            raise
        return known  # who was let in stays while the store is away: it is asked again soon
    if found is not None:
        return _remember(found)
    before = known.person if known is not None and not known.person.single_user else _NOBODY
    return _remember(Known(replace(before, ended=True), None, time.monotonic()))


def _signed_in(store: Store, known: Known | None) -> Known | None:
    # a tab that was signed out does not come back through the cookie that it was opened with
    key = _sent(cookie_name(store)) if known is None else known.key
    account = store.session(key) if key else None
    if account is not None:
        return Known(_person(account), key, time.monotonic())
    address = provider.address()
    account = store.account_of(address) if address else None
    return None if account is None else Known(_person(account), None, time.monotonic())


def _sent(name: str) -> str:
    """Cookie that the browser sent when the tab was opened."""
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) else ""


def _forget() -> None:
    """Leave nothing of one person in the tab for the next."""
    for name in list(st.session_state):
        del st.session_state[name]


def _remember(known: Known) -> Known:
    st.session_state[_KNOWN] = known
    return known


def _single() -> Person:
    return Person(settings.moderator_name(), "responsable", single_user=True)


def _person(account: Account) -> Person:
    return Person(account.name, account.role, single_user=False)


_NOBODY: Final = Person("", "lecture", single_user=False, ended=True)
