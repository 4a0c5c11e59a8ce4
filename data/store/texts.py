"""What the store does to any text or list before the database sees it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

MANY: Final = 1000
"""Values that one statement names at most; databases bound how many they take."""

_UNSTORABLE: Final = re.compile("[\ud800-\udfff\x00]")


def storable(text: str) -> str:
    r"""Replace, one for one so that offsets hold, what no database takes as text.

    >>> storable("a\x00b")
    'a\ufffdb'
    """
    return _UNSTORABLE.sub("\ufffd", text)


def chunks(values: Sequence[T], size: int = MANY) -> Iterator[Sequence[T]]:
    """Cut a list into stretches of at most ``size``, in order.

    >>> [list(part) for part in chunks([1, 2, 3], 2)]
    [[1, 2], [3]]
    """
    for start in range(0, len(values), size):
        yield values[start : start + size]
