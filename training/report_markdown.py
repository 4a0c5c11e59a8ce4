"""A report as Markdown, for the terminal and for ``report.md``."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from training.report_cells import Section
from training.report_sections import sections

_SPECIAL: Final = re.compile(r"([\\`|\[\]])")
_TAG: Final = re.compile(r"<(?=\S)")


def render_markdown(reports: Sequence[Mapping[str, Any]]) -> str:
    """Write one part for each corpus."""
    parts = ["# Evaluation"]
    for report in reports:
        first, *others = sections(report)
        parts += [section_text(first, "##"), *(section_text(part, "###") for part in others)]
    return "\n\n".join(parts) + "\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Write an aligned table; cells are escaped.

    >>> print(table(("a", "b"), [("1", "x|y")]))
    | a | b    |
    |---|------|
    | 1 | x\|y |
    """
    lines = [[_escaped(c) for c in row] for row in (columns, *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    shown = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (w + 2) for w in widths) + "|"
    return "\n".join([shown[0], rule, *shown[1:]])


def section_text(section: Section, level: str) -> str:
    """Write one section under a heading of ``level``, such as ``##``."""
    notes = [f"**{_escaped(n)}**" if section.warning else _escaped(n) for n in section.notes]
    body = [table(section.columns, section.rows)] if section.rows else []
    return "\n\n".join([f"{level} {_escaped(section.title)}", *notes, *body])


def _escaped(text: str) -> str:
    return _TAG.sub("&lt;", _SPECIAL.sub(r"\\\1", text))
