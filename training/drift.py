"""Each day's decisions beside what the bundle once saw: calibration, load, distribution, vocabulary."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from data.store import QueueItem
from model.features.grams import character_grams
from model.features.space import CHARACTER_BITS, FeatureSpace
from model.text import normalise
from training.metrics import Floats, Ranking, number

LIMITS: Final[Mapping[str, float]] = {"ece": 0.15, "psi": 0.25, "hold_rate": 0.15, "unknown_words": 0.08}
"""Alarm levels: error of calibration, population stability index, and changes of the two rates."""

FEWEST: Final = 50
"""Decisions of a day below which no alarm is raised."""

REFERENCE: Final = 200
"""Decisions, of the first days of a bundle, that later days are compared with."""

_BINS: Final = np.linspace(0, 1, 11)
_SMALLEST: Final = 0.005
_WORD_LONG: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One decision: its day, who scored it how, and what a person said."""

    day: str
    bundle: str
    incivility: float
    held: bool
    uncivil: int
    words: int
    unknown: int


def rows_of(items: Iterable[QueueItem], space: FeatureSpace) -> list[Row]:
    """Keep of each decided comment what drift is read from; its text is left behind."""
    words = UnknownWords(space)
    rows = []
    for item in items:
        score, day = item.scores.get("incivility"), (item.decided_at or "")[:10]
        if not isinstance(score, int | float) or not day:
            continue
        said = item.labels.uncivil
        known, unknown = words.count(item.comment.text)
        rows.append(
            Row(
                day=day,
                bundle=str(item.scores.get("bundle") or ""),
                incivility=float(score),
                held=item.scores.get("action") == "hold",
                uncivil=int(item.status == "rejected") if said is None else said,
                words=known + unknown,
                unknown=unknown,
            )
        )
    return rows


def drift(
    rows: Sequence[Row],
    histograms: Mapping[str, Sequence[float]] | None = None,
    limits: Mapping[str, float] = LIMITS,
) -> dict[str, Any]:
    """Measure each day against its bundle's reference.

    Parameters
    ----------
    histograms
        By bundle, the shares of held-out incivility in ten bins of equal width, where it has them.

    Returns
    -------
    dict
        ``days``: a list with ``day``, ``bundle``, ``n``, ``mean``, ``hold_rate``, ``ece``,
        ``reliability``, ``psi``, ``unknown_words``, ``reference`` and ``alarms``; ``limits``;
        ``alarms``, how many there are. A day of two bundles has two entries.
    """
    groups: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda r: r.day):
        groups[row.bundle][row.day].append(row)
    days = [
        entry
        for bundle, by_day in groups.items()
        for entry in _days(bundle, by_day, (histograms or {}).get(bundle), limits)
    ]
    days.sort(key=lambda entry: (entry["day"], entry["bundle"]))
    return {"days": days, "limits": dict(limits), "alarms": sum(len(day["alarms"]) for day in days)}


def _days(
    bundle: str,
    by_day: Mapping[str, list[Row]],
    histogram: Sequence[float] | None,
    limits: Mapping[str, float],
) -> list[dict[str, Any]]:
    first: list[Row] = []
    reference: dict[str, Any] | None = None
    entries = []
    for day, rows in by_day.items():
        entry = _measured(day, bundle, rows)
        entry["reference"] = None if reference is None else reference["name"]
        if reference is not None:
            chances = np.array([row.incivility for row in rows])
            entry["psi"] = number(stability(np.asarray(histogram or reference["shares"]), shares(chances)))
            entry["alarms"] = _alarms(entry, reference, limits)
        else:
            first += rows
            if len(first) >= REFERENCE:
                reference = _reference(first)
                if histogram:
                    reference["name"] += "; scores: held-out rows of the bundle"
        entries.append(entry)
    return entries


def _measured(day: str, bundle: str, rows: Sequence[Row]) -> dict[str, Any]:
    chances = np.array([row.incivility for row in rows], np.float64)
    gold = np.array([row.uncivil for row in rows], np.float64)
    ranking, everything = Ranking(chances), np.ones((1, len(rows)))
    ends = ranking.bins()
    ordered = gold[ranking.order]
    return {
        "day": day,
        "bundle": bundle,
        "n": len(rows),
        "mean": number(float(chances.mean())),
        "rejected": number(float(gold.mean())),
        "hold_rate": number(_rate(rows, "held")),
        "ece": number(float(ranking.calibration_error(everything, gold)[0])),
        "reliability": [
            {
                "n": int(b - a),
                "mean": number(ranking.scores[a:b].mean()),
                "share": number(ordered[a:b].mean()),
            }
            for a, b in pairwise([0, *ends.tolist()])
        ][::-1],
        "psi": None,
        "unknown_words": number(_unknown(rows)),
        "alarms": [],
    }


def _reference(rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "name": f"first {len(rows)} decisions, to {rows[-1].day}",
        "shares": shares(np.array([row.incivility for row in rows])),
        "hold_rate": _rate(rows, "held"),
        "unknown_words": _unknown(rows),
    }


def _alarms(entry: Mapping[str, Any], reference: Mapping[str, Any], limits: Mapping[str, float]) -> list[str]:
    if entry["n"] < FEWEST:
        return []
    noise = 2 * np.sqrt(0.25 / entry["n"])  # a rate of n rows moves as much by chance
    found = [name for name in ("ece", "psi") if entry[name] is not None and entry[name] > limits[name]]
    if abs(entry["hold_rate"] - reference["hold_rate"]) > max(limits["hold_rate"], noise):
        found.append("hold_rate")
    if entry["unknown_words"] is not None and (
        entry["unknown_words"] - reference["unknown_words"] > limits["unknown_words"]
    ):
        found.append("unknown_words")
    return found


def shares(chances: Floats) -> Floats:
    """Shares of probabilities in ten bins of equal width."""
    counts = np.histogram(np.clip(chances, 0, 1), _BINS)[0]
    return np.asarray(counts / max(counts.sum(), 1), np.float64)


def stability(expected: Floats, found: Floats) -> float:
    """Population stability index of two distributions over the same bins; above 0.25 they differ.

    >>> stability(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    0.0
    >>> round(stability(np.array([0.5, 0.5]), np.array([0.9, 0.1])), 2)
    0.88
    """
    one, other = np.maximum(expected, _SMALLEST), np.maximum(found, _SMALLEST)
    return float(((other - one) * np.log(other / one)).sum())


class UnknownWords:
    """Words of four letters or more with a character n-gram that no training text had.

    Word n-grams are hashed into so few buckets that a new word seldom meets an empty one; most
    buckets of character n-grams are empty, and one of them is enough to tell a new word.
    """

    def __init__(self, space: FeatureSpace) -> None:
        self._unseen = space.chars.idf_ >= space.chars.idf_.max()

    def count(self, text: str) -> tuple[int, int]:
        """How many words were known and how many were not."""
        words = [w for w in normalise(text).text.split() if w.isalpha() and len(w) >= _WORD_LONG]
        if not words:
            return 0, 0
        grams = character_grams(words, sizes=(2, 5), bits=CHARACTER_BITS)
        new = np.unique(grams.text[self._unseen[grams.bucket]])
        return len(words) - len(new), len(new)


def _rate(rows: Sequence[Row], name: str) -> float:
    return float(np.mean([getattr(row, name) for row in rows]))


def _unknown(rows: Sequence[Row]) -> float:
    return sum(row.unknown for row in rows) / max(1, sum(row.words for row in rows))
