"""What a threshold buys on one head: operating points, reliability, curves."""

from typing import Any, Final

import numpy as np

from training.metrics import Floats, Ranking, number

RECALLS: Final = (0.80, 0.90, 0.95)
FALSE_POSITIVE_RATE: Final = 0.01
QUEUE_SHARES: Final = (0.01, 0.05, 0.10)
COMMENTS_AN_HOUR: Final = 80
"""What one moderator reads in an hour, as a large French moderation service reports it."""

_CURVE_POINTS: Final = 120
_HISTOGRAM_BINS: Final = 20


def head_details(gold: Floats, chances: Floats) -> dict[str, Any]:
    """Describe one 0/1 head at every threshold; ``gold`` and ``chances`` of shape (n,), n >= 1."""
    ranking = Ranking(chances)
    ordered = gold[ranking.order]
    tp = np.cumsum(ordered)[ranking.ends]
    flagged = (ranking.ends + 1).astype(np.float64)
    thresholds = ranking.scores[ranking.ends]
    return {
        "operating_points": _operating_points(tp, flagged, thresholds),
        "recall_at_fpr_1pct": _recall_at_fpr(tp, flagged),
        "queue_precision": _queue_precision(ordered),
        "reliability": ranking.reliability(gold),
        "precision_recall": _curve(tp, flagged),
        "histogram": _histogram(gold, chances),
    }


def _operating_points(tp: Floats, flagged: Floats, thresholds: Floats) -> list[dict[str, Any]]:
    """Highest threshold that reaches each recall, and the work that it makes per 1,000 comments."""
    if not tp[-1]:
        return []
    points = []
    for wanted in RECALLS:
        at = int(np.argmax(tp >= wanted * tp[-1]))
        load = flagged[at] / flagged[-1]
        points.append(
            {
                "recall": wanted,
                "recall_reached": number(tp[at] / tp[-1]),
                "threshold": number(thresholds[at]),
                "precision": number(tp[at] / flagged[at]),
                "review_load": number(load),
                "hours_per_1000": number(1000 * load / COMMENTS_AN_HOUR),
            }
        )
    return points


def _recall_at_fpr(tp: Floats, flagged: Floats) -> float | None:
    fp = flagged - tp
    if not tp[-1] or not fp[-1]:
        return None
    allowed = fp <= FALSE_POSITIVE_RATE * fp[-1]
    return number(np.max(tp[allowed], initial=0.0) / tp[-1])


def _queue_precision(ordered: Floats) -> list[dict[str, Any]]:
    """Share of true ones among the highest scores."""
    sizes = [max(1, round(share * len(ordered))) for share in QUEUE_SHARES]
    return [
        {"share": share, "n": size, "precision": number(ordered[:size].mean())}
        for share, size in zip(QUEUE_SHARES, sizes, strict=True)
    ]


def _curve(tp: Floats, flagged: Floats) -> list[list[float | None]]:
    """[recall, precision] pairs, thinned to what a plot shows."""
    if not tp[-1]:
        return []
    chosen = np.unique(np.linspace(0, len(tp) - 1, _CURVE_POINTS).round().astype(int))
    return [[number(tp[i] / tp[-1]), number(tp[i] / flagged[i])] for i in chosen]


def _histogram(gold: Floats, chances: Floats) -> dict[str, list[int]]:
    """Comments in 20 bins of equal width over [0, 1]."""
    edges = np.linspace(0, 1, _HISTOGRAM_BINS + 1)
    return {
        name: np.histogram(chances[gold == value], edges)[0].tolist()
        for name, value in (("positives", 1), ("negatives", 0))
    }
