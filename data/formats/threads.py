"""Titles and addresses of the threads of an export, for the comments that only name their thread."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

MOST_THREADS: Final = 200_000
"""Threads remembered at once; with titles of 100 letters about 60 MB."""

_LONGEST: Final = 1_000


class Thread(NamedTuple):
    """What a comment takes from its thread."""

    title: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Threads:
    """The last threads read; the oldest make room, and comments that miss them are counted.

    >>> threads = Threads()
    >>> threads.add("t1", "La réforme", "")
    >>> threads.get("t1"), threads.get("t2")
    (Thread(title='La réforme', url=None), Thread(title=None, url=None))
    """

    size: int = MOST_THREADS
    forgotten: int = 0
    missed: int = 0
    _known: OrderedDict[str, Thread] = field(default_factory=OrderedDict)

    def add(self, key: str, title: object, url: object) -> None:
        self._known[key] = Thread(_short(title), _short(url))
        self._known.move_to_end(key)
        if len(self._known) > self.size:
            self._known.popitem(last=False)
            self.forgotten += 1

    def get(self, key: str | None) -> Thread:
        found = self._known.get(key) if key else None
        if found is None:
            # Without a forgotten thread, the export never held this one.
            self.missed += bool(key) and self.forgotten > 0
            return Thread()
        return found

    def __len__(self) -> int:
        return len(self._known)


def _short(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None
