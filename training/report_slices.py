"""One corpus in parts: by length, source and functionality; severity and proposed actions as tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from data.record import Comment
from data.taxonomy import ACTIONS, SEVERITIES
from model.judgement import Judgement
from training.metrics import Floats, binary_figures, comparable, number

LENGTHS: Final = ((0, 50), (51, 150), (151, 400), (401, None))
"""Characters of a comment, both ends included."""

MOST_SLICES: Final = 30
"""Sources with most rows are listed; the rest are one slice."""

MOST_FUNCTIONALITIES: Final = 100
"""A column with more values is no list of tests."""

OTHER: Final = "(other)"

Head = tuple[Floats, Floats, float]
"""Gold 0/1 with NaN for no label, probabilities, threshold."""


def slices(comments: Sequence[Comment], head: Head) -> dict[str, list[dict[str, Any]]]:
    """Figures of one head by length of the text, by source, and by reply or not."""
    return {
        "length": _sliced([_length(c.text) for c in comments], head, [_range(*pair) for pair in LENGTHS]),
        "source": _sliced(_frequent([c.source or "(none)" for c in comments]), head),
        "reply": _sliced(["reply" if c.parent_text or c.parent_id else "first" for c in comments], head),
    }


def _sliced(keys: Sequence[str], head: Head, order: Iterable[str] = ()) -> list[dict[str, Any]]:
    gold, chances, threshold = head
    names = np.array(keys, dtype=object)
    rows = []
    for name in dict.fromkeys([*order, *sorted(set(keys))]):
        mine = (names == name) & ~np.isnan(gold)
        if mine.any():
            figures = binary_figures(gold[mine], chances[mine], threshold, resamples=0)
            rows.append({"name": name, "n": int(mine.sum()), **figures["support"], **comparable(figures)})
    return rows


def _length(text: str) -> str:
    return next(_range(low, high) for low, high in LENGTHS if high is None or len(text) <= high)


def _range(low: int, high: int | None) -> str:
    return f"{low}+ characters" if high is None else f"{low}-{high} characters"


def _frequent(keys: Sequence[str]) -> list[str]:
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    kept = set(sorted(counts, key=lambda k: (-counts[k], k))[:MOST_SLICES])
    return [key if key in kept else OTHER for key in keys]


def severity_table(comments: Sequence[Comment], judgements: Sequence[Judgement]) -> dict[str, Any] | None:
    """Confusion of severity 0-3, gold down and judged across; ``None`` where it is not labelled."""
    pairs = [(c.labels.severity, j.severity) for c, j in zip(comments, judgements, strict=True)]
    known = [(gold, judged) for gold, judged in pairs if gold is not None]
    if not known:
        return None
    table = np.zeros((len(SEVERITIES), len(SEVERITIES)), np.int64)
    for gold, judged in known:
        table[gold, judged] += 1
    errors = [abs(gold - judged) for gold, judged in known]
    return {
        "n": len(known),
        "labels": list(SEVERITIES),
        "confusion": table.tolist(),
        "accuracy": number(np.trace(table) / len(known)),
        "mean_absolute_error": number(float(np.mean(errors))),
    }


def actions(judgements: Sequence[Judgement], gold: Floats) -> list[dict[str, Any]]:
    """How many comments the policy proposes to publish, review or hold, and how many are uncivil."""
    proposed = np.array([j.action for j in judgements], dtype=object)
    known = ~np.isnan(gold)
    rows = []
    for action in ACTIONS:
        mine = proposed == action
        labelled = gold[mine & known]
        rows.append(
            {
                "action": action,
                "n": int(mine.sum()),
                "share": number(float(mine.mean())),
                "uncivil": number(float(labelled.mean())) if len(labelled) else None,
            }
        )
    return rows


def functionalities(comments: Sequence[Comment], heads: Mapping[str, Head]) -> list[dict[str, Any]] | None:
    """Accuracy of each head by ``extra["functionality"]``, the tests of HateCheck; ``None`` without any."""
    keys = [c.extra.get("functionality") for c in comments]
    names = np.array([str(k) if k else None for k in keys], dtype=object)
    known_names = sorted({n for n in names if n})
    if not 0 < len(known_names) <= MOST_FUNCTIONALITIES:
        return None
    rows: list[dict[str, Any]] = []
    for name in known_names:
        mine = names == name
        row: dict[str, Any] = {"functionality": name, "n": int(mine.sum())}
        for head, (gold, chances, threshold) in heads.items():
            known = mine & ~np.isnan(gold)
            right = (chances[known] >= threshold) == (gold[known] == 1)
            row[head] = number(float(right.mean())) if len(right) else None
        rows.append(row)
    return rows


def column(values: Sequence[float | int | None]) -> Floats:
    """Turn labels into an array, NaN where none is given."""
    return np.array([np.nan if value is None else value for value in values], np.float64)
