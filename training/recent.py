"""Candidate against other bundles on labels that came later than what either has learnt from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.record import Comment, Labels
from model.bundle import Bundle
from model.heads import probability
from training.blind import drawn_blind, enough
from training.compare import compare_binary
from training.config import TrainConfig
from training.fit import fit_thresholds
from training.learn import Fitted, Prepared, Progress, fit_incivility
from training.reading import prepare_many

LATEST: Final = 0.2
"""Share of the rows that are held out by time."""

FEWEST: Final = 60
"""Rows below which neither the early nor the late part says anything."""

_EACH: Final = 10
"""Rows of each value that a head needs to be compared on."""

_MOST: Final = 5000
_BINS: Final = 10


def moment(stamp: str | None) -> float | None:
    """Seconds of an ISO 8601 stamp; one without an offset is UTC, anything else is ``None``.

    >>> moment("1970-01-01T00:01:00"), moment("hier"), moment(None)
    (60.0, None, None)
    """
    try:
        when = datetime.fromisoformat(stamp or "")
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def latest_rows(comments: Sequence[Comment]) -> npt.NDArray[np.bool_] | None:
    """Mark the latest fifth by the comment's date, else by the label's; ``None`` without usable dates.

    Rows of one moment stay together; where that leaves too little on a side there is no split.
    """
    for stamps in ([c.created_at for c in comments], [c.labelled_at for c in comments]):
        moments = [moment(stamp) for stamp in stamps]
        if any(m is None for m in moments):
            continue
        times = np.array(moments, np.float64)
        late: npt.NDArray[np.bool_] = times > np.quantile(times, 1 - LATEST, method="lower")
        if min(late.sum(), (~late).sum()) >= FEWEST:
            return late
    return None


def latest_comparison(
    data: Prepared, config: TrainConfig, base: Bundle, progress: Progress
) -> dict[str, Any] | None:
    """Fit incivility on the early rows and compare it with the base on the latest fifth.

    Returns
    -------
    dict or None
        ``n``, ``trained_on`` and the comparison of the head; ``None`` when dates or labels allow none.
    """
    uncivil = [c.labels.uncivil for c in data.comments]
    known = np.array([value is not None for value in uncivil])
    comments = [replace(c, labels=Labels(incivility=c.labels.uncivil)) for c in data.comments]
    rows = np.flatnonzero(known)
    late = latest_rows([comments[i] for i in rows]) if known.any() else None
    if late is None:
        return None
    first, last = rows[~late], rows[late]
    gold = np.array([uncivil[i] for i in last], np.float32)
    if min((gold == 0).sum(), (gold == 1).sum()) < _EACH:
        return None
    progress(f"holding out the latest {len(last)} comments")
    early = Prepared([comments[i] for i in first], data.rows.at(first), data.space)
    everything = np.ones(len(first), bool)
    fitted = fit_incivility(early, everything, config, base.incivility, progress)
    if fitted is None:
        return None
    later = data.rows.at(last)
    measured = Fitted(fitted.heads, fitted.heads.logits(later), {"p_uncivil": gold})
    before = base.incivility.take(("p_uncivil",)).logits(later)
    (compared,) = compare_binary(
        [comments[i] for i in last],
        measured,
        before,
        base.manifest.thresholds,
        fit_thresholds(fitted, everything),
    )
    return {"n": len(last), "trained_on": len(first), **compared.as_dict()}


def unseen_rows(comments: Sequence[Comment], other: Bundle) -> npt.NDArray[np.bool_]:
    """Mark the rows labelled after everything that ``other`` was retrained on, shape (n,).

    All of them when it was trained on corpora only; none when nobody can tell.
    """
    learnt = other.manifest.metrics.get("labels")
    if learnt is None:
        return np.full(len(comments), other.manifest.base is None)
    until = moment(learnt.get("until"))
    stamps = [moment(c.labelled_at) for c in comments]
    return np.array([until is not None and stamp is not None and stamp > until for stamp in stamps], bool)


def unseen_comparison(
    data: Prepared,
    fitted: Fitted | None,
    thresholds: dict[str, float],
    other: Bundle,
    progress: Progress,
    *,
    same: bool = False,
) -> dict[str, Any]:
    """Compare the candidate, out of fold, with another bundle on rows that this one has not learnt from.

    At most the last 5,000 of them. ``same`` says that the other bundle reads comments as the base does.

    Returns
    -------
    dict
        ``bundle``, ``n`` and ``heads``, one comparison for each head with enough rows; maybe none.
    """
    unseen = np.flatnonzero(unseen_rows(data.comments, other))[-_MOST:]
    result: dict[str, Any] = {"bundle": other.manifest.full_name, "n": len(unseen), "heads": []}
    if fitted is None or len(unseen) < FEWEST // 2:
        return result
    labels = {name: values[unseen] for name, values in fitted.labels.items()}
    chosen = [
        i for i, y in enumerate(labels.values()) if min((y == 0).sum(), (y == 1).sum()) >= _EACH
    ]  # fmt: skip
    names = tuple(np.array(list(labels))[chosen].tolist())
    if not names:
        return result
    comments = [data.comments[int(i)] for i in unseen]
    progress(f"comparing with {other.manifest.full_name} on {len(unseen)} labels that it has not seen")
    rows = data.rows.at(unseen) if same else prepare_many(comments, other.space, progress).rows
    part = Fitted(fitted.heads, fitted.out_of_fold[unseen][:, chosen], {n: labels[n] for n in names})
    before = other.incivility.take(names).logits(rows)
    compared = compare_binary(comments, part, before, other.manifest.thresholds, thresholds)
    return result | {"heads": [c.as_dict() for c in compared]}


def learnt_from(comments: Sequence[Comment]) -> dict[str, Any]:
    """How many labels, and the date of the last one: what a later comparison needs to be fair."""
    stamps = [(m, c.labelled_at) for c in comments if (m := moment(c.labelled_at)) is not None]
    return {"rows": len(comments), "until": max(stamps)[1] if len(stamps) == len(comments) else None}


def score_histogram(fitted: Fitted | None, comments: Sequence[Comment]) -> dict[str, Any]:
    """What drift is measured against: how incivility is spread out of fold, on blind labels where they do.

    Returns
    -------
    dict
        ``scores``, the shares in ten bins of equal width; ``scores_of``, with ``n`` rows and ``blind``,
        whether these were all drawn by lot. Both ``None`` where incivility was not learnt.
    """
    if fitted is None or "p_uncivil" not in fitted.labels:
        return {"scores": None, "scores_of": None}
    values = fitted.labels["p_uncivil"]
    known = ~np.isnan(values)
    by_lot = known & drawn_blind(comments)
    blind = enough(values[by_lot], values[known])
    logits = fitted.out_of_fold[by_lot if blind else known, list(fitted.labels).index("p_uncivil")]
    counts = np.histogram(probability(logits), np.linspace(0, 1, _BINS + 1))[0]
    shares = [round(float(share), 4) for share in counts / max(counts.sum(), 1)]
    return {"scores": shares, "scores_of": {"n": len(logits), "blind": blind}}
