"""Word lists written for this project, as tables that a linguist can edit.

Each ``*.tsv`` file has a header line and three columns: ``term`` (lower case, with accents),
``class`` (one of :data:`CLASSES`) and ``note``. The lists name abusive words plainly: they serve
to recognise abuse. ``identity.tsv`` is different: its terms are neutral, they serve to measure
bias and must never count as abuse by themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from data.errors import InputError

CLASSES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "profanity": frozenset({"interjection", "sexual", "scatological", "religious", "directed", "mild"}),
        "insults": frozenset({"strong", "mild", "nickname", "group", "animal", "phrase"}),
        "slurs": frozenset(
            {"origin", "religion", "gender", "orientation", "disability", "age", "class", "appearance"}
        ),
        "identity": frozenset(
            {"origin", "religion", "gender", "orientation", "disability", "age", "class", "appearance"}
        ),
        "threat": frozenset({"violence", "death_wish", "harm_wish", "menace", "call", "weapon"}),
        "aspersion": frozenset({"media", "thing", "plan", "company", "institution", "swindle"}),
        "lying": frozenset({"liar", "bought", "fake", "propaganda", "conspiracy"}),
        "dehumanise": frozenset({"vermin", "disease", "filth", "subhuman", "animal", "eradication"}),
        "polarity": frozenset({"+1", "-1"}),
        "context": frozenset({"negation", "intensifier", "quotation", "self_reference", "hedge"}),
        "address": frozenset({"tu", "vous", "vocative", "imperative"}),
        "emoji": frozenset(
            {
                "laugh", "irony", "joy", "love", "sad", "anger", "vomit", "feces", "threat", "finger",
                "clown", "animal", "applause", "approve", "disapprove", "shock", "bored", "think", "pray",
                "sex", "flag", "death", "party", "hand", "other",
            }
        ),
        "abbreviations": frozenset({"any_case", "lower_case"}),
        "everyday": frozenset({"interjection", "word"}),
    }
)  # fmt: skip
"""Name of each list and the classes that its second column may hold."""

_HEADER: Final = ["term", "class", "note"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list; ``kind`` is its class, ``note`` is free text (an expansion for abbreviations)."""

    term: str
    kind: str
    note: str = ""


@cache
def load(name: str) -> tuple[Entry, ...]:
    """Read one list, in file order.

    Raises
    ------
    InputError
        For an unknown list, or a line without a term, with a class outside :data:`CLASSES` or with
        a term that the list already has; the message gives file and line.

    >>> next(entry for entry in load("polarity") if entry.term == "bravo")
    Entry(term='bravo', kind='+1', note='')
    """
    if name not in CLASSES:
        raise InputError(
            f"no list named {name!r:.40}", where="data/lexicons", fix=f"use {', '.join(CLASSES)}"
        )
    text = files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    return parse(text, name)


def parse(text: str, name: str) -> tuple[Entry, ...]:
    """Read the text of the list ``name``; raises as :func:`load` does."""
    lines = text.splitlines()
    if not lines or lines[0].split("\t") != _HEADER:
        raise InputError("wrong header", where=f"{name}.tsv:1", fix="use term, class, note with tabs between")
    entries: dict[str, Entry] = {}
    for number, line in enumerate(lines[1:], start=2):
        where = f"{name}.tsv:{number}"
        cells = line.split("\t")
        if not 2 <= len(cells) <= 3 or not cells[0] or cells[0] != cells[0].strip():
            raise InputError("not a term, a class and a note", where=where, fix="separate them by one tab")
        entry = Entry(*cells)
        if entry.kind not in CLASSES[name]:
            raise InputError(
                f"class {entry.kind!r:.40} is unknown",
                where=where,
                fix=f"use {', '.join(sorted(CLASSES[name]))}",
            )
        if entry.term in entries:
            raise InputError("this term is already in the list", where=where, fix="keep one of the two lines")
        entries[entry.term] = entry
    return tuple(entries.values())


@cache
def terms(name: str) -> Mapping[str, str]:
    """Term to class of one list; raises as :func:`load` does.

    >>> terms("identity")["musulman"]
    'religion'
    """
    return MappingProxyType({entry.term: entry.kind for entry in load(name)})


def digest() -> str:
    """SHA-256 over all lists: a bundle records which words it was trained with."""
    total = sha256()
    for name in sorted(CLASSES):
        total.update(files(__package__).joinpath(f"{name}.tsv").read_bytes())
    return total.hexdigest()


__all__ = ["CLASSES", "Entry", "digest", "load", "parse", "terms"]
