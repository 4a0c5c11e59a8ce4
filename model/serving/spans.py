"""Span scores: the real reasons of a score, in the units of the wire."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from model.judgement import Reason


def utf16_offsets(text: str) -> Sequence[int]:
    """UTF-16 offset of every code point of ``text``, and of its end.

    >>> list(utf16_offsets("é😀!"))
    [0, 1, 3, 4]
    """
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((2 if ord(c) > 0xFFFF else 1 for c in text), initial=0))


def probability_score(value: float) -> dict[str, Any]:
    """A score on the wire: always a finite number from 0 to 1.

    >>> probability_score(1.5)
    {'value': 1.0, 'type': 'PROBABILITY'}
    """
    if not math.isfinite(value):
        raise ValueError("a score is no number")
    return {"value": min(1.0, max(0.0, float(value))), "type": "PROBABILITY"}


def whole_span(text: str, value: float) -> dict[str, Any]:
    return {"begin": 0, "end": utf16_offsets(text)[-1], "score": probability_score(value)}


def log_odds(value: float) -> float:
    """Log-odds of a probability, bounded where float32 has no more digits.

    >>> log_odds(0.5), round(log_odds(1.0), 1)
    (0.0, 16.1)
    """
    bounded = min(1 - 1e-7, max(1e-7, value))
    return math.log(bounded / (1 - bounded))


def span_scores(text: str, reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Turn the reasons of one label into spans, by place.

    Each span's value is the score that the comment would have if that stretch were the only one
    to speak: the logistic of its weight and of what is laid to the text as a whole. Stretches of
    several reasons are joined; a comment in which nothing stands out is one span.
    """
    length = len(text)
    base = sum(r.weight for r in reasons if (r.begin, r.end) == (0, length))
    weights: dict[tuple[int, int], float] = {}
    for reason in reasons:
        place = (reason.begin, reason.end)
        if place != (0, length) and reason.begin < reason.end:
            weights[place] = weights.get(place, 0.0) + reason.weight
    if not weights:
        return [whole_span(text, _logistic(base))]
    units = utf16_offsets(text)
    return [
        {"begin": units[begin], "end": units[end], "score": probability_score(_logistic(base + weight))}
        for (begin, end), weight in sorted(weights.items())
    ]


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def by_label(reasons: Sequence[Reason]) -> Mapping[str, list[Reason]]:
    """Reasons under their labels."""
    found: dict[str, list[Reason]] = {}
    for reason in reasons:
        found.setdefault(reason.label, []).append(reason)
    return found


__all__ = ["by_label", "log_odds", "probability_score", "span_scores", "utf16_offsets", "whole_span"]
