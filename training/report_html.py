"""A report as one self-contained HTML page: nothing is fetched, nothing runs, no comment is quoted."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from training.report_cells import Section
from training.report_sections import sections
from training.report_svg import histogram_plot, precision_recall_plot, reliability_plot

_STYLE: Final = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:90rem;padding:0 1rem;color:#1b1b1b}
h2{border-top:3px solid #3a5a8c;padding-top:.6rem;margin-top:2.5rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}
th{background:#f1f4f8}
.warning{background:#fff1e0;border-left:5px solid #b55300;padding:.2rem 1rem}
.plots{display:flex;flex-wrap:wrap;gap:.5rem}
svg{width:240px;height:240px}
svg text{font-size:10px;text-anchor:middle}svg .title{font-weight:600}
.frame{fill:none;stroke:#999}.guide{fill:none;stroke:#aaa;stroke-dasharray:4}
.data{fill:none;stroke:#3a5a8c;stroke-width:2}circle{fill:#3a5a8c}
.negatives{fill:#9db4d6}.positives{fill:#b55300;fill-opacity:.65}
"""

_LEGEND: Final = (
    "Dashed: perfect calibration, and the share of comments that carry the label. "
    "Histogram: comments that carry the label in orange, the others in blue."
)

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def render_html(reports: Sequence[Mapping[str, Any]]) -> str:
    """Write the whole page."""
    body = "".join(_report(report) for report in reports)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>courtois: evaluation</title><style>{_STYLE}</style></head>"
        f"<body><h1>Evaluation</h1>{body}</body></html>\n"
    )


def _report(report: Mapping[str, Any]) -> str:
    first, *others = sections(report)
    plots = "".join(_plots(head, detail) for head, detail in report["details"].items())
    drawn = f"<section><h3>Plots</h3><p>{_LEGEND}</p>{plots}</section>" if plots else ""
    return _section(first, "h2") + "".join(_section(part, "h3") for part in others) + drawn


def _plots(head: str, detail: Mapping[str, Any]) -> str:
    drawn = [reliability_plot(detail["reliability"], head), histogram_plot(detail["histogram"], head)]
    curve = detail["precision_recall"]
    if curve:
        # At recall 1 by the lowest score of all, precision is the share of true ones.
        drawn.insert(1, precision_recall_plot(curve, curve[-1][1], head))
    return f'<div class="plots">{"".join(drawn)}</div>'


def _section(section: Section, level: str) -> str:
    notes = "".join(f"<p>{escape(note)}</p>" for note in section.notes)
    kind = ' class="warning"' if section.warning else ""
    title = f"<{level}>{escape(section.title)}</{level}>"
    return f"<section{kind}>{title}{notes}{_table(section) if section.rows else ''}</section>"


def _table(section: Section) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in section.columns)
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in section.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
