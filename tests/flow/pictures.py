"""Which pictures of the review app there are, and which of them the moderators' guide shows."""

import io
import re
from pathlib import Path
from typing import Final

import browser_rig
from PIL import Image

_NAVIGATION: Final = (browser_rig.ROOT / "training" / "review" / "navigation.py").read_text(encoding="utf-8")
PAGES: Final = re.findall(r'url_path="([a-z-]+)"', _NAVIGATION)
FIRST: Final = re.findall(r'url_path="([a-z-]+)", default=True', _NAVIGATION)
"""The page that is served without a path."""

WIDE: Final = {"width": 1280, "height": 800}
NARROW: Final = {"width": 390, "height": 844}
HALF: Final = {"width": 800, "height": 900}
"""Half of a screen."""
LOOKS: Final = (("light", WIDE), ("phone", NARROW), ("dark", WIDE))
FORM: Final = "journal-motif.png"
SIGN_IN: Final = "connexion-light.png"

TALLEST: Final = 1500
"""Pixels of a picture that is as high as its page, at most."""

LARGEST: Final = 150_000
"""Bytes of a picture, at most: they are in the repository."""

GUIDE: Final = browser_rig.ROOT / "docs" / "moderateurs.md"
IMAGES: Final = browser_rig.ROOT / "docs" / "images"


def shown() -> set[str]:
    """Names of the pictures in the guide."""
    return set(re.findall(r"\(images/([\w-]+\.png)\)", GUIDE.read_text(encoding="utf-8")))


def keep(shot: bytes, path: Path) -> None:
    """Keep a picture in few colours; none is lost that covers a word."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= LARGEST
