"""The steps, in order, and the function that takes a comment through them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from model.text import accents, characters, disguise, emoji, expressive, masking, quotes
from model.text.mapped import Edit, Mapped, Normalised

PASSES: Final = 6
"""Most rounds through the steps; a second is needed only when a step made work for an earlier one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One named step: its edits, the cheap sign that it may have any, and whether moderators see it."""

    name: str
    edits: Callable[[str], list[Edit]]
    sign: Callable[[str], object]
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Swap:
    """A step that changes no length."""

    name: str
    swap: Callable[[str], str]
    sign: Callable[[str], object]


def _unstyle(text: str) -> str:
    from model.text.homoglyphs import STYLED

    return text.translate(STYLED)


_newlines: Final = re.compile("[\r\x0b\x0c\x85\u2028\u2029]").search
_wide: Final = characters.WIDE.search


def _containing(sign: str) -> Callable[[str], object]:
    return lambda text: sign in text


STEPS: Final[tuple[Step | Swap, ...]] = (
    Step("newlines", characters.unify_newlines, _newlines),
    Step("quotes", quotes.drop_quoted_lines, _containing(">")),
    Step("url", masking.mask_urls, masking.HAS_URL.search),
    Step("e-mail", masking.mask_emails, _containing("@")),
    Step("handle", masking.mask_handles, _containing("@")),
    Step("emoji", emoji.name_emoji, _wide),
    Step("invisible", characters.drop_invisible, _wide, shown=True),
    Step("marks", characters.drop_piled_marks, _wide, shown=True),
    Step("nfc", characters.compose, _wide),
    Step("loose marks", characters.drop_loose_marks, _wide, shown=True),
    Swap("styled", _unstyle, _wide),
    Step("look-alike", characters.unify_homoglyphs, _wide, shown=True),
    Swap("apostrophes", characters.unify_apostrophes, characters.HAS_APOSTROPHE.search),
    Swap("spaces", characters.unify_spaces, characters.ODD_SPACE.search),
    Step("emoticon", emoji.name_emoticons, emoji.HAS_EMOTICON.search),
    Step("hashtag", masking.open_hashtags, _containing("#")),
    Step("spelt", disguise.join_spelt_words, disguise.HAS_SPELT.search, shown=True),
    Step("disguise", disguise.undo_disguise, disguise.HAS_DISGUISE.search, shown=True),
    Step("held", expressive.shorten_held_letters, expressive.DOUBLED.search, shown=True),
    Swap("accents", accents.restore_accents, accents.lacks_accents),
    Step("abbreviation", expressive.expand_abbreviations, expressive.has_abbreviation, shown=True),
    Step("punctuation", expressive.bound_punctuation, expressive.HAS_PILED.search),
    Step("blanks", characters.collapse_blanks, characters.has_blanks),
)


def normalise(text: str) -> Normalised:
    r"""Bring a comment to one way of writing, with the way back to the original.

    Masks addresses and handles, names emoji, undoes disguises, sets quoted lines apart. Takes any
    string, time grows with its length. Case and accents stay.

    >>> comment = normalise("> Bravo !\nTrop c0n.. et cette m*rde 😂😂 https://exemple.fr")
    >>> comment.text
    'Trop con.. et cette merde xxlaugh xxlaugh xxurl'
    >>> [(change.before, change.after, change.step) for change in comment.changes]
    [('c0n', 'con', 'disguise'), ('m*rde', 'merde', 'disguise')]
    >>> comment.original_span(5, 8), comment.quoted
    ((15, 18), ((0, 10),))
    """
    state = Mapped(text)
    quoted: list[tuple[int, int]] = []
    last = len(STEPS)
    for _ in range(PASSES):
        last = _one_pass(state, quoted, last)
        if not last:
            break
    return Normalised(text, state.text, state.starts, state.ends, _merged(quoted), state.changes())


def _one_pass(state: Mapped, quoted: list[tuple[int, int]], last: int) -> int:
    """Take the text through the steps; give the number of the last one that changed it, from 1, or 0.

    Steps after ``last``, the one that changed it last before, have seen it as it is: they only have
    to look again once another has changed it.
    """
    changed = 0
    wide = _wide(state.text)
    for number, step in enumerate(STEPS, 1):
        if number > last and not changed:
            break
        if not (wide if step.sign is _wide else step.sign(state.text)):
            continue
        if isinstance(step, Swap):
            swapped = step.swap(state.text)
            if swapped != state.text:
                changed, state.text = number, swapped
            continue
        edits = step.edits(state.text)
        if edits:
            changed = number
            if step.name == "quotes":
                quoted.extend(state.span(edit.begin, edit.end) for edit in edits)
            state.apply(edits, mark=step.name if step.shown else "")
            wide = wide and _wide(state.text)  # often it was an emoji, which has a name now
    return changed


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)
