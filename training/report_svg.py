"""Small plots as inline SVG: no script, no font, no picture from anywhere else."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

SIZE: Final = 240
_PAD: Final = 34
_SPAN: Final = SIZE - 2 * _PAD

Point = Sequence[float]


def reliability_plot(bins: Sequence[Mapping[str, Any]], name: str) -> str:
    """Share of true ones over mean probability; the diagonal is perfect calibration."""
    points = [(row["mean"], row["share"]) for row in bins]
    body = _line([(0, 0), (1, 1)], "guide") + _line(points, "data") + "".join(_dot(p) for p in points)
    return _plot(f"Reliability, {name}", "probability", "share true", body)


def precision_recall_plot(curve: Sequence[Point], base: float, name: str) -> str:
    """Precision over recall; the level line is the share of true ones."""
    body = _line([(0, base), (1, base)], "guide") + _line(curve, "data")
    return _plot(f"Precision and recall, {name}", "recall", "precision", body)


def histogram_plot(histogram: Mapping[str, Sequence[int]], name: str) -> str:
    """Comments by probability, true ones drawn over the others; heights relative to the fullest bin."""
    most = max(1, *(max(counts) for counts in histogram.values()))
    body = "".join(
        _bar(i / len(counts), 1 / len(counts), count / most, kind)
        for kind, counts in sorted(histogram.items())
        for i, count in enumerate(counts)
        if count
    )
    return _plot(f"Probabilities, {name}", "probability", f"comments (top {most})", body)


def _plot(title: str, across: str, up: str, body: str) -> str:
    title = escape(title)
    middle, low, end = SIZE // 2, SIZE - _PAD, SIZE - _PAD
    return (
        f'<svg viewBox="0 0 {SIZE} {SIZE}" role="img" aria-label="{title}"><title>{title}</title>'
        f'<rect class="frame" x="{_PAD}" y="{_PAD}" width="{_SPAN}" height="{_SPAN}"/>{body}'
        f'<text x="{middle}" y="20" class="title">{title}</text>'
        f'<text x="{middle}" y="{SIZE - 6}">{escape(across)}</text>'
        f'<text x="12" y="{middle}" transform="rotate(-90 12 {middle})">{escape(up)}</text>'
        f'<text x="{_PAD}" y="{low + 13}">0</text><text x="{end}" y="{low + 13}">1</text></svg>'
    )


def _x(value: float) -> str:
    return f"{_PAD + _SPAN * value:.1f}"


def _y(value: float) -> str:
    return f"{SIZE - _PAD - _SPAN * value:.1f}"


def _line(points: Sequence[Point], kind: str) -> str:
    path = " ".join(f"{_x(p[0])},{_y(p[1])}" for p in points)
    return f'<polyline class="{kind}" points="{path}"/>'


def _dot(point: Point) -> str:
    return f'<circle cx="{_x(point[0])}" cy="{_y(point[1])}" r="3"/>'


def _bar(left: float, width: float, height: float, kind: str) -> str:
    box = f'x="{_x(left)}" y="{_y(height)}" width="{_SPAN * width:.1f}" height="{_SPAN * height:.1f}"'
    return f'<rect class="{kind}" {box}/>'
