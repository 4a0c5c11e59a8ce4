"""The workload page's tables and curve, from the numbers of ``workload``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from data.store import QueueFilter, QueueItem, Status, Store
from training.french_numbers import decimal
from training.review import workload
from training.review.charts import french
from training.review.estimate import WIDEST, Estimate
from training.review.language import label_name, percent, say
from training.review.workload import Catch

BINS: Final = 100
_SIDES: Final[tuple[Status, ...]] = ("pending", "skipped", "to_review", "approved", "rejected")


@dataclass(frozen=True, slots=True)
class Line:
    """What one label's threshold does: comments held a day, and the estimates of what it catches."""

    label: str
    threshold: float
    held_a_day: float
    report: Catch | None
    team: Catch | None
    promised: Catch


def counted(store: Store, label: str, given: QueueFilter) -> list[int]:
    """Histogram of a label's scores over every status that comments of the queue can have."""
    total = [0] * BINS
    for status in _SIDES:
        conditions = given.to_dict() | {"status": status}
        part = store.histogram(label, QueueFilter.from_dict(conditions), BINS)
        total = [a + b for a, b in zip(total, part, strict=True)]
    return total


def line(
    label: str,
    threshold: float,
    counts: Sequence[int],
    per_day: float,
    metrics: Mapping[str, Any],
    judged: Sequence[Any],
) -> Line:
    """Put together what is known of one threshold; ``per_day`` comments come in."""
    total = sum(counts)
    reached = sum(counts[round(threshold * len(counts)) :])
    return Line(
        label,
        threshold,
        per_day * reached / total if total else 0.0,
        workload.reported(metrics, label, threshold),
        workload.decided(judged, threshold),
        workload.promised(counts, threshold),
    )


def table(lines: Sequence[Line]) -> pd.DataFrame:
    """One row a label and source, figures written with their intervals."""
    rows = []
    for one in lines:
        for source, catch in (
            (_report_name(one.report), one.report),
            (
                say("workload.source.blind" if one.team and one.team.blind else "workload.source.biased"),
                one.team,
            ),
            (say("workload.source.promised"), one.promised),
        ):
            if catch is None:
                continue
            rows.append(
                {
                    say("workload.column.label"): label_name(one.label),
                    say("workload.column.line"): decimal(one.threshold),
                    say("workload.column.held"): decimal(one.held_a_day, 1),
                    say("workload.column.source"): source,
                    say("workload.column.recall"): written(catch.recall),
                    say("workload.column.precision"): written(catch.precision),
                    say("workload.column.n"): catch.n,
                }
            )
    return pd.DataFrame(rows)


def notes(lines: Sequence[Line]) -> list[str]:
    """What must be said beside the figures: where they come from and how they lean."""
    said = []
    for one in lines:
        if one.report and one.report.n:
            share = percent(one.report.positives / one.report.n)
            said.append(say("workload.note.report", share=share, label=label_name(one.label)))
    teams = [one.team for one in lines]
    if any(team and team.blind for team in teams):
        said.append(say("workload.note.blind"))
    if any(team and not team.blind for team in teams):
        said.append(say("workload.note.biased"))
    if lines and not any(teams):
        said.append(say("workload.note.nothing", fewest=workload.FEWEST_JUDGED))
    if any(rate.value is None and rate.low is not None for team in teams if team for rate in team.rates):
        said.append(say("workload.note.wide", points=round(100 * WIDEST)))
    return [*said, say("workload.note.promised")] if lines else said


def curve(counts: Mapping[str, Sequence[int]], per_day: float, lines: Mapping[str, float]) -> alt.LayerChart:
    """Comments held a day at every threshold, one stroke a label, and where the thresholds stand."""
    rows, stands = [], []
    for label, each in counts.items():
        total = sum(each) or 1
        for n in range(len(each) + 1):
            rows.append(
                {"line": n / len(each), "held": per_day * sum(each[n:]) / total, "label": label_name(label)}
            )
        stands.append({"line": lines[label], "label": label_name(label)})
    color = alt.Color("label:N", title=say("workload.chart.label"), legend=alt.Legend(orient="bottom"))
    strokes = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X(
                "line:Q",
                title=say("workload.chart.line"),
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".2f", tickCount=10),
            ),
            y=alt.Y("held:Q", title=say("workload.chart.held")),
            color=color,
            tooltip=[
                alt.Tooltip("label:N", title=say("workload.chart.label")),
                alt.Tooltip("line:Q", title=say("workload.chart.line"), format=".2f"),
                alt.Tooltip("held:Q", title=say("workload.chart.held"), format=".1f"),
            ],
        )
    )
    marks = alt.Chart(pd.DataFrame(stands)).mark_rule(strokeDash=[4, 3], strokeWidth=2)
    return french((strokes + marks.encode(x="line:Q", color=color)).properties(height=340))


def beside(
    store: Store, label: str, threshold: float, given: QueueFilter, limit: int = 5
) -> tuple[list[QueueItem], list[QueueItem]]:
    """Comments nearest to a threshold, under it and from it on, whatever became of them."""
    under: list[QueueItem] = []
    above: list[QueueItem] = []
    for status in _SIDES:
        conditions = QueueFilter.from_dict(given.to_dict() | {"status": status})
        low, high = store.beside(label, threshold, conditions, limit)
        under, above = under + low, above + high

    def score(item: QueueItem) -> float:
        return float(item.scores.get(label) or 0)

    return sorted(under, key=score, reverse=True)[:limit], sorted(above, key=score)[:limit]


def written(estimate: Estimate) -> str:
    r"""A share with its interval, or the interval alone where it is too wide for a share.

    >>> written(Estimate(0.8, 0.65, 0.9)), written(Estimate(0.8)), written(Estimate(None))
    ('80\xa0% [65\xa0% ; 90\xa0%]', '80\xa0%', '–')
    >>> written(Estimate(None, 0.49, 0.94))
    'entre 49\xa0% et 94\xa0%'
    """
    bounds = {
        name: percent(bound) for name in ("low", "high") if (bound := getattr(estimate, name)) is not None
    }
    if estimate.value is None:
        return say("workload.range", **bounds) if len(bounds) == 2 else say("workload.unknown")
    if len(bounds) < 2:
        return percent(estimate.value)
    return say("workload.estimate", value=percent(estimate.value), **bounds)


def _report_name(catch: Catch | None) -> str:
    if catch is None or catch.exact or catch.at is None:
        return say("workload.source.report")
    return say("workload.source.report.at", at=decimal(catch.at))
