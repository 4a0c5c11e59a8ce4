"""What each step of scoring costs, in microseconds a comment on one core."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from data.record import Comment
from model.bundle import Bundle
from model.features.space import read_text

_ROUNDS: Final = 3


def view_costs(
    bundle: Bundle, comments: Sequence[Comment], clock: Callable[[], float] = time.process_time
) -> list[dict[str, Any]]:
    """Time every step on ``comments``, the best of three rounds each.

    Time of the processor, not of the wall: what else the machine does is not counted.

    Returns
    -------
    list of dict
        ``step`` and ``microseconds`` a comment, in the order of scoring; the last is the sum.
    """
    space, heads = bundle.space, bundle.incivility
    reads = [read_text(c.text) for c in comments]
    sentences = [r.sentence for r in reads]
    texts = [r.normalised.text for r in reads]
    streams = [(r.reading.stem_stream(), r.reading.class_stream()) for r in reads]
    vectors = space.encoder.encode(sentences)
    rows = space.rows(reads)
    steps: dict[str, Callable[[], object]] = {
        "normalising, word lists": lambda: [read_text(c.text) for c in comments],
        "character n-grams": lambda: space.chars.transform(texts),
        "word n-grams": lambda: space.words.transform(streams),
        "sentence encoder": lambda: space.encoder.encode(sentences),
        "lexical features": lambda: space.dense(reads, vectors),
        "linear heads": lambda: (rows.chars @ heads.chars, rows.words @ heads.words),
        "network heads": lambda: heads.meaning(rows.dense),
    }
    with threadpool_limits(1):
        costs = {name: _best(step, clock) / len(comments) for name, step in steps.items()}
    costs["all of them"] = sum(costs.values())
    return [{"step": name, "microseconds": round(1e6 * cost, 1)} for name, cost in costs.items()]


def _best(step: Callable[[], object], clock: Callable[[], float]) -> float:
    spent = []
    for _ in range(_ROUNDS):
        start = clock()
        step()
        spent.append(clock() - start)
    return float(np.min(spent))
