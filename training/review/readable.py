"""What a page shows when the store, or the bundle beside it, cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from data.errors import CourtoisError
from training.review import card
from training.review.language import say


@contextmanager
def readable(page: str) -> Iterator[None]:
    """Draw a page; where it cannot be read, say why and offer to try again."""
    try:
        yield
    except CourtoisError as error:
        st.html(card.notice("error", say("error.store.read", what=str(error))))
        st.button(say("error.retry"), key=f"{page}_retry")
