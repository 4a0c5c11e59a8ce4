"""Page *Dérive*: whether the model still fits what comes in, with alarms and what to do about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st

from data.store import Reading, Store
from training.drift import FEWEST, LAST, REFERENCE, Came, Period, came, drift
from training.french_numbers import whole
from training.reliability import reliability
from training.review import card, drift_view
from training.review.language import moment, plural, say
from training.review.readable import readable
from training.review.safe_html import escape
from training.review.service import ReviewService
from training.stability import shares

if TYPE_CHECKING:
    from model.bundle import Bundle
    from model.scorer import Scorer

_KEPT: Final = 600
"""Seconds during which a measurement is shown to whoever comes: it reads many comments."""

_SHOWN: Final = 60
"""Periods on screen, the latest ones."""

_ALARMS: Final = 6
_ERROR: Final = (("ece", "ece"), ("chance", "ece_by_chance"))
_PERIODS: Final[tuple[Period, ...]] = ("day", "week")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was read of a store, without any text, and when."""

    arrived: Sequence[Came]
    said: Sequence[Reading]
    at: str


def draw(service: Callable[[], ReviewService], scorer: "Callable[[], Scorer]") -> None:
    """Draw the page on the store of ``service`` and the bundle of ``scorer``."""
    with readable("drift"):
        store, bundle = service().store, scorer().bundle
        st.caption(say("drift.intro"))
        if st.button(say("drift.again"), key="drift_again"):
            _measure.clear()
        found = _measure(store.where, bundle.manifest.full_name, store, bundle)
        _page(found, bundle)


def _measured(where: str, name: str, _store: Store, _bundle: "Bundle") -> Measured:
    """Read the store; the names alone tell one measurement from another."""
    arrived = came(_store.arrivals(LAST), _bundle.space)
    return Measured(arrived, list(_store.readings()), datetime.now(UTC).isoformat(timespec="seconds"))


_measure = st.cache_resource(
    _measured, ttl=_KEPT, max_entries=4, show_spinner=say("drift.measuring")
)  # not cache_data: that would copy every row at every turn


def _page(found: Measured, bundle: "Bundle") -> None:
    if not found.arrived:
        st.html(card.notice("info", say("drift.none")))
        return
    names = sorted({row.bundle for row in found.arrived})
    newest = max(found.arrived, key=lambda row: row.day).bundle
    left, right = st.columns(2)
    used = bundle.manifest.full_name
    first = names.index(used if used in names else newest)
    name = left.selectbox(
        say("drift.bundle"), names, index=first, key="drift_bundle", disabled=len(names) == 1
    )
    period: Period = right.segmented_control(
        say("drift.period"),
        _PERIODS,
        default="day",
        required=True,
        format_func=lambda p: say(f"drift.period.{p}"),
        key="drift_period",
    )
    arrived = [row for row in found.arrived if row.bundle == name]
    said = [row for row in found.said if row.bundle == name]
    held = bundle.manifest.metrics.get("scores")
    report = drift(arrived, said, period=period, heldout={used: held} if held else None)
    entries = report["days"][-_SHOWN:]
    _counted(arrived, said, found.at)
    _alarms(entries, report)
    st.header(say("drift.figures"))
    columns = st.columns(2)
    for n, figure in enumerate(drift_view.FIGURES):
        if all(entry[figure] is None for entry in entries):
            title, why = say(f"drift.figure.{figure}"), say(f"drift.empty.{figure}", fewest=REFERENCE)
            columns[n % 2].html(card.notice("info", f"{title} : {why}"))
            continue
        chart = drift_view.over_time(entries, figure, report)
        columns[n % 2].altair_chart(
            chart, alt=say("drift.chart", figure=say(f"drift.figure.{figure}")), key=f"drift_{figure}"
        )
    if any(entry["basis"] == "decided" for entry in entries):
        st.caption(say("drift.basis.points", fewest=FEWEST))
    with st.expander(say("drift.table")):
        st.dataframe(drift_view.table(entries, period), hide_index=True, width="stretch")
    limits = {k: drift_view.written(k, v) for k, v in report["limits"].items()}
    st.html(f'<div class="ct-note">{escape(say("drift.note", fewest=FEWEST, **limits))}</div>')
    _closely(arrived, said, report, entries, period)


def _counted(arrived: Sequence[Came], said: Sequence[Reading], at: str) -> None:
    by_lot = [one for one in said if one.blind]
    blind = len(by_lot)
    figures = {**plural(len(arrived)), "decided": len(said), "blind": blind}
    st.html(card.notice("info", say("drift.counted", **figures)))
    if blind >= FEWEST:
        st.html(card.notice("success", say("drift.basis.blind", n=blind, **_error(by_lot))))
    elif said:
        st.html(card.notice("warning", say("drift.basis.decided", n=blind, fewest=FEWEST, **_error(said))))
    else:
        st.html(card.notice("info", say("drift.basis.none")))
    st.caption(say("drift.measured", when=moment(at), n=whole(LAST)))


def _error(said: Sequence[Reading]) -> dict[str, str]:
    found = reliability(said)
    return {name: drift_view.written("ece", found[key]) for name, key in _ERROR}


def _alarms(entries: Sequence[Any], report: dict[str, Any]) -> None:
    if not any(entry["reference"] for entry in entries):
        seen = sum(entry["comments"] for entry in entries)
        st.html(card.notice("info", say("drift.waiting", fewest=REFERENCE, n=seen)))
    lines = drift_view.alarms(entries, report)
    for line in lines[:_ALARMS]:
        st.html(card.notice("warning", line))
    if len(lines) > _ALARMS:
        st.caption(say("drift.alarms.more", **plural(len(lines) - _ALARMS)))
    if not lines:
        st.html(card.notice("success", say("drift.quiet")))


def _closely(
    arrived: Sequence[Came],
    said: Sequence[Reading],
    report: dict[str, Any],
    entries: Sequence[Any],
    period: Period,
) -> None:
    days = [None, *(entry["day"] for entry in reversed(entries))]
    day = st.selectbox(
        say("drift.at"),
        days,
        format_func=lambda d: drift_view.named(d, period) if d else say("drift.all"),
        key=f"drift_at_{period}",
    )
    left, right = st.columns(2)
    with left:
        st.header(say("drift.reliability"))
        frame = drift_view.diagram(drift_view.chosen(said, day, period))
        if frame.empty:
            st.html(card.notice("info", say("drift.reliability.none")))
        else:
            st.altair_chart(
                drift_view.diagram_chart(frame),
                alt=say("drift.reliability.chart"),
                key=f"drift_reliability_{period}_{day}",
            )
            st.caption(say("drift.reliability.chart"))
            with st.expander(say("drift.table")):
                st.dataframe(frame, hide_index=True, width="stretch")
    with right:
        st.header(say("drift.scores"))
        rows = drift_view.chosen(arrived, day, period)
        now = shares(np.array([row.incivility for row in rows])).tolist() if rows else []
        references = [one["shares"] for one in report["references"].values()]
        frame = drift_view.spread(rows, references[0] if references else None, now)
        st.altair_chart(
            drift_view.spread_chart(frame), alt=say("drift.scores.chart"), key=f"drift_scores_{period}_{day}"
        )
        st.caption(say("drift.scores.chart"))
        with st.expander(say("drift.table")):
            st.dataframe(frame, hide_index=True, width="stretch")
