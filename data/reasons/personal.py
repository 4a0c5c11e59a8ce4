"""What must not stand in a statement of reasons: anyone's name or address, or the comment itself."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from data.errors import InputError
from data.reasons.drafting import fixed

MAX_STATEMENT: Final = 5000
"""Longest statement in characters: what the Commission's database takes as facts."""

RUN: Final = 6
"""Words of a comment in a row that count as quoting it; all of them in a shorter comment."""

LONGEST_NAME: Final = 4
"""Words of the longest pseudonym that is looked for."""

ProblemKind = Literal["email", "phone", "handle", "author", "moderator", "quote", "long", "empty"]

MEANINGS: Final[dict[ProblemKind, str]] = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "handle": "an account name (@…)",
    "author": "the author's pseudonym",
    "moderator": "a moderator's name",
    "quote": "words of the comment",
    "long": f"more than {MAX_STATEMENT} characters",
    "empty": "no words",
}

_EMAIL: Final = re.compile(r"[^\s@<>()«»,;:]+@[^\s@<>()«»,;:]+\.\w{2,}")
_HANDLE: Final = re.compile(r"(?<![\w@.])@\w[\w.-]*\w")
_PHONE: Final = re.compile(
    r"(?<![\w+])(?:0[1-9](?:[\s.\-]?\d\d){4}|(?:\+|00)[1-9](?:[\s.\-()]{0,2}\d){7,13})(?!\w)"
)
_WORD: Final = re.compile("[\\w\u00ad\u200b-\u200f\u2060\ufeff]+")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with ``statement[begin:end]``."""

    kind: ProblemKind
    begin: int
    end: int


class StatementError(InputError):
    """A statement of reasons that must not be kept; ``problems`` says what and where.

    The message gives positions alone: what stands there may be somebody's words or name.
    """

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, fix=fix)
        self.problems: tuple[Problem, ...] = ()


def problems(
    statement: str,
    *,
    comment: str = "",
    moderators: Collection[str] = (),
    is_author: Callable[[str], bool] = lambda name: False,
) -> list[Problem]:
    """Find what a statement must not hold, in the order of the text.

    Parameters
    ----------
    comment
        Text of the comment that was rejected.
    moderators
        Names that must not appear.
    is_author
        Whether a few words are the author's pseudonym.

    Words that every drafted statement may hold are never a problem, so that no comment or name
    can make a statement impossible.

    >>> problems("Écrire à a.b@exemple.fr")
    [Problem(kind='email', begin=9, end=23)]
    >>> problems("Ce n’est pas « un vrai clown »", comment="Un VRAI clown !")
    [Problem(kind='quote', begin=15, end=28)]
    """
    if not statement.strip():
        return [Problem("empty", 0, len(statement))]
    found = [Problem("long", MAX_STATEMENT, len(statement))] if len(statement) > MAX_STATEMENT else []
    patterns: tuple[tuple[ProblemKind, re.Pattern[str]], ...] = (
        ("email", _EMAIL),
        ("phone", _PHONE),
        ("handle", _HANDLE),
    )
    for kind, pattern in patterns:
        found += [Problem(kind, *match.span()) for match in pattern.finditer(statement)]
    held = [match for match in _WORD.finditer(statement) if _plain(match[0])]
    plain = tuple(_plain(match[0]) for match in held)
    found += _runs("quote", held, plain, _quotable(comment))
    for name in moderators:
        found += _runs("moderator", held, plain, {_words(name)})
    found += _authors(statement, held, plain, is_author)
    return sorted(set(found), key=lambda one: (one.begin, one.end))


def refuse(found: Collection[Problem]) -> None:
    """Raise StatementError when anything was found."""
    if not found:
        return
    said = "; ".join(f"{MEANINGS[one.kind]} (characters {one.begin + 1} to {one.end})" for one in found)
    error = StatementError(
        f"the statement of reasons has {said}", fix="reword it without quoting or naming anyone"
    )
    error.problems = tuple(found)
    raise error


def _quotable(comment: str) -> set[Words]:
    words = _words(comment)
    size = min(RUN, len(words))
    if size == 0 or (size == 1 and len(words[0]) < 4):  # « Non » is nobody's in particular
        return set()
    return {words[at : at + size] for at in range(len(words) - size + 1)}


def _runs(
    kind: ProblemKind, held: list[re.Match[str]], plain: Words, wanted: Collection[Words]
) -> Iterator[Problem]:
    """Yield the places where one of ``wanted`` stands; places that touch or overlap are one."""
    begin = end = -1
    for size in {len(words) for words in wanted if words}:
        for at in range(len(plain) - size + 1):
            run = plain[at : at + size]
            if run not in wanted or run in _ours(size):
                continue
            if begin >= 0 and held[at].start() > end:
                yield Problem(kind, begin, end)
                begin = -1
            begin = held[at].start() if begin < 0 else begin
            end = held[at + size - 1].end()
        if begin >= 0:
            yield Problem(kind, begin, end)
            begin = end = -1


def _authors(
    statement: str, held: list[re.Match[str]], plain: Words, is_author: Callable[[str], bool]
) -> Iterator[Problem]:
    for size in range(1, LONGEST_NAME + 1):
        for at in range(len(held) - size + 1):
            begin, end = held[at].start(), held[at + size - 1].end()
            if plain[at : at + size] not in _ours(size) and is_author(statement[begin:end]):
                yield Problem("author", begin, end)


@cache
def _ours(size: int) -> frozenset[Words]:
    return frozenset(words[at : at + size] for words in _drafted() for at in range(len(words) - size + 1))


@cache
def _drafted() -> tuple[Words, ...]:
    return tuple(_words(text) for text in fixed())


def _words(text: str) -> Words:
    return tuple(plain for match in _WORD.finditer(text) if (plain := _plain(match[0])))


def _plain(word: str) -> str:
    """Lower case without accents or invisible characters."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
