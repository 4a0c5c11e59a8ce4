"""A text under way through the steps, with a map of every character back to the original."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple


class Edit(NamedTuple):
    """Put ``text`` in place of ``[begin, end)``; edits of one step are in order and never overlap."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a step read behind a stretch ``[begin, end)`` of the original, to show to a moderator."""

    begin: int
    end: int
    before: str
    after: str
    step: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised comment and its way back.

    ``starts`` and ``ends`` have one value for each character of ``text``: the stretch
    ``[start, end)`` of ``original``, in code points, that it stands for; both never decrease.
    ``quoted`` are the stretches of ``original`` that quote someone else; they are not in ``text``.
    """

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    quoted: tuple[tuple[int, int], ...] = ()
    changes: tuple[Change, ...] = ()

    def original_span(self, begin: int, end: int) -> tuple[int, int]:
        """Give the stretch of ``original`` behind ``text[begin:end]``.

        Raises
        ------
        ValueError
            For a stretch outside the text.
        """
        if not 0 <= begin <= end <= len(self.text):
            raise ValueError(f"no stretch {begin}:{end} in a text of {len(self.text)} characters")
        if begin < end:
            return self.starts[begin], self.ends[end - 1]
        edge = self.starts[begin] if begin < len(self.text) else (self.ends[-1] if self.text else 0)
        return edge, edge


_FIRST: Final = array("i", range(4097))


def _numbers(stretch: Sequence[int]) -> "array[int]":
    """Consecutive numbers as an array, whose slices are copied at once; mostly from one at hand."""
    if len(stretch) < len(_FIRST):
        return _FIRST[stretch[0] : stretch[-1] + 1] if stretch else array("i")
    return array("i", stretch)


class Mapped:
    """The text after some steps. Until a step changes a length the map costs nothing."""

    __slots__ = ("ends", "marked", "original", "starts", "text")

    def __init__(self, original: str) -> None:
        self.original = self.text = original
        self.starts: Sequence[int] = range(len(original))
        self.ends: Sequence[int] = range(1, len(original) + 1)
        self.marked: list[tuple[int, int, str]] = []  # stretch of the original, step

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Give the stretch of the original behind ``text[begin:end]``, not empty."""
        return self.starts[begin], self.ends[end - 1]

    def apply(self, edits: Sequence[Edit], *, mark: str = "") -> None:
        """Make the edits; ``mark`` is the name under which a moderator sees them, if at all."""
        if mark:
            self.marked.extend((*self.span(e.begin, e.end), mark) for e in edits)
        pieces: list[str] = []
        starts, ends = array("i"), array("i")
        same_length = all(len(e.text) == e.end - e.begin for e in edits)
        if not same_length and isinstance(self.starts, range):
            self.starts, self.ends = _numbers(self.starts), _numbers(self.ends)
        done = 0
        for begin, end, replacement in edits:
            pieces += (self.text[done:begin], replacement)
            if not same_length:
                kept = end if len(replacement) == end - begin else begin
                starts.extend(self.starts[done:kept])
                ends.extend(self.ends[done:kept])
                if kept == begin and replacement:
                    starts.extend([self.starts[begin]] * len(replacement))
                    ends.extend([self.ends[end - 1]] * len(replacement))
            done = end
        pieces.append(self.text[done:])
        if not same_length:
            starts.extend(self.starts[done:])
            ends.extend(self.ends[done:])
            self.starts, self.ends = starts, ends
        self.text = "".join(pieces)

    def changes(self) -> tuple[Change, ...]:
        """Give the marked stretches, widened to whole words and merged where they meet."""
        merged: list[tuple[int, int, int, int, str]] = []
        for begin, end, step in sorted(self.marked):
            first, last = self._word(bisect_left(self.starts, begin), bisect_left(self.starts, end))
            if first < last:
                begin, end = min(begin, self.starts[first]), max(end, self.ends[last - 1])
            if merged and begin < merged[-1][1]:
                old_begin, old_end, old_first, old_last, steps = merged.pop()
                begin, end, first = old_begin, max(end, old_end), old_first
                last = max(last, old_last)
                step = steps if step in steps.split("+") else f"{steps}+{step}"
            merged.append((begin, end, first, last, step))
        found = (
            Change(begin, end, self.original[begin:end], self.text[first:last].strip(), step)
            for begin, end, first, last, step in merged
        )
        return tuple(c for c in found if c.before != c.after and any(map(str.isalnum, c.before)))

    def _word(self, first: int, last: int, reach: int = 40) -> tuple[int, int]:
        """Widen ``[first, last)`` of the text to the word around it, by ``reach`` at most."""
        floor, top = max(0, first - reach), min(len(self.text), last + reach)
        while first > floor and self.text[first - 1].isalnum():
            first -= 1
        while last < top and self.text[last].isalnum():
            last += 1
        return first, last
