"""What a page says to someone whose role does not allow what it offers."""

import streamlit as st

from training.review import card, people
from training.review.language import say
from training.review.people import Act


def allowed(act: Act) -> bool:
    """Whether this session's person may; when not, the page says so where the form would stand."""
    person = people.current()
    if person.may(act):
        return True
    st.html(card.notice("info", say("people.may_not", role=say(f"people.{person.role}"))))
    return False
