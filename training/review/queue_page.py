"""The review queue: filters above, and the workbench that runs in the browser below."""

from typing import Final

import streamlit as st

from data.errors import InputError, StoreError
from data.store import Store
from training.review import card, people
from training.review.language import say
from training.review.people import Person
from training.review.service import ReviewService
from training.review.workbench import component, filter_bar
from training.review.workbench.desk import Desk
from training.review.workbench.explainer import Explainer
from training.review.workbench.wire import Ask, read_ask

KEY: Final = "workbench"
"""Session key of the component, where the browser's messages arrive."""

DESK: Final = "queue_desk"


def draw(service: ReviewService) -> None:
    """Draw the queue; a key pressed in it runs the workbench's part of the page again, not the rest."""
    try:
        filter_bar.draw(service.store, people.current().name)
        _fragment(service)
    except (StoreError, InputError) as error:
        st.html(card.notice("error", say("error.store.read", what=str(error))))
        st.button(say("error.retry"), key="retry")


def _draw(service: ReviewService) -> None:
    person = people.stop_if_ended()  # what the browser sent stays in its log until they have signed in
    ask = read_ask((st.session_state.get(KEY) or {}).get("ask"))
    desk = _desk(service, person)
    _turn_to(ask)
    desk.filter, desk.order = filter_bar.chosen()
    data = desk.answer(ask)
    if ask.config:
        data["config"] = component.config(service.store, desk.person)
    component.mount(data, KEY)


_fragment = st.fragment(_draw)


def _turn_to(ask: Ask) -> None:
    """Show the comments of another status, once for each time that it is asked."""
    state, asked = st.session_state, (ask.mount, ask.seq)
    if ask.view in component.STATUSES and state.get("queue_turned") != asked:
        state["queue_turned"] = asked
        state[filter_bar.STATUS] = ask.view


def _desk(service: ReviewService, person: Person) -> Desk:
    held = st.session_state.get(DESK)
    if isinstance(held, Desk) and held.person == person and held.store is service.store:
        return held
    desk = Desk(service.store, person, _explainer(service.store, service))
    st.session_state[DESK] = desk
    return desk


def _make_explainer(store: Store, _service: ReviewService) -> Explainer:
    return Explainer(_service.explain)


_explainer = st.cache_resource(
    _make_explainer, show_spinner=False, hash_funcs={Store: lambda store: store.where}
)
