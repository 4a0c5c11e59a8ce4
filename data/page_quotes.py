"""Whose words a line of a comment is: the author's, an earlier comment's, or the article's."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

LONG_QUOTE: Final = 25
"""Characters, after folding, from which any part of a line counts as quoted."""

WHOLE_QUOTE: Final = 12
"""Characters from which a whole line or sentence counts; shorter ones are said by anyone."""

MAX_COMPARED: Final = 200
"""Earlier lines that one line is compared with, nearest first: a hostile page must not take hours."""

_WORDS: Final = re.compile(r"\w+")
_SENTENCE_END: Final = re.compile(r"[.!?…:;]+(?=\s|$)|[«»]")
_LEAD: Final = 3
ARTICLE: Final = -1
"""The source number of the article."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A comment's lines with the quoted ones marked, and the number of the comment it quotes."""

    text: str
    parent: int | None


def fold(line: str) -> str:
    """Reduce a line to its words: case, spaces, punctuation and forms of letters do not count.

    >>> fold("« L’accès, c’est   FINI ! »") == fold("l'accès c'est fini")
    True
    """
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", line).casefold()))


class Quotations:
    """What may be quoted so far: the article, then each comment as it is added."""

    def __init__(self, article: Sequence[str]) -> None:
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._lines: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._add(ARTICLE, article)

    def resolve(self, number: int, lines: Sequence[str]) -> Resolved:
        """Mark the quoted lines of comment ``number`` and remember its own ones.

        A comment made only of words found elsewhere quotes nothing: it repeats them.
        """
        marked = [line.lstrip().startswith(">") for line in lines]
        sources = [
            self._source(line.lstrip("> ") if mark else line)
            for line, mark in zip(lines, marked, strict=True)
        ]
        own = [
            line
            for line, mark, found in zip(lines, marked, sources, strict=True)
            if not mark and found is None
        ]
        if not any(fold(line) or line.strip() for line in own):
            sources, own = [None] * len(lines), list(lines)
        self._add(number, own)
        text = "\n".join(
            line if mark or source is None else f"> {line.strip()}"
            for line, mark, source in zip(lines, marked, sources, strict=True)
        )
        quoted = [source for source in sources if source is not None]
        parent = next((source for source in quoted if source != ARTICLE), None)
        return Resolved(text, parent)

    def _source(self, line: str) -> int | None:
        folded = fold(line)
        if len(folded) >= WHOLE_QUOTE and folded.count(" ") >= 2 and folded in self._whole:
            return self._choose(self._whole[folded])
        if len(folded) < LONG_QUOTE:
            return None
        candidates = self._lines.get(_lead(folded.split()), [])
        nearest = islice(reversed(candidates), MAX_COMPARED)
        return self._choose([number for number, text in nearest if f" {folded} " in f" {text} "])

    @staticmethod
    def _choose(sources: Sequence[int]) -> int | None:
        # A line of the article that a reader took up is still the article's.
        if not sources or ARTICLE in sources:
            return ARTICLE if sources else None
        return max(sources)

    def _add(self, number: int, lines: Sequence[str]) -> None:
        for line in lines:
            for part in (line, *_SENTENCE_END.split(line)):
                if (folded := fold(part)) and number not in self._whole[folded]:
                    self._whole[folded].append(number)
            words = fold(line).split()
            text = " ".join(words)
            for lead in {_lead(words[start : start + _LEAD]) for start in range(len(words))}:
                self._lines[lead].append((number, text))


def _lead(words: Sequence[str]) -> str:
    return " ".join(words[:_LEAD])
