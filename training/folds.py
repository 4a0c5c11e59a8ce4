"""Folds for training: what must not be split depends on where the labels come from."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from data.record import Comment
from training.config import TrainConfig
from training.splits import Folds, grouped_folds, groups, merged_groups

_SMALL: Final = 3000
_SMALL_FOLDS: Final = 10
_FEWEST_SOURCES: Final = 10


def label_folds(comments: Sequence[Comment], config: TrainConfig, *, by_target: bool = False) -> Folds:
    """Folds that split no thread or author; none when all comments are of one thread or alike."""
    count = config.folds if len(comments) > _SMALL else max(config.folds, _SMALL_FOLDS)
    group = groups(comments, by_target=by_target)
    return grouped_folds(group, count) if len(np.unique(group)) > 1 else []


def source_folds(comments: Sequence[Comment], config: TrainConfig) -> Folds:
    """Folds that split no source either, where there are enough of them.

    Each file of the embedded corpus has one author and each foreign corpus its own way of labelling:
    what a view is worth shows on the text of others.
    """
    group = merged_groups(groups(comments), [c.source for c in comments])
    if len(np.unique(group)) < _FEWEST_SOURCES:
        return label_folds(comments, config)
    return grouped_folds(group, config.folds)
