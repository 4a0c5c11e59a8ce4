"""Files of invented rows, and the labels that were read from them."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from data.record import Comment


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def given(comments: Iterable[Comment]) -> list[dict[str, int | str]]:
    return [c.labels.given() for c in comments]
