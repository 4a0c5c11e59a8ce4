"""What the stance heads read: the comment, its target, how the two meet, and the parent's words."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from data.record import Comment
from model.encoder import DIMENSIONS, Vectors
from model.features.space import FeatureSpace, dense_width, read_text, sentence_vectors

LONGEST_TARGET: Final = 400
"""Characters of a target or parent that are encoded."""

# Scales inside the kernel's distance, chosen on held-out threads and proposals: the product of
# comment and target counts most, the target and the parent alone half as much as the comment.
_PRODUCT: Final = np.float32(130.0)
_ALONE: Final = np.float32(4.0)
_COSINE: Final = np.float32(4.0)


def stance_width() -> int:
    """Columns of :func:`stance_rows`."""
    return dense_width() + 3 * DIMENSIONS + 2


def stance_rows(space: FeatureSpace, dense: Vectors, comments: Sequence[Comment]) -> Vectors:
    """Dense rows for the stance heads, of shape (n, stance_width()).

    Parameters
    ----------
    dense
        The comments' rows for the incivility heads.
    comments
        Records whose ``stance_target`` is given; ``parent_text`` is used where there is one.
    """
    sentences = sentence_vectors(dense)
    targets = _encoded(space, [c.stance_target or "" for c in comments])
    parents = _encoded(space, [c.parent_text or "" for c in comments])
    near_target = np.sum(sentences * targets, axis=1, keepdims=True) * _COSINE
    near_parent = np.sum(sentences * parents, axis=1, keepdims=True) * _COSINE
    blocks = [dense, targets * _ALONE, sentences * targets * _PRODUCT, parents * _ALONE]
    return np.hstack([*blocks, near_target, near_parent])


def _encoded(space: FeatureSpace, texts: Sequence[str]) -> Vectors:
    """Sentence vectors of each distinct text once; zero for an empty one."""
    distinct = sorted({text for text in texts if text})
    sentences = [_sentence(text) for text in distinct]
    vectors = dict(zip(distinct, space.encoder.encode(sentences), strict=True)) if distinct else {}
    nothing = np.zeros(DIMENSIONS, np.float32)
    return np.stack([vectors.get(text, nothing) for text in texts])


@lru_cache(maxsize=4096)
def _sentence(text: str) -> str:
    """A target or parent as the encoder gets it; threads share theirs."""
    return read_text(text[:LONGEST_TARGET]).sentence


__all__ = ["stance_rows", "stance_width"]
