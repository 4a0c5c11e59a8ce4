"""Stances over time beside severity: people's word where there is one, else the model's."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from data.store import StanceRow
from data.taxonomy import SEVERITIES, STANCES, UNCIVIL
from training.review.charts import DAY, french
from training.review.estimate import share
from training.review.language import day, percent, say
from training.review.workload_view import written

PICK: Final = "barre"
"""Name of the charts' point selection."""

_STANCE_COLORS: Final = {"favor": "#2f7fb5", "against": "#d98b2b", "none": "#9aa5b1"}
"""Two sides that do not say good or bad, and that colour-blind readers tell apart."""
_SEVERITY_COLORS: Final = ("#48986a", "#cea62e", "#e27c2c", "#cd3a30")


@dataclass(frozen=True, slots=True)
class Stance:
    """One comment's stance and severity as the page counts them, and whose word each is."""

    id: str
    day: str
    stance: str
    severity: int
    stance_said: bool
    severity_said: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """How many stances and severities people gave, and how many the model estimated."""

    comments: int
    said: int
    severity_said: int


def settled(rows: Sequence[StanceRow]) -> list[Stance]:
    """People's labels over predicted ones; a comment without any severity counts as civil."""
    return [
        Stance(
            id=row.id,
            day=row.day,
            stance=row.said_stance or row.stance or "none",
            severity=row.severity or 0 if row.said_severity is None else row.said_severity,
            stance_said=row.said_stance is not None,
            severity_said=row.said_severity is not None,
        )
        for row in rows
    ]


def sources(rows: Sequence[Stance]) -> Sources:
    """Count whose word stands."""
    return Sources(len(rows), sum(r.stance_said for r in rows), sum(r.severity_said for r in rows))


def by_day(rows: Sequence[Stance]) -> pd.DataFrame:
    """Columns ``day``, ``stance``, ``name`` and ``count``, one row a day and stance that occurs."""
    return _counted("stance", ((row.day, row.stance) for row in rows))


def severity_by_day(rows: Sequence[Stance]) -> pd.DataFrame:
    """Columns ``day``, ``severity``, ``name`` and ``count``."""
    return _counted("severity", ((row.day, row.severity) for row in rows))


def _counted(what: str, values: Iterable[tuple[str, Any]]) -> pd.DataFrame:
    lines = [
        {"day": day, what: value, "name": say(f"{what}.{value}"), "count": n}
        for (day, value), n in sorted(Counter(values).items())
    ]
    return pd.DataFrame(lines, columns=["day", what, "name", "count"])


def apart(rows: Sequence[Stance]) -> pd.DataFrame:
    """For each stance, how many comments there are and what share of them is uncivil, with its interval."""
    lines = []
    for stance in STANCES:
        mine = [row for row in rows if row.stance == stance]
        uncivil = sum(row.severity >= UNCIVIL for row in mine)
        lines.append(
            {
                say("stances.stance"): say(f"stance.{stance}"),
                say("stances.count"): len(mine),
                say("stances.uncivil"): uncivil,
                say("stances.share"): percent(uncivil / len(mine)) if mine else "–",
                say("stances.interval"): written(share(uncivil, len(mine))).partition(" ")[2] or "–",
            }
        )
    return pd.DataFrame(lines)


def stance_chart(frame: pd.DataFrame) -> alt.Chart:
    """Stacked bars by day, a bar's part can be picked."""
    names = [say(f"stance.{stance}") for stance in STANCES]
    colors = [_STANCE_COLORS[stance] for stance in STANCES]
    bars = _bars(frame, "stances.stance", names, colors)
    return french(bars.add_params(alt.selection_point(name=PICK, fields=["day", "stance"])))


def severity_chart(frame: pd.DataFrame) -> alt.Chart:
    """Stacked bars by day, mildest below; nothing to pick."""
    names = [say(f"severity.{level}") for level in range(len(SEVERITIES))]
    return french(_bars(frame, "stances.severity", names, list(_SEVERITY_COLORS)))


def _bars(frame: pd.DataFrame, title: str, names: list[str], colors: list[str]) -> alt.Chart:
    return (
        alt.Chart(frame.assign(on=frame["day"].map(day)))
        .mark_bar(stroke="rgba(128,128,128,.35)", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "day:O",
                title=say("stances.day"),
                axis=alt.Axis(labelExpr=DAY, labelAngle=0, labelOverlap="greedy"),
            ),
            y=alt.Y("count:Q", title=say("stances.count"), axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "name:N",
                title=say(title),
                scale=alt.Scale(domain=names, range=colors),
                legend=alt.Legend(orient="bottom", columns=2),
            ),
            order=alt.Order("name:N"),
            tooltip=[
                alt.Tooltip("on:N", title=say("stances.day")),
                alt.Tooltip("name:N", title=say(title)),
                alt.Tooltip("count:Q", title=say("stances.count")),
            ],
        )
        .properties(height=420)
    )


def picked(event: Any) -> tuple[str, str] | None:
    """Day and stance of the bar that was picked.

    >>> picked({"selection": {"barre": [{"day": "2026-11-18", "stance": "favor"}]}})
    ('2026-11-18', 'favor')
    """
    selection = event.get("selection") if isinstance(event, Mapping) else None
    points = selection.get(PICK) if isinstance(selection, Mapping) else None
    point = points[0] if isinstance(points, Sequence) and points else None
    if not isinstance(point, Mapping):
        return None
    day, stance = point.get("day"), point.get("stance")
    return (str(day), str(stance)) if day and stance in STANCES else None


def behind(rows: Sequence[Stance], day: str | None, stance: str | None) -> list[Stance]:
    """Comments of a bar, the least civil first; ``None`` is any."""
    chosen = [row for row in rows if day in (None, row.day) and stance in (None, row.stance)]
    return sorted(chosen, key=lambda row: (-row.severity, row.day, row.id))
