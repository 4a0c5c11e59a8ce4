"""The site's saved policy over comments on their way into the queue."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from data.record import Comment
from model.batch_policy import ruled_columns
from model.policy_file import installed_policy
from training.review import scorers, settings


def ruled(pairs: Iterable[tuple[Comment, dict[str, Any]]]) -> Iterator[tuple[Comment, dict[str, Any]]]:
    """Give each comment the action of the saved policy; without one they pass as they are.

    Nothing is decided here: rules that decide by themselves only do so when the policy is applied.

    Raises
    ------
    InputError
        When the saved policy cannot be used.
    """
    site = installed_policy()
    if site is None:
        yield from pairs
        return
    given = os.environ.get(settings.BUNDLE)
    propose = scorers.load(Path(given) if given else None).policy.action
    for comment, columns in pairs:
        yield comment, ruled_columns(columns, comment, site, propose)
