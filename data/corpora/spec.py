"""What the registry knows of one corpus."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from data.record import Comment

Use = Literal["ship", "eval", "benchmark", "diagnostic"]
"""``ship``: may train the bundle that is published. ``eval``: evaluate, or train a bundle that
stays on its machine. ``benchmark`` and ``diagnostic``: never train on it, never tune on it."""

Row = dict[str, str]
"""One row of a corpus file, every cell a string, an empty cell ``""``."""

RowMap = Callable[[str, int, Row], Comment | None]
"""Corpus name, row number and row in, record out; ``None`` for a row without a usable label."""

NOTHING: Final[Mapping[str, Any]] = {}


def same(*columns: str) -> dict[str, str]:
    """Columns that the hub and the local file call alike.

    >>> same("id", "text")
    {'id': 'id', 'text': 'text'}
    """
    return {name: name for name in columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """Where ``datasets`` finds the original.

    ``columns`` names each column there that is needed, and what the local file calls it;
    ``keep`` gives the cells a row must have.
    """

    id: str
    split: str
    columns: Mapping[str, str]
    config: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusSpec:
    """One corpus: what it is, what it may be used for, and how its labels become ours.

    Parameters
    ----------
    file
        CSV or JSON Lines file under the corpora folder; empty for the embedded corpus.
    columns
        Columns that the file must have.
    labels
        Columns of the record that the map fills.
    label_map
        The map in words, for people; ``read`` is the map itself.
    relabelled, key
        CSV of our own labels, and the column that joins it to the file.
    """

    name: str
    about: str
    licence: str
    use: Use
    labels: tuple[str, ...]
    label_map: str
    read: RowMap
    file: str = ""
    columns: tuple[str, ...] = ()
    hub: Hub | None = None
    relabelled: str = ""
    key: str = ""
    notes: str = ""

    @property
    def trainable(self) -> bool:
        """Whether any bundle may be trained on it."""
        return bool(self.labels) and self.use in ("ship", "eval")
