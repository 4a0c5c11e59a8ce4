"""Files that are no article page with comments, and pages as they were saved."""

from datetime import date
from pathlib import Path

import pytest
from page_text import TODAY

from data.errors import InputError
from data.pages import parse_page, read_page

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"


@pytest.mark.parametrize(
    "article",
    ["Un titre\n\nDu texte.\n", "Titre du jour\n\nRéactions\nLe maire, non.\nPub\nLe préfet, oui.\nPub\n",
     "Titre de ce jour\n\nCommentaires (3)\nUn.\nDeux.\nTrois.\n",
     "Un titre\n\n0 commentaire\n", "Un titre\n\nCommentaires (0)\nSoyez le premier à réagir\n"],
)  # fmt: skip
def test_articles_without_comments(article: str) -> None:
    with pytest.raises(InputError, match=r"p\.txt: (an article without comments|no comment can be told)"):
        parse_page(article, name="p.txt")


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "empty"), (b" \n", "empty"), (b"caf\xe9", "not UTF-8 at byte 3"), (b"a\0b", "not a text file"),
     (b"<!DOCTYPE html><p>", "HTML")],
)  # fmt: skip
def test_files_that_are_no_page(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "p.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=fault):
        read_page(path)


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder"):
        read_page(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        read_page(tmp_path / "p.txt")


@pytest.mark.parametrize("name", ["000_70c8ab5a4c5047f7", "001_12ea9f7ea75dd71d", "002_c2ac0cbbd49275f9",
                                  "003_1d372549272fe198"])  # fmt: skip
def test_real_articles_without_comments(name: str) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the real pages are not on this machine")
    with pytest.raises(InputError, match="an article without comments"):
        read_page(SEEDS / f"{name}.txt")


def test_a_real_page() -> None:
    path = SEEDS / "004_e0cc96f04eca1edf.txt"
    if not path.is_file():
        pytest.skip("the real pages are not on this machine")
    read = read_page(path, today=TODAY)
    assert (len(read.comments), read.warnings) == (19, ())
    assert read.title.startswith("Microsoft nie avoir")
    assert read.title.endswith("pénale internationale")
    assert (read.date, read.date_text) == (date(2025, 6, 11), "Le 11 juin à 09h36")
    assert {n: c.parent_id for n, c in enumerate(read.comments, 1) if c.parent_id} == {
        10: read.comments[8].id
    }
    quoted = {
        n for n, c in enumerate(read.comments, 1) for line in c.text.split("\n") if line.startswith("> ")
    }
    assert quoted == {10, 17}
    assert not any("avatar" in c.text or "Fermer" in c.text for c in read.comments)
    assert read_page(path, year=2014, today=TODAY).date == date(2014, 6, 11)
