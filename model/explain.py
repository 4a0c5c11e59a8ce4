"""Reasons: what each word adds to a head's log-odds, exact for n-grams, by occlusion for meaning.

The weights of all reasons of a label sum to its log-odds. N-gram weights are shared among the words
that the n-gram covers; what the kernel network says is attributed by leaving each word out in turn
(occlusion, Zeiler & Fergus 2014); what no single word accounts for, and the intercept, is one reason
over the whole text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from model.encoder import Vectors
from model.features.grams import Grams, Integers
from model.features.lexical import read as look_up
from model.features.space import FeatureSpace, Read
from model.heads import HeadSet
from model.judgement import Reason

MOST_WORDS: Final = 60
"""Words that are left out in turn; in a longer comment those with the largest n-gram weights."""

SMALLEST: Final = 0.05
"""Log-odds below which a word is counted with the whole text."""


def explain(
    read: Read, space: FeatureSpace, heads: HeadSet, logits: Mapping[str, float]
) -> tuple[Reason, ...]:
    """Give the reasons of every label of ``logits``, the strongest first within each label.

    Parameters
    ----------
    read
        The comment.
    logits
        Log-odds of the labels to explain, by name; each label's weights sum to it.
    """
    words = read.reading.words
    chosen = heads.take(list(logits))
    weights = _linear_weights(read, space, chosen)
    weights += _meaning_weights(read, space, chosen, weights)
    reasons: list[Reason] = []
    length = len(read.normalised.original)
    for column, (label, total) in enumerate(logits.items()):
        own = weights[:, column]
        shown = [i for i in np.argsort(-np.abs(own), kind="stable") if abs(own[i]) >= SMALLEST]
        for i in shown:
            begin, end = read.normalised.original_span(words[i][1], words[i][2])
            reasons.append(Reason(label, begin, end, float(own[i])))
        reasons.append(Reason(label, 0, length, float(total - sum(own[i] for i in shown))))
    return tuple(reasons)


def _linear_weights(read: Read, space: FeatureSpace, heads: HeadSet) -> Vectors:
    """N-gram weights by word, of shape (words, heads)."""
    words = read.reading.words
    starts = np.array([b for _, b, _ in words], np.int64)
    ends = np.array([e for _, _, e in words], np.int64)
    weights = np.zeros((len(words), len(heads.names)), np.float32)
    streams = (read.reading.stem_stream(), read.reading.class_stream())
    views = (
        (space.chars, [read.normalised.text], heads.chars),
        (space.words, [streams], heads.words),
    )
    if not words:
        return weights
    for view, text, coefficients in views:
        found = view.grams(text)
        for column in range(len(heads.names)):
            shares = view.shares(found, coefficients[:, column])
            _spread(weights[:, column], found, shares, starts, ends)
    return weights


def _spread(weights: Vectors, found: Grams, shares: Vectors, starts: Integers, ends: Integers) -> None:
    """Share each n-gram's weight among the words that it covers; blanks and marks fall to the last one."""
    first = np.clip(np.searchsorted(ends, found.begin, side="right"), 0, len(starts) - 1)
    last = np.clip(np.searchsorted(starts, found.end, side="left") - 1, 0, len(starts) - 1)
    last = np.maximum(first, last)
    spread = shares / (last - first + 1)
    for step in range(int((last - first).max(initial=0)) + 1):
        at = first + step
        inside = at <= last
        np.add.at(weights, at[inside], spread[inside])


def _meaning_weights(read: Read, space: FeatureSpace, heads: HeadSet, linear: Vectors) -> Vectors:
    """What the kernel network loses when each word is left out, of shape (words, heads)."""
    words = read.reading.words
    weights = np.zeros_like(linear)
    tried: Sequence[int] = [i for i, (word, _, _) in enumerate(words) if any(map(str.isalnum, word))]
    if len(tried) > MOST_WORDS:
        tried = sorted(sorted(tried, key=lambda i: -float(np.abs(linear[i]).max()))[:MOST_WORDS])
    if not tried:
        return weights
    text = read.normalised.text
    left_out = [text[: words[i][1]] + text[words[i][2] :] for i in tried]
    meaning = _meaning(space, heads)
    # Not read_text: what was quoted is no longer in the text, but the comment still quotes.
    scores = meaning([read, *(Read(replace(read.normalised, text=t), look_up(t)) for t in left_out)])
    weights[tried] = scores[0] - scores[1:]
    return weights


def _meaning(space: FeatureSpace, heads: HeadSet) -> Callable[[Sequence[Read]], Vectors]:
    def score(reads: Sequence[Read]) -> Vectors:
        sentences = space.encoder.encode([r.sentence for r in reads])
        return heads.meaning(space.dense(reads, sentences))

    return score
