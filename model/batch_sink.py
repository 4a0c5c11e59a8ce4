"""Where scored rows go, and what a run did."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from data.errors import InputError
from data.formats import STANDARD, Writer, open_writer, writing
from model.batch_chunks import Scored
from model.batch_output import output_rows
from model.batch_tally import Tally


class Sink(Protocol):
    """Takes groups of scored chunks in order."""

    done: int
    """Chunks that an earlier run has committed."""

    def committed(self) -> Iterator[Mapping[str, Any]]: ...
    def write(self, group: Iterable[Scored]) -> None: ...
    def finish(self, counts: Mapping[str, Any]) -> None: ...
    def close(self) -> bool: ...


class StandardOutput:
    """JSON Lines on stdout as soon as a group is scored; rejected rows in ``stdout.rejected.jsonl``.

    Parameters
    ----------
    mapping
        Record field -> column.
    tally
        Counts of the run, filled on the way.
    """

    done = 0

    def __init__(self, mapping: Mapping[str, str], tally: Tally) -> None:
        self._mapping, self._tally = mapping, tally
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
            self._tally.add(rows)

    def committed(self) -> Iterator[Mapping[str, Any]]:
        """Nothing: what is out cannot be read again."""
        return iter(())

    def finish(self, counts: Mapping[str, Any]) -> None:
        """Close the side file; stdout has no manifest beside it."""
        del counts
        self._files.close()

    def close(self) -> bool:
        """Close what is open; the rows set aside so far are kept, as those scored are out."""
        self._files.close()
        return False


def rejected_path(out: str | os.PathLike[str]) -> Path:
    """Name the side file of an output.

    >>> str(rejected_path("out/scored.csv")), str(rejected_path("-"))
    ('out/scored.csv.rejected.jsonl', 'stdout.rejected.jsonl')
    """
    name = Path("stdout" if os.fspath(out) == STANDARD else out)
    return name.with_name(name.name + ".rejected.jsonl")
