"""Read the tables of test sentences: tab-separated, ``#`` lines are remarks, then the columns' names."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from data.errors import InputError

_BRACES: Final = re.compile(r"\{([^{}]*)\}")


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Rows of ``<name>.tsv`` in file order, each a mapping of column to cell.

    Raises
    ------
    InputError
        For a line with more or fewer cells than the header.

    >>> table("identity_terms")[0]["plural"]
    'lesbiennes'
    """
    text = files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    return parse(text, f"{name}.tsv")


def parse(text: str, where: str) -> tuple[Mapping[str, str], ...]:
    """Read the text of a table; raises as :func:`table` does."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line and line[0] != "#"]
    columns = lines[0][1].split("\t") if lines else []
    rows = []
    for number, line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise InputError(
                f"{len(cells)} cells, not {len(columns)}",
                where=f"{where}:{number}",
                fix="separate cells by one tab",
            )
        rows.append(dict(zip(columns, cells, strict=True)))
    return tuple(rows)


def filled(sentence: str, forms: Mapping[str, str], side: int = 0) -> str:
    """Put ``forms`` into the braces of a sentence; of ``{a|b}`` take the one that ``side`` numbers.

    Raises
    ------
    InputError
        For braces that name no form.

    >>> filled("{Les} sont venu{s|es}.", {"Les": "Les voisines"}, side=1)
    'Les voisines sont venues.'
    """

    def one(found: re.Match[str]) -> str:
        inside = found[1]
        if inside in forms:
            return forms[inside]
        sides = inside.split("|")
        if len(sides) != 2:
            raise InputError(f"{{{inside}}} is no form and no pair", fix="write {a|b} or a known form")
        return sides[side]

    return _BRACES.sub(one, sentence)
