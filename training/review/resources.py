"""The store and the scorer of this installation, opened once per process and shared by every tab."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from training.review import opened, people, scorers, settings
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
    return ReviewService(opened.store(), people.current().name, scorer)


def scorer() -> "Scorer":
    """Give the scorer of the bundle in use.

    Raises
    ------
    BundleError
        When the bundle is damaged or absent.
    """
    given = os.environ.get(settings.BUNDLE)
    return scorers.load(Path(given) if given else None)
