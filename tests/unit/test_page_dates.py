"""Date lines of saved pages, and the year that they leave out."""

from datetime import date

import pytest
from page_text import TODAY

from data.page_dates import date_line, resolve_year


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Le 11 juin à 09h36", (11, 6, None)),
        ("Publié le 1er août 2023 à 7h", (1, 8, 2023)),
        ("mardi 10 févr. 2026", (10, 2, 2026)),
        ("Mis à jour le 05/12/2024 12:30", (5, 12, 2024)),
        ("2024-12-05T12:30", (5, 12, 2024)),
        ("4 mars - par la rédaction", (4, 3, None)),
    ],
)
def test_date_lines(line: str, expected: tuple[int, int, int | None]) -> None:
    found = date_line(line)
    assert found is not None
    assert (found.day, found.month, found.year) == expected
    assert found.text == line


@pytest.mark.parametrize(
    "line", ["Le 11 juin, tout a basculé.", "Le 12 juin les gens votent", "11 juin, tout commence ici.",
             "Le 45 mars", "mars 2024", "13/13/2024", "Il y a deux ans", ""],
)  # fmt: skip
def test_other_lines_are_no_dates(line: str) -> None:
    assert date_line(line) is None


@pytest.mark.parametrize(
    ("line", "article", "year", "expected"),
    [
        ("Le 11 juin", "ce mardi 10 juin", None, date(2025, 6, 11)),
        ("Le 11 juin", "ce mardi 10 juin", 2014, date(2014, 6, 11)),
        ("Le 11 juin 2022", "ce mardi 10 juin", 2014, date(2022, 6, 11)),
        ("Le 2 janvier", "mercredi 31 décembre", None, date(2026, 1, 2)),
        ("mardi 10 juin", "", None, date(2025, 6, 10)),
        ("Le 11 juin", "en juin dernier", None, None),
        ("Le 29 février", "", 2023, None),
        ("Le 29 février", "ce jeudi 29 février", None, date(2024, 2, 29)),
        ("Le 11 juin", "depuis le mardi 10 juin 2014, puis ce mardi 10 juin", None, date(2025, 6, 11)),
    ],
)
def test_the_year(line: str, article: str, year: int | None, expected: date | None) -> None:
    printed = date_line(line)
    assert printed is not None
    assert resolve_year(printed, article, year=year, today=TODAY) == expected
