"""Damage done to a bundle on disk, and how loading must answer."""

from pathlib import Path

import pytest

from data.errors import BundleError
from model.bundle import load_bundle
from model.manifest import CARD, MANIFEST, WEIGHTS

FILES = (MANIFEST, WEIGHTS, CARD)


def refused(folder: Path, *words: str) -> None:
    """Loading gives one line that names the place, holds ``words``, and says what to do."""
    with pytest.raises(BundleError) as error:
        load_bundle(folder)
    message = str(error.value)
    assert folder.name in message
    assert error.value.fix
    assert "\n" not in message
    for word in words:
        assert word in message
