"""The drift page's tables and charts, from the report of ``training.drift``."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from data.store import Reading
from training.drift import Came, Period, monday
from training.french_numbers import decimal
from training.reliability import reliability
from training.review.charts import french
from training.review.estimate import share
from training.review.language import percent, say
from training.stability import BINS

FIGURES: Final = ("ece", "hold_rate", "psi", "unknown_words")
_BLUE: Final = "#1f5f8b"
_RED: Final = "#b3261e"
_OCHRE: Final = "#c27c2c"
_FEW: Final = 14
_SHARES: Final = ("hold_rate", "unknown_words")

Entry = Mapping[str, Any]


def named(day: str, period: str) -> str:
    """Name a period on screen.

    >>> named("2026-11-22", "day"), named("2026-11-16", "week")
    ('22/11/2026', 'semaine du 16/11/2026')
    """
    written = "/".join(reversed(day.split("-")))
    return say("drift.on.week" if period == "week" else "drift.on", day=written)


def alarms(entries: Sequence[Entry], report: Mapping[str, Any]) -> list[str]:
    """What is wrong and what to do about it, the latest first."""
    said, limits = [], report["limits"]
    for entry in reversed(entries):
        for name in entry["alarms"]:
            told = {
                "on": named(entry["day"], report["period"]).capitalize(),
                "value": written(name, entry[name]),
                "limit": written(name, limits[name]),
                "before": written(name, report["references"].get(entry["bundle"], {}).get(name)),
            }
            said.append(say(f"drift.alarm.{name}", **told))
    return said


def written(name: str, value: float | None) -> str:
    """A figure as it is written on screen."""
    if value is None:
        return "–"
    return percent(value) if name in _SHARES else decimal(value)


def table(entries: Sequence[Entry], period: str) -> pd.DataFrame:
    """One row a period, the latest first."""
    rows = []
    for entry in reversed(entries):
        basis = entry["basis"]
        row = {
            say("drift.column.on"): named(entry["day"], period),
            say("drift.column.comments"): entry["comments"],
            say("drift.column.decided"): entry["decided"]["n"],
            say("drift.column.blind"): entry["blind"]["n"],
            say("drift.column.rejected"): written("hold_rate", entry[basis or "decided"]["rejected"]),
        }
        row |= {say(f"drift.figure.{name}"): written(name, entry[name]) for name in FIGURES}
        row[say("drift.column.basis")] = say(f"drift.from.{basis}") if basis else ""
        row[say("drift.column.heldout")] = written("psi", entry["psi_heldout"])
        row[say("drift.column.alarms")] = ", ".join(say(f"drift.name.{name}") for name in entry["alarms"])
        rows.append(row)
    return pd.DataFrame(rows)


def over_time(entries: Sequence[Entry], name: str, report: Mapping[str, Any]) -> alt.LayerChart:
    """One figure over time, its alarms marked, and the level that raises them."""
    title = say(f"drift.figure.{name}")
    form = ".0%" if name in _SHARES else ".2f"
    rows = pd.DataFrame(
        {"day": pd.to_datetime(e["day"]), "value": e[name], "alarm": name in e["alarms"]}
        for e in entries
        if e[name] is not None
    ).reindex(columns=["day", "value", "alarm"])
    # over few days Vega would also mark their hours, and so write a day twice
    days = alt.Axis(format="%d/%m", labelOverlap=True, tickCount="day" if len(rows) <= _FEW else 10)
    base = alt.Chart(rows).encode(
        x=alt.X("day:T", title=None, axis=days),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(format=form), scale=alt.Scale(zero=True)),
        tooltip=[
            alt.Tooltip("day:T", title=say("drift.column.day"), format="%d/%m/%Y"),
            alt.Tooltip("value:Q", title=title, format=form),
        ],
    )
    points = base.mark_point(filled=True, size=70).encode(
        color=alt.condition("datum.alarm", alt.value(_RED), alt.value(_BLUE)),
        shape=alt.condition("datum.alarm", alt.value("triangle-up"), alt.value("circle")),
    )
    layers = [base.mark_line(color=_BLUE), points]
    if level := _level(entries, name, report):
        stroke = alt.Chart(pd.DataFrame({"level": level})).mark_rule(strokeDash=[5, 4], color=_RED)
        layers.append(stroke.encode(y="level:Q"))
    return french(alt.layer(*layers).properties(height=170, title=title))


def _level(entries: Sequence[Entry], name: str, report: Mapping[str, Any]) -> list[float]:
    limit = report["limits"][name]
    if name in ("ece", "psi"):
        return [limit]
    reference = next((report["references"].get(entry["bundle"]) for entry in entries), None)
    if reference is None:
        return []
    around = (-1, 1) if name == "hold_rate" else (1,)
    return [at for side in around if 0 < (at := reference[name] + side * limit) < 1]


def chosen(rows: Sequence[Any], day: str | None, period: Period) -> list[Any]:
    """Comments or readings of one period; all of them for ``None``."""
    if day is None:
        return list(rows)
    return [row for row in rows if (monday(row.day) if period == "week" else row.day) == day]


def diagram(readings: Sequence[Reading]) -> pd.DataFrame:
    """Bins of the reliability diagram, blind readings apart from the rest."""
    rows = []
    for blind in (True, False):
        found = reliability([one for one in readings if one.blind is blind])
        for one in found["reliability"]:
            interval = share(round(one["share"] * one["n"]), one["n"])
            rows.append(
                {
                    say("drift.reliability.who"): say(
                        "drift.reliability.blind" if blind else "drift.reliability.seen"
                    ),
                    say("drift.reliability.mean"): one["mean"],
                    say("drift.reliability.share"): one["share"],
                    say("drift.reliability.low"): interval.low,
                    say("drift.reliability.high"): interval.high,
                    say("drift.reliability.n"): one["n"],
                }
            )
    return pd.DataFrame(rows)


def diagram_chart(frame: pd.DataFrame) -> alt.LayerChart:
    """What people said over what the model said, with intervals, and the diagonal."""
    who, mean, rate, low, high, n = (
        say(f"drift.reliability.{k}") for k in ("who", "mean", "share", "low", "high", "n")
    )
    plain = frame.rename(columns=dict(zip((who, mean, rate, low, high, n), _PLAIN, strict=True)))
    kinds = [say("drift.reliability.blind"), say("drift.reliability.seen")]
    color = alt.Color(
        "who:N",
        title=who,
        scale=alt.Scale(domain=kinds, range=[_BLUE, _OCHRE]),
        legend=alt.Legend(orient="bottom"),
    )
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(plain).encode(
        x=alt.X("mean:Q", title=mean, scale=scale, axis=alt.Axis(format=".1f")), color=color
    )
    y = alt.Y("share:Q", title=rate, scale=scale, axis=alt.Axis(format=".0%"))
    points = base.mark_point(filled=True, size=60).encode(
        y=y,
        shape=alt.Shape("who:N", title=who, scale=alt.Scale(domain=kinds)),
        tooltip=[
            alt.Tooltip("who:N", title=who),
            alt.Tooltip("mean:Q", title=mean, format=".2f"),
            alt.Tooltip("share:Q", title=rate, format=".0%"),
            alt.Tooltip("n:Q", title=n),
        ],
    )
    diagonal = alt.Chart(pd.DataFrame({"mean": [0, 1], "share": [0, 1]})).mark_line(
        strokeDash=[5, 4], color="#777"
    )
    layers = alt.layer(
        diagonal.encode(x="mean:Q", y="share:Q"),
        base.mark_rule().encode(y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_line(strokeWidth=1).encode(y=y),
        points,
    )
    return french(layers.properties(height=340))


def spread(rows: Sequence[Came], reference: Sequence[float] | None, found: Sequence[float]) -> pd.DataFrame:
    """Shares of the scores of a period, and of the reference where there is one."""
    sets = [("now", found)] if rows else []
    sets += [("reference", reference)] if reference else []
    return pd.DataFrame(
        {
            say("drift.scores.whose"): say(f"drift.scores.{name}"),
            say("drift.scores.from"): decimal(n / BINS, 1),
            say("drift.scores.share"): value,
        }
        for name, values in sets
        for n, value in enumerate(values)
    )


def spread_chart(frame: pd.DataFrame) -> alt.Chart:
    """Both distributions side by side."""
    whose, start, part = (say(f"drift.scores.{k}") for k in ("whose", "from", "share"))
    plain = frame.rename(columns={whose: "whose", start: "start", part: "part"})
    whom = [say(f"drift.scores.{name}") for name in ("now", "reference")]
    bars = (
        alt.Chart(plain)
        .mark_bar()
        .encode(
            x=alt.X("start:N", title=start, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("whose:N", sort=whom),
            y=alt.Y("part:Q", title=part, axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "whose:N",
                title=whose,
                scale=alt.Scale(domain=whom, range=[_BLUE, _OCHRE]),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=[
                alt.Tooltip("whose:N", title=whose),
                alt.Tooltip("start:N", title=start),
                alt.Tooltip("part:Q", title=part, format=".0%"),
            ],
        )
        .properties(height=340)
    )
    return french(bars)


_PLAIN: Final = ("who", "mean", "share", "low", "high", "n")
