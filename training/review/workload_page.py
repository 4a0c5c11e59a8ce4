"""Page *Charge de travail*: thresholds, what they cost and catch, and the site's policy."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st

from data.store import QueueFilter, Store
from model.installed import resolve
from model.manifest import Manifest, read_manifest
from training.french_numbers import decimal
from training.review import card, policy_panel, preview, settings, workload, workload_view
from training.review.batch_view import LABELS
from training.review.charts import number_columns
from training.review.language import label_name, percent, say
from training.review.readable import readable
from training.review.safe_html import escape
from training.review.service import ReviewService
from training.review.workload import Arrivals

_STEPS: Final = tuple(n / 100 for n in range(101))
_FIRST: Final = ("incivility",)


def draw(service: Callable[[], ReviewService]) -> None:
    """Draw the page on the store of ``service``."""
    with readable("workload"):
        given = os.environ.get(settings.BUNDLE)
        _page(service().store, read_manifest(resolve(Path(given) if given else None)))


def _page(store: Store, manifest: Manifest) -> None:
    st.caption(say("workload.intro"))
    sections = [None, *(name for name, _ in store.facets(threads=0).sections)]
    section = st.selectbox(
        say("workload.section"),
        sections,
        format_func=lambda s: s or say("workload.any"),
        key="workload_section",
        disabled=len(sections) == 1,
    )
    given = QueueFilter(section=section)
    came = workload.arrivals(store.daily(given))
    if not came.comments:
        st.html(card.notice("info", say("workload.none")))
        return
    told = {"n": came.comments, "days": came.days, "per_day": decimal(came.per_day, 1)}
    st.html(card.notice("info", say("workload.arrivals", **told)))
    lines = _lines(manifest.thresholds)
    _figures(store, given, came, lines)
    _catches(store, given, came, lines, manifest)
    if lines:
        _examples(store, given, lines)
    policy_panel.draw(store, lines, section, manifest.thresholds)


def _lines(thresholds: Mapping[str, float]) -> dict[str, float]:
    """Draw one slider a chosen label; they begin where the bundle decides."""
    chosen = st.multiselect(
        say("workload.labels"), LABELS, default=_FIRST, format_func=label_name, key="workload_labels"
    )
    lines = {}
    columns = st.columns(min(3, max(1, len(chosen))))
    for n, label in enumerate(chosen):
        head = "review" if label == "incivility" else label
        lines[label] = columns[n % len(columns)].select_slider(
            say("workload.line", label=label_name(label)),
            _STEPS,
            round(min(1.0, max(0.0, float(thresholds.get(head, 0.5)))), 2),
            format_func=decimal,
            key=f"workload_line_{label}",
        )
    return lines


def _figures(store: Store, given: QueueFilter, came: Arrivals, lines: dict[str, float]) -> None:
    every = sum(store.daily(given).values())
    held = store.count_held(given, lines) / every if every else 0.0
    a_day, speed = came.per_day * held, workload.pace(store.pace())
    one, two, three, four = st.columns(4)
    one.metric(say("workload.held"), decimal(a_day, 1))
    two.metric(say("workload.share"), percent(held))
    three.metric(say("workload.hours"), decimal(workload.hours(a_day, speed), 1))
    four.metric(say("workload.missed"), decimal(came.per_day - a_day, 1))
    key = "workload.pace.measured" if speed.measured else "workload.pace.usual"
    figures = {"n": round(speed.an_hour), "decisions": speed.decisions}
    st.caption(say(key, fewest=workload.FEWEST_DECISIONS, **figures))


def _catches(
    store: Store, given: QueueFilter, came: Arrivals, lines: dict[str, float], manifest: Manifest
) -> None:
    if not lines:
        return
    counts = {label: workload_view.counted(store, label, given) for label in lines}
    metrics: Mapping[str, Any] = manifest.metrics
    found = [
        workload_view.line(label, at, counts[label], came.per_day, metrics, store.judged(label))
        for label, at in lines.items()
    ]
    st.html(f'<div class="ct-strong">{say("workload.table")}</div>')
    frame = workload_view.table(found)
    st.dataframe(frame, hide_index=True, width="stretch", column_config=number_columns(frame))
    notes = [*workload_view.notes(found), say("workload.bundle", bundle=manifest.full_name)]
    st.html("".join(f'<div class="ct-note">{escape(note)}</div>' for note in notes))
    said = say("workload.chart")
    st.altair_chart(workload_view.curve(counts, came.per_day, lines), alt=said)
    st.caption(said)


def _examples(store: Store, given: QueueFilter, lines: dict[str, float]) -> None:
    st.header(say("workload.examples"))
    label = st.selectbox(
        say("workload.examples.label"), list(lines), format_func=label_name, key="workload_example"
    )
    under, above = workload_view.beside(store, label, lines[label], given)
    for column, title, items in zip(st.columns(2), ("below", "above"), (under, above), strict=True):
        with column:
            st.html(f'<div class="ct-strong">{say(f"workload.examples.{title}")}</div>')
            st.html(preview.comments(items, label, nothing=say("workload.examples.none")))
