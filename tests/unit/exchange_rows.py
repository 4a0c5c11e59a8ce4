"""Labelled comments for exchange, and files of rows."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from data.exchange import (
    read_exchange,
)
from data.record import Comment, Labels

SAID = [
    Comment(
        id="c1",
        text="=Quel clown\net « quoi »",
        thread_id="fil",
        article_title="Titre",
        labels=Labels(severity=2, insult=1, threat=0, stance="against"),
        labelled_by="anne",
        labelled_at="2026-11-20T10:00:00+00:00",
        source="review",
    ),
    Comment(
        id="c1",
        text="=Quel clown\net « quoi »",
        thread_id="fil",
        article_title="Titre",
        labels=Labels(severity=1, insult=0),
        labelled_by="bob",
        labelled_at="2026-11-21T10:00:00+00:00",
        source="review",
    ),
    Comment(
        id="../../etc/passwd",
        text="Merci",
        labels=Labels(incivility=0),
        labelled_by="anne",
        labelled_at="2026-11-20T11:00:00+00:00",
        source="review",
        extra={"votes": 3},
    ),
]


def lines(path: Path, rows: Iterable[Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def comments(path: Path, **options: Any) -> list[Comment]:
    return [row for row in read_exchange(path, **options) if isinstance(row, Comment)]
