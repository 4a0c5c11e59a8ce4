"""Evidence as the browser marks it: flat, weighed stretches in the browser's own units."""

from collections.abc import Sequence
from typing import Any

from model.judgement import Reason
from model.serving.spans import utf16_offsets
from training.review.safe_html import FAINT, reason_labels, strongest, weighed, whole
from training.review.workbench.cards import clip

_MAX_EXTRACT = 80


def evidence(text: str, reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Per label: stretches to mark, and the heaviest reasons as a list.

    A stretch is [begin, end, strength, weight] in UTF-16 units; strength is 1 to 3, below zero
    where the stretch speaks against the label. A reason of the list is [extract, weight], the
    extract ``None`` for the whole text.

    >>> found = evidence("😀 Quel clown", [Reason("insult", 7, 12, 2.0)])
    >>> found[0]["label"], found[0]["spans"], found[0]["top"]
    ('insult', [[8, 13, 3, 2.0]], [['clown', 2.0]])
    """
    units = utf16_offsets(text)
    return [
        {
            "label": label,
            "spans": [
                [units[begin], units[end], _strength(weight, top), round(weight, 2)]
                for begin, end, weight, top in _marked(text, reasons, label)
            ],
            "top": [
                [_extract(text, reason), round(reason.weight, 2)] for reason in strongest(reasons, label)
            ],
        }
        for label in reason_labels(reasons)
    ]


def _marked(text: str, reasons: Sequence[Reason], label: str) -> list[tuple[int, int, float, float]]:
    weights = weighed(text, reasons, label)
    top = max((abs(weight) for _, _, weight in weights), default=0.0)
    return [
        (begin, end, weight, top) for begin, end, weight in weights if weight and abs(weight) >= FAINT * top
    ]


def _strength(weight: float, top: float) -> int:
    strength = 1 + int(2.999 * abs(weight) / top)
    return strength if weight > 0 else -strength


def _extract(text: str, reason: Reason) -> str | None:
    return None if whole(reason, text) else clip(text[reason.begin : reason.end], _MAX_EXTRACT)
