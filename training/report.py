"""Write reports to files: JSON, Markdown and a self-contained HTML page."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.errors import CourtoisError
from training.report_html import render_html
from training.report_markdown import render_markdown

Reports = Sequence[Mapping[str, Any]]


def dumps(reports: Reports) -> str:
    """Give the JSON: an object for one corpus, a list of objects for several; never NaN."""
    content = reports[0] if len(reports) == 1 else list(reports)
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_report(reports: Reports, folder: Path) -> None:
    """Write ``report.json``, ``report.md`` and ``report.html`` into ``folder``, made if need be.

    Raises
    ------
    CourtoisError
        When the folder cannot be written.
    """
    write_text(folder / "report.json", dumps(reports))
    write_text(folder / "report.md", render_markdown(reports))
    write_text(folder / "report.html", render_html(reports))


def write_text(path: Path, text: str) -> None:
    """Write a file aside, then rename it into place; folders above it are made.

    Raises
    ------
    CourtoisError
        When it cannot be written; an old file is then still whole.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
            os.chmod(aside, 0o644)
            os.replace(aside, path)
        except BaseException:
            os.unlink(aside)
            raise
    except OSError as error:
        reason = error.strerror or "cannot be written"
        raise CourtoisError(reason, where=str(path), fix="choose another place to write") from error
