"""What disguise costs: recall of uncivil comments before and after, at the bundle's own threshold.

Only offending words are disguised, as people do it: a filter looks for those. Rows without any are
left out, since nothing in them would be hidden. Beside that, the ways that need no hand are tried on
every word: whole texts without accents, or passed through a program.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from data.record import Comment
from training.audit.disguise import KINDS, disguised
from training.audit.offence import long_words, offending_words
from training.judge import Judge
from training.metrics import number
from training.report_heads import threshold_of

EVERYWHERE: Final = ("accents", "doubled", "homoglyphs", "zero-width")
SAMPLE: Final = 400
"""Rows of each corpus, evenly spread over it."""

_LOOKED_AT: Final = 4
"""Uncivil comments that are searched for offending words, for each one that is wanted."""


def disguisable(comments: Sequence[Comment], most: int = SAMPLE) -> list[Comment]:
    """Choose uncivil comments that have an offending word, at most ``most`` of them."""
    uncivil = _spread([c for c in comments if c.labels.uncivil], _LOOKED_AT * most)
    return _spread([c for c in uncivil if offending_words(c.text)], most)


def _spread(comments: Sequence[Comment], most: int) -> list[Comment]:
    return [comments[int(i)] for i in np.linspace(0, len(comments) - 1, min(most, len(comments)))]


def recall_losses(
    comments: Sequence[Comment], judge: Judge, *, everywhere: bool = True
) -> list[dict[str, Any]]:
    """Measure every way of disguise on uncivil ``comments``; with ``everywhere``, also of all words.

    Returns
    -------
    list of dict
        ``kind``; ``words``, offending or all; ``n``, the comments that it changes; ``before`` and
        ``after``, their recall; ``loss``, in points of 0 to 1.
    """
    threshold = threshold_of(judge.thresholds, "incivility")
    before = _flagged(comments, judge, threshold)
    rows = []
    for words, kinds, find in (
        ("offending", tuple(KINDS), offending_words),
        ("all", EVERYWHERE if everywhere else (), long_words),
    ):
        for kind in kinds:
            texts = [disguised(c.text, find(c.text), kind) for c in comments]
            pairs = zip(comments, texts, strict=True)
            at = [i for i, (c, text) in enumerate(pairs) if text != c.text]
            if at:
                after = _flagged([replace(comments[i], text=texts[i]) for i in at], judge, threshold)
                recall = float(before[at].mean()), float(after.mean())
                rows.append(
                    {
                        "kind": kind,
                        "words": words,
                        "n": len(at),
                        "before": number(recall[0]),
                        "after": number(recall[1]),
                        "loss": number(recall[0] - recall[1]),
                    }
                )
    return rows


def _flagged(comments: Sequence[Comment], judge: Judge, threshold: float) -> np.ndarray:
    return np.array([j.incivility >= threshold for j in judge.score_many(comments)])
