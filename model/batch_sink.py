"""Where scored rows go, and what a run did."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from data.errors import InputError
from data.formats import STANDARD, Writer, open_writer, writing
from model.batch import Scored
from model.batch_output import output_rows


@dataclass(slots=True)
class Tally:
    """What a run did."""

    scored: int = 0
    rejected: int = 0
    actions: Counter[str] = field(default_factory=Counter)


class Sink(Protocol):
    """Takes groups of scored chunks in order."""

    done: int
    """Chunks that an earlier run has committed."""

    def write(self, group: Iterable[Scored]) -> None: ...
    def finish(self) -> Tally: ...
    def discard(self) -> None: ...


class StandardOutput:
    """JSON Lines on stdout as soon as a group is scored; rejected rows in ``stdout.rejected.jsonl``.

    Parameters
    ----------
    mapping
        Record field -> column.
    """

    done = 0

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self._mapping = mapping
        self._tally = Tally()
        self._files = ExitStack()
        self._out = self._files.enter_context(open_writer(STANDARD))
        self._side: Writer | None = None

    def write(self, group: Iterable[Scored]) -> None:
        for scored in group:
            rejected = scored.chunk.rejections
            if rejected:
                # Opened late: most runs set nothing aside and should leave no file.
                self._side = self._side or self._files.enter_context(open_writer(rejected_path(STANDARD)))
                self._side.write(rejection.as_dict() for rejection in rejected)
                self._tally.rejected += len(rejected)
            rows = list(output_rows(scored, self._mapping))
            try:
                with writing("stdout"):
                    self._out.write(rows)
            except (BrokenPipeError, InputError):
                # Python would flush again at exit, and complain a second time.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise
            self._tally.scored += len(rows)
            self._tally.actions.update(row["action"] for row in rows)

    def finish(self) -> Tally:
        self._files.close()
        return self._tally

    def discard(self) -> None:
        """Close what is open; the rows set aside so far are kept, as those scored are out."""
        self._files.close()


def rejected_path(out: str | os.PathLike[str]) -> Path:
    """Name the side file of an output.

    >>> str(rejected_path("out/scored.csv")), str(rejected_path("-"))
    ('out/scored.csv.rejected.jsonl', 'stdout.rejected.jsonl')
    """
    name = Path("stdout" if os.fspath(out) == STANDARD else out)
    return name.with_name(name.name + ".rejected.jsonl")
