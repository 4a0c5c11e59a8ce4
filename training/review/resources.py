"""The store and the scorer of this installation, opened once per process and shared by every tab."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from data.store import Store
from training.review import scorers, settings
from training.review.service import ReviewService

if TYPE_CHECKING:
    from model.scorer import Scorer


def service() -> ReviewService:
    """Give the service of this installation: store and bundle from the environment.

    Raises
    ------
    StoreError
        When the store cannot be opened.
    """
    store: Store = _open(os.environ.get(settings.STORE) or None)
    return ReviewService(store, settings.moderator_name(), scorer)


def scorer() -> "Scorer":
    """Give the scorer of the bundle in use.

    Raises
    ------
    BundleError
        When the bundle is damaged or absent.
    """
    given = os.environ.get(settings.BUNDLE)
    return scorers.load(Path(given) if given else None)


def _open_store(url: str | None) -> Store:
    return Store.open(url)


_open = st.cache_resource(_open_store, show_spinner=False)
