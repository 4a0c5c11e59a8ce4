"""The pictures of the moderators' guide, as the last ``make screenshots`` left them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_page_is_shown_with_small_pictures() -> None:
    navigation = (ROOT / "training" / "review" / "navigation.py").read_text(encoding="utf-8")
    pages = {f"{name}-light.png" for name in re.findall(r'url_path="([a-z-]+)"', navigation)}
    guide = (ROOT / "docs" / "moderateurs.md").read_text(encoding="utf-8")
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    assert pages
    assert pages <= set(sizes), "run make screenshots"
    assert set(sizes) == set(re.findall(r"\(images/([\w-]+\.png)\)", guide))
    assert max(sizes.values()) <= 150_000
    assert sum(sizes.values()) <= 1_500_000
