"""The store of this installation, opened once per process and shared by every tab."""

import os

import streamlit as st

from data.store import Store
from training.review import settings


def store() -> Store:
    """Give the store that the environment names.

    Raises
    ------
    StoreError
        When it cannot be opened.
    """
    opened: Store = _open(os.environ.get(settings.STORE) or None)
    return opened


def _open_store(url: str | None) -> Store:
    return Store.open(url)


_open = st.cache_resource(_open_store, show_spinner=False)
