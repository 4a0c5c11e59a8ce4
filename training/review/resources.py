"""The store and the scorer, opened once per process and shared by every tab."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from data.store import Store
from training.review import settings
from training.review.service import ReviewService

if TYPE_CHECKING:
    from model.scorer import Scorer


def service() -> ReviewService:
    """Service of this installation: store and bundle from the environment.

    Raises
    ------
    StoreError
        When the store cannot be opened.
    """
    store: Store = _open(os.environ.get(settings.STORE) or None)
    return ReviewService(store, settings.moderator_name(), scorer)


def scorer() -> "Scorer":
    """Scorer of the bundle in use; a bundle that was replaced on disk is loaded anew.

    Raises
    ------
    BundleError
        When the bundle is damaged or absent.
    """
    given = os.environ.get(settings.BUNDLE) or None
    loaded: Scorer = _load(given, _stamp(given))
    return loaded


def _stamp(given: str | None) -> int:
    if given is None:
        return 0
    try:
        return (Path(given) / "manifest.json").stat().st_mtime_ns
    except OSError:  # loading it says what is wrong, better than a stamp can
        return 0


def _open_store(url: str | None) -> Store:
    return Store.open(url)


def _load_scorer(path: str | None, stamp: int) -> "Scorer":
    from model.scorer import Scorer

    return Scorer.load(None if path is None else Path(path))


_open = st.cache_resource(_open_store, show_spinner=False)
_load = st.cache_resource(_load_scorer, show_spinner=False, max_entries=2)
