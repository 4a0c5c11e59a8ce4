"""Reading of many comments in two processes; each row is the same however many there are."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse

from data.record import Comment
from model.features.space import FeatureSpace, Rows, read_text
from training.learn import Prepared, Progress, prepare

_WORTH_PROCESSES: Final = 3000
_CHUNK: Final = 1000
_TOLD_EVERY: Final = 10


def prepare_many(comments: Sequence[Comment], space: FeatureSpace, progress: Progress) -> Prepared:
    """Do as ``training.learn.prepare`` does, in two processes where that saves time."""
    if len(comments) < _WORTH_PROCESSES:
        return prepare(comments, space, progress)
    progress(f"reading {len(comments)} comments")
    texts = [c.text for c in comments]
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    arrays = (space.chars.idf_, space.words.idf_, space.mean, space.scale)
    parts: list[Rows] = []
    work = (delayed(_rows)(arrays, chunk) for chunk in chunks)
    for part in Parallel(n_jobs=2, prefer="processes", return_as="generator")(work):
        parts.append(part)
        if len(parts) % _TOLD_EVERY == 0:
            progress(f"read {sum(map(len, parts))} of {len(comments)}")
    rows = Rows(
        sparse.vstack([p.chars for p in parts], format="csr"),
        sparse.vstack([p.words for p in parts], format="csr"),
        np.concatenate([p.dense for p in parts]),
    )
    return Prepared(comments, rows, space)


def _rows(arrays: tuple[np.ndarray, ...], texts: Sequence[str]) -> Rows:
    """Rows of some texts; the space travels as arrays, without the encoder."""
    space = FeatureSpace()
    space.chars.idf_, space.words.idf_, space.mean, space.scale = arrays
    return space.rows([read_text(text) for text in texts])
