"""The parts of a report that people read: titled tables, and how a figure is written in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report; ``rows`` are cells under ``columns``, text already formatted."""

    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    warning: bool = False


def cell(value: Any) -> str:
    """Write a figure to three decimals, anything else as it is.

    >>> cell(0.12345), cell(None), cell(12)
    ('0.123', '–', '12')
    """
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else visible(str(value))


def chance(p_value: float) -> str:
    """Write a p-value.

    >>> chance(0.0300), chance(1e-9)
    ('0.030', '< 0.001')
    """
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def visible(text: str) -> str:
    """Replace characters that would drive a terminal or break a line.

    >>> visible("a" + chr(27) + "[2J")
    'a�[2J'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def with_interval(figures: Mapping[str, Any], name: str) -> str:
    """Write a figure and its 95 % interval."""
    interval = figures["ci95"].get(name)
    shown = cell(figures[name])
    return f"{shown} ({interval[0]:.3f}–{interval[1]:.3f})" if interval else shown
