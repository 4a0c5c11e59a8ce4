"""Plots of the report as inline SVG, with French words: nothing is fetched, nothing runs."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

from training.french_numbers import decimal, percent

WIDTH: Final = 420
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 30, 44
_ACROSS: Final = WIDTH - _LEFT - _RIGHT
_UP: Final = HEIGHT - _TOP - _BOTTOM


def map_plot(points: Sequence[Mapping[str, Any]], old: float, new: float) -> str:
    """New score over old one, with the band of its interval; the cross marks both thresholds."""
    known = [p for p in points if p["new"]["value"] is not None]
    band = [p for p in known if p["new"]["low"] is not None]
    edge = [(p["old"], p["new"]["high"]) for p in band] + [(p["old"], p["new"]["low"]) for p in band[::-1]]
    body = (_polygon(edge) if edge else "") + _line([(0, 0), (1, 1)], "guide")
    body += _line([(p["old"], p["new"]["value"]) for p in known], "new")
    body += _line([(old, 0), (old, new), (0, new)], "mark") + _dot(old, new)
    return _plot("Correspondance des scores", "score de Perspective", "score de courtois", body, _score)


def hold_plot(curves: Mapping[str, Sequence[float]], old: float | None, new: float) -> str:
    """Share held over the threshold, for both scores; vertical lines are the thresholds."""
    body = ""
    for name, at in (("old", old), ("new", new)):
        values = curves[name]
        if values and at is not None:
            body += _line([(i / 100, v) for i, v in enumerate(values)], name)
            body += _line([(at, 0), (at, 1)], f"{name} dashed")
    return _plot("Commentaires retenus selon le seuil", "seuil", "part retenue", body, _share)


def histogram_plot(title: str, bars: Mapping[str, Sequence[int]], threshold: float) -> str:
    """Comments by score on a square-root scale, the rejected ones in front; the line is the threshold."""
    most = max(1, *bars["all"])
    body = ""
    for name in ("all", "rejected"):
        counts = bars[name]
        for i, count in enumerate(counts):
            if count:
                height = (count / most) ** 0.5
                body += _bar(i / len(counts), 1 / len(counts), height, name)
    body += _line([(threshold, 0), (threshold, 1)], "mark")
    return _plot(title, "score", "commentaires (échelle en racine)", body, _counted(most))


def _share(value: float) -> str:
    return percent(value, 0)


def _score(value: float) -> str:
    return decimal(value, 1)


def _counted(most: int) -> Callable[[float], str]:
    return lambda height: decimal(most * height * height, 0)


def _plot(title: str, across: str, up: str, body: str, write: Callable[[float], str]) -> str:
    ticks = ""
    for i in range(6):
        at = i / 5
        ticks += f'<text x="{_x(at)}" y="{HEIGHT - _BOTTOM + 15}">{escape(decimal(at, 1))}</text>'
        label = escape(write(at))
        ticks += f'<text x="{_LEFT - 6}" y="{float(_y(at)) + 4:.1f}" class="left">{label}</text>'
        ticks += _line([(0, at), (1, at)], "grid")
    title, across, up = escape(title), escape(across), escape(up)
    middle = _TOP + _UP / 2
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}"><title>{title}</title>'
        f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_ACROSS}" height="{_UP}"/>{ticks}{body}'
        f'<text x="{_LEFT + _ACROSS / 2}" y="18" class="title">{title}</text>'
        f'<text x="{_LEFT + _ACROSS / 2}" y="{HEIGHT - 8}">{across}</text>'
        f'<text x="12" y="{middle}" transform="rotate(-90 12 {middle})">{up}</text></svg>'
    )


def _x(value: float) -> str:
    return f"{_LEFT + _ACROSS * value:.1f}"


def _y(value: float) -> str:
    return f"{_TOP + _UP * (1 - value):.1f}"


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_x(a)},{_y(b)}" for a, b in points)


def _line(points: Sequence[tuple[float, float]], kind: str) -> str:
    return f'<polyline class="{kind}" points="{_points(points)}"/>'


def _polygon(points: Sequence[tuple[float, float]]) -> str:
    return f'<polygon class="band" points="{_points(points)}"/>'


def _dot(across: float, up: float) -> str:
    return f'<circle cx="{_x(across)}" cy="{_y(up)}" r="4"/>'


def _bar(left: float, width: float, height: float, kind: str) -> str:
    box = f'x="{_x(left)}" y="{_y(height)}" width="{_ACROSS * width:.1f}" height="{_UP * height:.1f}"'
    return f'<rect class="bar-{kind}" {box}/>'
