"""A range of scores: how many comments it holds, its chart, its rule, and what becomes of it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt
import pandas as pd

from data.errors import ConflictError, StoreError
from data.store import QueueFilter, QueueItem, Store
from data.taxonomy import SUBTYPES
from training.review.charts import french
from training.review.language import plural, say
from training.review.service import Outcome

LABELS: Final = ("incivility", "p_impolite", "p_intolerable", *SUBTYPES)
BINS: Final = 50
MOST: Final = 20_000
"""Comments of one batch; more would keep the database from everyone for too long."""

BatchVerdict = Literal["approve", "reject", "escalate"]
VERDICTS: Final[tuple[BatchVerdict, ...]] = ("approve", "reject", "escalate")

PICK: Final = "plage"
"""Name of the chart's interval."""

_INSIDE, _OUTSIDE = "#2f7fb5", "#9aa5b1"


@dataclass(frozen=True, slots=True)
class Range:
    """Comments of a filter whose score of ``label`` is from ``low`` to ``high``, both included."""

    label: str
    low: float
    high: float
    filter: QueueFilter

    @property
    def rule(self) -> str:
        """The selection as the journal keeps it: one line that says exactly what was chosen.

        >>> Range("insult", 0.8, 1.0, QueueFilter(section="Sports")).rule
        'batch: insult from 0.8 to 1; filter {"section": "Sports", "status": "pending"}'
        """
        chosen = {k: v for k, v in self.filter.to_dict().items() if k != "label"}
        kept = json.dumps(chosen, ensure_ascii=False, sort_keys=True)
        return f"batch: {self.label} from {self.low:g} to {self.high:g}; filter {kept}"

    def seen(self, store: Store) -> list[tuple[str, int]]:
        """Ids and versions of the comments, the highest scores first, at most ``MOST``."""
        if self.low > self.high:
            return []
        return store.ids_in_range(self.label, self.low, self.high, self.filter, MOST)

    def lines(self) -> list[float]:
        """Bounds that leave comments on their other side."""
        return list(dict.fromkeys(line for line in (self.low, self.high) if 0 < line < 1))

    def beside(self, store: Store, line: float, limit: int = 5) -> tuple[list[QueueItem], list[QueueItem]]:
        """Comments nearest to one of the bounds: under it, and above it.

        A score that equals a bound is inside the range, whichever bound it is.
        """
        at = math.nextafter(line, 2) if line == self.high else line
        return store.beside(self.label, at, self.filter, limit)


def histogram_frame(counts: Sequence[int], low: float, high: float) -> pd.DataFrame:
    """Columns ``start``, ``end``, ``count`` and ``inside`` of equal slices of 0 to 1.

    >>> histogram_frame([3, 1], 0.5, 1.0)["inside"].tolist()
    [False, True]
    """
    step = 1 / len(counts)
    starts = [round(n * step, 6) for n in range(len(counts))]
    ends = [round((n + 1) * step, 6) for n in range(len(counts))]
    middles = [(a + b) / 2 for a, b in zip(starts, ends, strict=True)]
    inside = [low <= m <= high for m in middles]
    return pd.DataFrame({"start": starts, "end": ends, "count": list(counts), "inside": inside})


def chart(frame: pd.DataFrame) -> alt.Chart:
    """Bars of a histogram, those inside the range in colour; an interval can be drawn on them."""
    bars = (
        alt.Chart(frame)
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X(
                "start:Q",
                bin="binned",
                title=say("batch.chart.score"),
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".2f", tickCount=10),
            ),
            x2="end:Q",
            y=alt.Y("count:Q", title=say("batch.chart.count"), axis=alt.Axis(tickMinStep=1, format=",d")),
            color=alt.condition("datum.inside", alt.value(_INSIDE), alt.value(_OUTSIDE)),
            tooltip=[
                alt.Tooltip("start:Q", title=say("batch.low"), format=".2f"),
                alt.Tooltip("end:Q", title=say("batch.high"), format=".2f"),
                alt.Tooltip("count:Q", title=say("batch.chart.count")),
            ],
        )
        .add_params(alt.selection_interval(name=PICK, encodings=["x"]))
        .properties(height=300)
    )
    return french(bars)


def picked(event: Any) -> tuple[float, float] | None:
    """Bounds that were drawn on the chart, to two decimals; ``None`` where nothing is.

    >>> picked({"selection": {"plage": {"start": [0.5043, 0.9]}}}), picked({"selection": {"plage": {}}})
    ((0.5, 0.9), None)
    """
    selection = event.get("selection") if isinstance(event, Mapping) else None
    drawn = selection.get(PICK) if isinstance(selection, Mapping) else None
    bounds = drawn.get("start") if isinstance(drawn, Mapping) else None
    if not isinstance(bounds, Sequence) or len(bounds) != 2:
        return None
    low, high = (min(1.0, max(0.0, round(float(bound), 2))) for bound in sorted(bounds))
    return low, high


def decide(
    store: Store,
    chosen: Range,
    seen: Sequence[tuple[str, int]],
    verdict: BatchVerdict,
    *,
    moderator: str,
    reason: str | None = None,
) -> tuple[Outcome, str | None]:
    """Decide the comments as they were seen, as one act.

    Returns
    -------
    tuple
        What to say, and the batch's name where there is something to take back.
    """
    try:
        result = store.decide_many(
            seen,
            verdict,
            moderator=moderator,
            rule=chosen.rule,
            reason=reason if verdict == "reject" else None,
        )
    except StoreError as error:
        return Outcome("error", say("error.store", what=str(error))), None
    left = len(result.conflicts)
    if left:
        message = say("batch.done.conflicts", left=left, **plural(result.done))
        return Outcome("warning", message), result.batch if result.done else None
    return Outcome("success", say("batch.done", **plural(result.done))), result.batch


def undo(store: Store, batch: str, *, moderator: str) -> Outcome:
    """Take a batch back whole."""
    try:
        result = store.undo_batch(batch, moderator)
    except ConflictError as error:
        return Outcome("warning", say("error.store", what=str(error)))
    except StoreError as error:
        return Outcome("error", say("error.store", what=str(error)))
    left = len(result.conflicts)
    if left:
        return Outcome("warning", say("batch.undone.conflicts", left=left, **plural(result.done)))
    return Outcome("success", say("batch.undone", **plural(result.done)))
