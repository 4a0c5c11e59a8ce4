"""Comments as text: every piece escaped, what cannot be seen made visible, evidence marked."""

import html
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from model.judgement import Reason
from training.french_numbers import signed
from training.review.language import label_name, say

FAINT: Final = 0.2
"""Evidence below this share of the strongest is not marked: it would colour every word."""

_KEPT: Final = frozenset("\n\t \u200d\ufe0f")  # joiners build emoji; hiding them would split these


def escape(text: str) -> str:
    r"""Escape ``text`` for ``st.html``; invisible and direction-changing characters are shown.

    Line ends become references, because ``st.html`` strips blank lines of what it is given.

    >>> escape("<b>a</b>\nb")
    '&lt;b&gt;a&lt;/b&gt;&#10;b'
    >>> escape("con\u200bnard")
    'con<span class="ct-hidden" title="Caractère invisible U+200B">▯</span>nard'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.replace("\n", "").isprintable():
        return html.escape(text).replace("\n", "&#10;")
    return "".join(_visible(character, text, at) for at, character in enumerate(text))


def _visible(character: str, text: str, at: int) -> str:
    if character == "\n":
        return "&#10;"
    hidden = unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co") and character not in _KEPT
    if character == "\u200d":
        hidden = not (at and ord(text[at - 1]) > 0x2000)
    if not hidden:
        return html.escape(character)
    code = f"U+{ord(character):04X}"
    tip = html.escape(say("card.hidden", code=code))
    return f'<span class="ct-hidden" title="{tip}">▯</span>'


def block(text: str, css_class: str = "ct-text") -> str:
    """``text`` in a box of its own direction, so that it cannot reorder what stands around it."""
    return f'<div class="{css_class}" dir="auto">{escape(text)}</div>'


def read_reasons(cell: object) -> tuple[Reason, ...]:
    """Reasons of a scored row; a row scored without spans has none.

    >>> read_reasons('[{"label": "insult", "begin": 0, "end": 3, "weight": 1.5}]')
    (Reason(label='insult', begin=0, end=3, weight=1.5),)
    >>> read_reasons(None)
    ()
    """
    if not isinstance(cell, str) or not cell:
        return ()
    rows: Iterable[Mapping[str, Any]] = json.loads(cell)
    return tuple(Reason(str(r["label"]), int(r["begin"]), int(r["end"]), float(r["weight"])) for r in rows)


def reason_labels(reasons: Sequence[Reason]) -> list[str]:
    """Labels that have evidence, incivility first."""
    labels = list(dict.fromkeys(reason.label for reason in reasons))
    return sorted(labels, key=lambda label: label not in ("incivility", "p_uncivil"))


def strongest(reasons: Sequence[Reason], label: str, limit: int = 6) -> list[Reason]:
    """Evidence of ``label``, heaviest first, on either side."""
    of_label = [reason for reason in reasons if reason.label == label]
    return sorted(of_label, key=lambda reason: -abs(reason.weight))[:limit]


def marked(text: str, reasons: Sequence[Reason], label: str | None) -> str:
    """Box with ``text`` in which the evidence for ``label`` is marked.

    Where spans overlap their weights add up. A span over the whole text marks nothing.

    >>> print(marked("Quel clown", [Reason("insult", 5, 10, 2.0)], "insult"))
    <div class="ct-text" dir="auto">Quel <mark class="ct-up3" title="Insulte : +2,00">clown</mark></div>
    """
    weights = weighed(text, reasons, label)
    top = max((abs(weight) for _, _, weight in weights), default=0.0)
    pieces, end = [], 0
    for begin, stop, weight in weights:
        if abs(weight) < FAINT * top or weight == 0:
            continue
        pieces.append(escape(text[end:begin]))
        tip = html.escape(say("reasons.span", label=label_name(label or ""), weight=signed(weight)))
        strength = 1 + int(2.999 * abs(weight) / top)
        side = "up" if weight > 0 else "down"
        pieces.append(f'<mark class="ct-{side}{strength}" title="{tip}">{escape(text[begin:stop])}</mark>')
        end = stop
    pieces.append(escape(text[end:]))
    return f'<div class="ct-text" dir="auto">{"".join(pieces)}</div>'


def whole(reason: Reason, text: str) -> bool:
    """Whether ``reason`` is what no single stretch of ``text`` accounts for."""
    return reason.begin <= 0 and reason.end >= len(text)


def weighed(text: str, reasons: Sequence[Reason], label: str | None) -> list[tuple[int, int, float]]:
    """Stretches of ``text`` that speak for or against ``label``: ``(begin, end, weight)`` in order.

    Overlapping spans are cut at each other's ends and their weights added up.
    """
    spans = [
        reason
        for reason in reasons
        if reason.label == label and 0 <= reason.begin < reason.end <= len(text) and not whole(reason, text)
    ]
    changes: dict[int, float] = {}
    covered: dict[int, int] = {}
    for span in spans:
        for at, sign in ((span.begin, 1), (span.end, -1)):
            changes[at] = changes.get(at, 0.0) + sign * span.weight
            covered[at] = covered.get(at, 0) + sign
    cuts, result, weight, depth = sorted(changes), [], 0.0, 0
    for begin, end in pairwise(cuts):
        weight, depth = weight + changes[begin], depth + covered[begin]
        if depth:
            result.append((begin, end, round(weight, 6)))
    return result
