"""Short lists of comments as HTML: score, gravity, whose word it is, and the text as text."""

import html
import math
from collections.abc import Sequence

from data.store import QueueItem
from training.french_numbers import decimal
from training.review.language import label_name, say
from training.review.safe_html import block, escape


def comments(items: Sequence[QueueItem], label: str, *, nothing: str, note: str = "") -> str:
    """List comments with their score of ``label`` and a ``note``; ``nothing`` where there are none."""
    if not items:
        return f'<div class="ct-note">{html.escape(nothing)}</div>'
    return "".join(_one(item, label, note) for item in items)


def _fine(score: float) -> str:
    """A score to a tenth of a percent: beside a line, whole percents look alike.

    Rounded down, so that what is under a line never reads as on it.
    """
    return decimal(math.floor(score * 1000) / 10, 1) + "\xa0%"


def _one(item: QueueItem, label: str, note: str) -> str:
    score = item.scores.get("incivility" if label == "p_uncivil" else label)
    facts = [f"{label_name(label)} {_fine(float(score))}" if score is not None else label_name(label)]
    severity = item.labels.severity if item.labels.severity is not None else item.scores.get("severity")
    if severity in (0, 1, 2, 3):
        facts.append(say(f"severity.{int(severity)}"))
    if note:
        facts.append(note)
    if item.status != "pending":
        facts.append(say(f"status.{item.status}"))
    meta = f'<div class="ct-meta">{escape(" · ".join(facts))}</div>'
    return f'<div class="ct-quote">{meta}{block(item.comment.text, "ct-parent")}</div>'
