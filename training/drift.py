"""Each day's or week's comments and decisions beside what the site was: load, scores, words, calibration.

Comments that came in tell of load, scores and words: they stand for the site, where decisions stand
for what moderators met first. What people said tells of calibration: blind readings alone where
there are enough, since others were given with the score in sight.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

import numpy as np

from data.store import Arrival, Reading
from model.features.space import FeatureSpace
from training.metrics import number
from training.reliability import reliability
from training.stability import UnknownWords, shares, stability, stability_by_chance

LIMITS: Final[Mapping[str, float]] = {"ece": 0.15, "psi": 0.25, "hold_rate": 0.15, "unknown_words": 0.08}
"""Alarm levels: error of calibration, population stability index, and changes of the two rates."""

FEWEST: Final = 50
"""Comments, or readings, of a period below which they raise no alarm."""

REFERENCE: Final = 200
"""Comments, of the first periods of a bundle, that later periods are compared with."""

LAST: Final = 20_000
"""Comments that are looked at, the latest ones, unless asked otherwise."""

Period = Literal["day", "week"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What is kept of a comment that came in: never its text."""

    day: str
    bundle: str
    incivility: float
    held: bool
    words: int
    unknown: int


def came(arrivals: Iterable[Arrival], space: FeatureSpace) -> list[Came]:
    """Count the words of each comment and leave its text behind."""
    words = UnknownWords(space)
    rows = []
    for one in arrivals:
        known, unknown = words.count(one.text)
        rows.append(
            Came(
                day=one.day,
                bundle=one.bundle,
                incivility=one.incivility,
                held=one.held,
                words=known + unknown,
                unknown=unknown,
            )
        )
    return rows


def drift(
    arrived: Sequence[Came],
    said: Sequence[Reading],
    *,
    period: Period = "day",
    heldout: Mapping[str, Sequence[float]] | None = None,
    limits: Mapping[str, float] = LIMITS,
) -> dict[str, Any]:
    """Measure each period, bundle by bundle, against the first comments that the bundle scored.

    Parameters
    ----------
    heldout
        By bundle, the shares of its held-out incivility in ten bins of equal width, where it has
        them: a second index, for information, since labels are not a sample of a site.

    Returns
    -------
    dict
        ``days``: a list with ``day`` (of a week: its Monday), ``bundle``, ``comments``, ``mean``,
        ``hold_rate``, ``shares``, ``psi``, ``psi_heldout``, ``unknown_words``, ``reference``;
        ``decided`` and ``blind``, see `training.reliability.reliability`; ``basis``, which of the two
        ``ece`` is of; ``alarms``. Then ``limits``, ``period``, ``references`` by bundle (``n``,
        ``shares``, ``hold_rate``, ``unknown_words``), and ``alarms``, how many there are. A day of two
        bundles has two entries.
    """
    comments, readings = _grouped(arrived, period), _grouped(said, period)
    days: list[dict[str, Any]] = []
    references: dict[str, dict[str, Any]] = {}
    for bundle in sorted({*comments, *readings}):
        reference: dict[str, Any] | None = None
        first: list[Came] = []
        for day in sorted({*comments[bundle], *readings[bundle]}):
            rows = comments[bundle][day]
            entry = {"day": day, "bundle": bundle} | _arrived(rows) | _said(readings[bundle][day])
            entry["reference"] = None if reference is None else reference["name"]
            if reference is not None:
                entry |= _compared(rows, reference)
            elif len(first := [*first, *rows]) >= REFERENCE:
                reference = _reference(first, day)
                references[bundle] = reference | {"shares": _rounded(reference["shares"])}
            if rows and heldout and bundle in heldout:
                entry["psi_heldout"] = number(stability(np.asarray(heldout[bundle]), _shares(rows)))
            entry["alarms"] = _alarms(entry, reference, limits)
            days.append(entry)
    days.sort(key=lambda entry: (entry["day"], entry["bundle"]))
    return {
        "days": days,
        "limits": dict(limits),
        "period": period,
        "references": references,
        "alarms": sum(len(day["alarms"]) for day in days),
    }


def _grouped(rows: Sequence[Any], period: Period) -> dict[str, dict[str, list[Any]]]:
    groups: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda r: r.day):
        groups[row.bundle][monday(row.day) if period == "week" else row.day].append(row)
    return groups


def monday(day: str) -> str:
    """First day of a date's week.

    >>> monday("2026-11-22"), monday("2026-11-23")
    ('2026-11-16', '2026-11-23')
    """
    given = date.fromisoformat(day)
    return (given - timedelta(days=given.weekday())).isoformat()


def _arrived(rows: Sequence[Came]) -> dict[str, Any]:
    return {
        "comments": len(rows),
        "mean": number(float(np.mean([row.incivility for row in rows]))) if rows else None,
        "hold_rate": number(_held(rows)) if rows else None,
        "shares": _rounded(_shares(rows)) if rows else [],
        "unknown_words": number(_unknown(rows)) if rows else None,
        "psi": None,
        "psi_heldout": None,
    }


def _said(rows: list[Reading]) -> dict[str, Any]:
    decided, blind = reliability(rows), reliability([row for row in rows if row.blind])
    basis = "blind" if blind["n"] >= FEWEST else "decided" if decided["n"] else None
    ece = {"blind": blind, "decided": decided}[basis]["ece"] if basis else None
    return {"decided": decided, "blind": blind, "basis": basis, "ece": ece}


def _compared(rows: Sequence[Came], reference: Mapping[str, Any]) -> dict[str, Any]:
    return {"psi": number(stability(reference["shares"], _shares(rows)))} if rows else {}


def _reference(rows: Sequence[Came], until: str) -> dict[str, Any]:
    return {
        "name": f"first {len(rows)} comments, to {until}",
        "n": len(rows),
        "shares": _shares(rows),
        "hold_rate": number(_held(rows)),
        "unknown_words": number(_unknown(rows)),
    }


def _alarms(
    entry: Mapping[str, Any], reference: Mapping[str, Any] | None, limits: Mapping[str, float]
) -> list[str]:
    found = []
    said = entry[entry["basis"]] if entry["basis"] else None
    if said and said["n"] >= FEWEST and said["ece"] > max(limits["ece"], said["ece_by_chance"]):
        found.append("ece")
    if entry["reference"] is None or reference is None or entry["comments"] < FEWEST:
        return found
    count = entry["comments"]
    if entry["psi"] > max(limits["psi"], stability_by_chance(count, reference["n"])):
        found.append("psi")
    noise = 2 * np.sqrt(0.25 / count)  # a rate of so many rows moves as much by chance
    if abs(entry["hold_rate"] - reference["hold_rate"]) > max(limits["hold_rate"], noise):
        found.append("hold_rate")
    if entry["unknown_words"] - reference["unknown_words"] > limits["unknown_words"]:
        found.append("unknown_words")
    return found


def _shares(rows: Sequence[Came]) -> Any:
    return shares(np.array([row.incivility for row in rows]))


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 4) for value in values]


def _held(rows: Sequence[Came]) -> float:
    return float(np.mean([row.held for row in rows]))


def _unknown(rows: Sequence[Came]) -> float:
    return sum(row.unknown for row in rows) / max(1, sum(row.words for row in rows))
