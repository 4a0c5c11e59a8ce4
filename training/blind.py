"""Rows drawn by lot and read without scores: which they are, and how many it takes to measure on them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.record import Comment

ENOUGH: Final = 200
"""Blind labels from which a comparison is made on them alone.

Measured on a forum new to the shipped bundle, the difference of two AUCs has a standard error of about
0.165 / sqrt(p n / (p + n)) with p and n labels of either value: 0.03 with 40 and 160. A candidate that is
0.06 worse is then let through, and one that is 0.04 better refused, less than once in twenty. Half as
many labels would refuse one candidate in twenty that is 0.06 better, as much as a first retraining gains.
"""

EACH: Final = 40
"""Of which so many of each value: a share of 40 is known to within 0.15 (Wilson, 95 %)."""


def drawn_blind(comments: Sequence[Comment]) -> npt.NDArray[np.bool_]:
    """Mark the rows that exports say were drawn by lot and read without scores, shape (n,).

    >>> rows = [Comment(id="1", text="a", extra={"sampling": "blind"}), Comment(id="2", text="b")]
    >>> drawn_blind(rows).tolist()
    [True, False]
    """
    return np.array([c.drawn_blind for c in comments], bool)


def enough(blind: npt.NDArray[Any], values: npt.NDArray[Any]) -> bool:
    """Whether the ``blind`` labels, out of all ``values``, can stand for the rest.

    >>> values = np.repeat([0, 1], 500)
    >>> enough(np.repeat([0, 1], [160, 40]), values), enough(np.repeat([0, 1], [190, 10]), values)
    (True, False)
    """
    return len(blind) >= ENOUGH and all((blind == value).sum() >= EACH for value in np.unique(values))


def resting_on(comparison: Mapping[str, Any]) -> str:
    """Say which rows a comparison of a manifest is made on; nothing for a manifest that does not know.

    >>> resting_on({"n": 210, "blind": 210, "on_blind": True})
    '210 blind labels alone'
    >>> resting_on({"n": 900, "blind": 12, "on_blind": False})
    'all 900 labels: 12 are blind, 200 are needed with 40 of each value'
    """
    n, blind = comparison.get("n"), comparison.get("blind")
    if comparison.get("on_blind"):
        return f"{n} blind labels alone"
    if blind is None:
        return ""
    return f"all {n} labels: {blind} are blind, {ENOUGH} are needed with {EACH} of each value"
