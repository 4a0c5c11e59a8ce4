"""All figures of a migration as one object, ready for JSON; no comment's text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.migration.contents import Found, contents, main_model, threshold_seen
from training.migration.counts import BAD, GOOD, Counts, Pairs, count, figure, ratio
from training.migration.table import Booleans, Floats
from training.migration.thresholds import (
    FEWEST,
    Keep,
    Rates,
    at_percent,
    propose,
    ranking,
    rates,
    score_map,
)

SHOWN: Final = (50, 60, 70, 75, 80, 85, 90, 93, 95, 97, 98, 99)
"""Percents of the table of thresholds."""

_BARS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user asked for; see ``courtois migrate coral --help``."""

    threshold: float = 0.80
    keep: Keep = "hold-rate"
    hold_rate: float | None = None
    pace: float = 80.0
    per_day: float | None = None
    old_model: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The figures, and the places of the comments that flip, by direction."""

    figures: dict[str, Any]
    to_publish: npt.NDArray[np.int64]
    to_hold: npt.NDArray[np.int64]


def compute(found: Found, wishes: Wishes, models: list[str]) -> Result:
    """Compare both scores on the newest record of each comment.

    ``found`` is what ``Table.latest`` gives, with at least one comment that can be scored.
    """
    model = wishes.old_model if wishes.old_model is not None else main_model(found)
    usable = np.isfinite(found["new"])
    scored = usable & np.isfinite(found["old"]) & (found["model"] == model)
    compared = bool(scored.any())
    pairs = Pairs.of(found, scored if compared else usable)
    counts = count(pairs, wishes.threshold)
    known = rates(counts)
    bad = int((pairs.judged == BAD).sum())
    keep, reason = _kept(wishes, compared, bad, known)
    proposal = propose(known, keep, wishes.hold_rate)
    percent: int = proposal["percent"]
    over, reached = pairs.old > wishes.threshold, pairs.new > percent / 100
    flips = {"to_publish": over & ~reached, "to_hold": ~over & reached}
    figures: dict[str, Any] = {
        "export": contents(found, model, models),
        "old": {"threshold": wishes.threshold, "model": models[model] if models else "", **_old(known)}
        if compared
        else None,
        "threshold_seen": threshold_seen(found, scored) if compared else None,
        "proposal": {"keep": keep, "asked": wishes.keep, "instead": reason, **proposal},
        "new": at_percent(known, percent),
        "table": [{"percent": p, **at_percent(known, p)} for p in sorted({*SHOWN, percent})],
        "decisions": {
            "approved": int((pairs.judged == GOOD).sum()),
            "rejected": bad,
            "auc_new": figure(ranking(counts.new.sum(axis=2))),
            "auc_old": figure(ranking(counts.old)) if compared else None,
        },
        "map": score_map(known) if compared else [],
        "rank_correlation": correlation(pairs.old, pairs.new) if compared else None,
        "histograms": _histograms(pairs, compared),
        "curves": {
            "old": _rounded(known.old_held_at[0, ::10]) if compared else [],
            "new": _rounded(known.held[0, ::10]),
        },
        "flips": {name: _flipped(pairs, rows, counts, name, percent) for name, rows in flips.items()}
        if compared
        else None,
        "work": _work(pairs, over, reached, known, percent, wishes, compared),
    }
    return Result(
        figures,
        *(pairs.place[rows] if compared else pairs.place[:0] for rows in flips.values()),
    )


def _kept(wishes: Wishes, compared: bool, bad: int, known: Rates) -> tuple[Keep, str]:
    """What is kept, and why not what was asked for."""
    if wishes.keep == "hold-rate":
        return "hold-rate", ""
    if not compared:
        return "hold-rate", "no_scores"
    if bad < FEWEST:
        return "hold-rate", "few_rejected"
    return ("recall", "") if known.old_recall[0] > 0 else ("hold-rate", "old_found_none")


def _old(known: Rates) -> dict[str, Any]:
    return {
        "held": figure(known.old_held),
        "recall": figure(known.old_recall),
        "wrong": figure(known.old_wrong),
    }


def correlation(old: Floats, new: Floats) -> float | None:
    """Spearman's rank correlation; ``None`` where one of both never changes."""
    if len(old) < 3 or np.ptp(old) == 0 or np.ptp(new) == 0:
        return None
    return round(float(np.corrcoef(_ranks(old), _ranks(new))[0, 1]), 4)


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing the mean of theirs; scipy.stats takes two seconds to import."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(times) - (times - 1) / 2)[place]
    return ranks


def _histograms(pairs: Pairs, compared: bool) -> dict[str, dict[str, list[int]]]:
    edges = np.linspace(0, 1, _BARS + 1)
    names = {"all": np.ones(len(pairs), np.bool_), "rejected": pairs.judged == BAD}
    sides = {"old": pairs.old, "new": pairs.new} if compared else {"new": pairs.new}
    return {
        side: {name: np.histogram(scores[rows], edges)[0].tolist() for name, rows in names.items()}
        for side, scores in sides.items()
    }


def _flipped(pairs: Pairs, rows: Booleans, counts: Counts, name: str, percent: int) -> dict[str, Any]:
    """How many flip one way, as a share of all, and what moderators said of those they decided."""
    over = counts.new[:, :, int(name == "to_publish")].sum(axis=1)
    k = 10 * percent + 1
    part = (over[:, :k] if name == "to_publish" else over[:, k:]).sum(axis=1)
    return {
        "comments": int(rows.sum()),
        "share": figure(ratio(part, counts.new.sum(axis=(1, 2, 3)))),
        "approved": int((pairs.judged[rows] == GOOD).sum()),
        "rejected": int((pairs.judged[rows] == BAD).sum()),
    }


def _work(
    pairs: Pairs,
    over: Booleans,
    reached: Booleans,
    known: Rates,
    percent: int,
    wishes: Wishes,
    compared: bool,
) -> dict[str, Any]:
    """Comments held and hours of reading them, a day on average and on the fullest one."""
    dated = pairs.day >= 0
    days = int(np.ptp(pairs.day[dated])) + 1 if dated.any() else None
    per_day = wishes.per_day or (float(dated.sum()) / days if days else None)
    sides = {"new": (reached, known.held[:, percent * 10])}
    if compared:
        sides["old"] = (over, known.old_held)
    work: dict[str, Any] = {"days": days, "per_day": per_day and round(per_day, 2), "pace": wishes.pace}
    for name, (rows, share) in sides.items():
        fullest = None
        if dated.any() and wishes.per_day is None:
            fullest = int(np.bincount(pairs.day[dated & rows] - pairs.day[dated].min(), minlength=1).max())
        work[name] = {
            "per_1000": _scaled(figure(share), 1000),
            "held_per_day": _scaled(figure(share), per_day) if per_day else None,
            "hours_per_day": _scaled(figure(share), per_day / wishes.pace) if per_day else None,
            "fullest_day": fullest,
            "fullest_hours": None if fullest is None else round(fullest / wishes.pace, 2),
        }
    return work


def _scaled(held: Mapping[str, float | None], by: float) -> dict[str, float | None]:
    return {name: None if value is None else round(value * by, 4) for name, value in held.items()}


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 6) for value in values]
