"""Dumps into scored comments: for the first start of the app, and for the upload page."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data.formats import Row, format_of
from data.formats.csv_reader import open_csv
from data.formats.encoding import detect_encoding
from data.formats.jsonl_reader import jsonl_rows
from data.formats.parquet_reader import parquet_rows
from data.formats.source import open_bytes
from data.record import Comment
from model.batch import Factory, Scored, load_scorer, make_chunks, score_chunks
from model.batch_input import Intake
from training.review.site_rules import ruled

PEEK = 1000
"""Lines of a JSON Lines file that are looked at for its columns."""


def columns_of(path: Path) -> list[str]:
    """Names of the columns of a dump, in order; JSON Lines are judged by their first lines.

    Raises
    ------
    InputError
        For a file that cannot be read at all.
    """
    kind = format_of(path).kind
    encoding = ""
    if kind == "csv":
        with open_bytes(path) as stream:
            encoding = detect_encoding(stream)
    with open_bytes(path) as stream:
        if kind == "csv":
            with open_csv(stream, path.name, encoding) as (columns, _):
                return columns
        if kind == "parquet":
            return parquet_rows(stream, path.name)[0]
        seen: dict[str, None] = {}
        for number, row in enumerate(jsonl_rows(stream, path.name)):
            if isinstance(row, Row):
                seen.update(dict.fromkeys(row.values))
            if number >= PEEK:
                break
        return list(seen)


def guess_text(columns: list[str]) -> int:
    """Position of the column that most likely holds the comments.

    >>> guess_text(["id", "Message"]), guess_text(["a", "b"])
    (1, 0)
    """
    likely = ("text", "texte", "comment", "commentaire", "message", "body", "contenu", "content")
    for wanted in likely:
        for at, column in enumerate(columns):
            if wanted in column.casefold():
                return at
    return 0


def mapping_for(columns: list[str], text_column: str) -> dict[str, str]:
    """Say that the comments are in ``text_column``."""
    return {} if text_column == "text" and "text" in columns else {"text": text_column}


def scored_chunks(
    path: Path,
    *,
    mapping: Mapping[str, str],
    target: str | None = None,
    spans: bool,
    bundle: Path | None = None,
    jobs: int | None = None,
    factory: Factory = load_scorer,
) -> Iterator[Scored]:
    """Score a dump, a chunk at a time, in the order of its rows.

    Raises
    ------
    InputError, BundleError
        For a dump or a bundle that cannot be used.
    """
    chunks = make_chunks(Intake([path], mapping, target))
    for group in score_chunks(chunks, bundle=bundle, spans=spans, jobs=jobs, factory=factory):
        yield from group


def for_store(scored: Scored) -> Iterator[tuple[Comment, dict[str, Any]]]:
    """Comments with their scores, as the store takes them, under the site's policy."""
    yield from ruled(zip(scored.chunk.comments, scored.columns, strict=True))
