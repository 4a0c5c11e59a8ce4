"""Labelled corpora to measure on: from the registry by name, or from a file."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from data.corpora import corpus_names, peer_predictions, read_corpus
from data.errors import InputError
from data.exchange import unguarded
from data.formats import Rejection, format_of, read_comments
from data.record import Comment
from training.evaluation import Corpus
from training.report_cells import visible

PEERS: Final = "toxifrench_benchmark"
"""The corpus on which other systems' verdicts are known."""

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus, and what its reader should tell on stderr."""

    corpus: Corpus
    warnings: tuple[str, ...]


def open_corpus(source: str, *, mapping: Mapping[str, str] | None = None) -> Source:
    """Load a corpus of the registry, or a labelled CSV, JSON Lines or Parquet file.

    ``mapping`` (record field to column) applies to files. Parents are found by ``parent_id``
    anywhere in the file.

    Raises
    ------
    InputError
        For a source that is neither, cannot be read, or has no labelled comment.
    """
    if source in corpus_names():
        corpus = _named(source)
        warnings: tuple[str, ...] = ()
    elif os.path.exists(source):
        corpus, warnings = _from_file(source, mapping or {})
    else:
        raise InputError(
            "neither a file nor a corpus of the registry",
            where=visible(source),
            fix=f"known corpora are {', '.join(corpus_names())}",
        )
    if not corpus.comments:
        raise InputError(
            "no labelled comment",
            where=visible(source),
            fix="fill a label column: severity, incivility, a subtype or stance",
        )
    return Source(corpus, warnings)


def peers_of(name: str) -> pd.DataFrame | None:
    """Load the other systems' verdicts on the rows of a corpus; ``None`` where none are at hand."""
    if name != PEERS:
        return None
    try:
        return peer_predictions()
    except InputError:
        return None


def _named(name: str) -> Corpus:
    loaded = read_corpus(name)
    comments = [c for c in loaded.comments if c.labels]
    return Corpus(
        name=name,
        comments=comments,
        rows_set_aside=loaded.empty + loaded.over_long,
        unlabelled=loaded.unlabelled + len(loaded.comments) - len(comments),
    )


def _from_file(path: str, mapping: Mapping[str, str]) -> tuple[Corpus, tuple[str, ...]]:
    from_csv = format_of(path).kind == "csv"
    comments: list[Comment] = []
    warnings: list[str] = []
    aside = 0
    for row in read_comments(path, mapping=mapping):
        if isinstance(row, Rejection):
            aside += 1
            if aside <= _SHOWN:
                column = f"column {row.column}: " if row.column else ""
                warnings.append(f"set aside: {row.where}: {column}{row.reason}")
        else:
            comments.append(unguarded(row) if from_csv else row)
    if aside > _SHOWN:
        warnings.append(f"set aside: {aside - _SHOWN} more rows")
    texts = {c.id: c.text for c in comments}
    labelled = [_with_parent(c, texts) for c in comments if c.labels]
    with open(path, "rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    corpus = Corpus(
        name=visible(path),
        comments=labelled,
        rows_set_aside=aside,
        unlabelled=len(comments) - len(labelled),
        digest=digest,
    )
    return corpus, tuple(visible(line) for line in warnings)


def _with_parent(comment: Comment, texts: Mapping[str, str]) -> Comment:
    if comment.parent_text is not None or comment.parent_id is None:
        return comment
    # A spreadsheet turns an id column with gaps into 12.0.
    found = texts.get(comment.parent_id) or texts.get(comment.parent_id.removesuffix(".0"))
    return replace(comment, parent_text=found)
