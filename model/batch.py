"""Many comments at once: chunks through joblib, in order, with bounded memory."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, Protocol

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError
from threadpoolctl import threadpool_limits

from data.errors import CourtoisError
from data.formats import Rejection, Row
from data.record import Comment
from model.batch_backends import Backend, ready
from model.judgement import Judgement

CHUNK_ROWS: Final = 250
"""Rows that one task scores; small enough that the last tasks of a group keep all cores busy."""

CHUNK_CHARACTERS: Final = 1_000_000
"""A chunk of long comments ends early, so that memory does not depend on their length."""

IN_PROCESS_ROWS: Final = 300
"""Below this, starting workers costs more than it saves."""

_GROUP_PER_JOB: Final = 12
_GROUP_IN_PROCESS: Final = 4


class BatchScorer(Protocol):
    """What batch scoring needs of a scorer."""

    bundle_name: str

    def score_many(self, comments: Sequence[Comment], *, spans: bool = False) -> list[Judgement]: ...


Factory = Callable[[Path | None], BatchScorer]
"""Loads the scorer of a bundle folder (``None``: the shipped one); importable by workers."""


@dataclass(slots=True)
class Chunk:
    """Consecutive rows of the input: those to score, and those set aside among them."""

    index: int
    source: str = ""
    rows: list[Row] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk with the scored columns of each of its rows."""

    chunk: Chunk
    columns: list[dict[str, Any]]


def load_scorer(bundle: Path | None) -> BatchScorer:
    """Load the product's own scorer."""
    from model.scorer import Scorer

    return Scorer.load(bundle)


def cached_scorer(factory: Factory, bundle: Path | None) -> BatchScorer:
    """Load a bundle once per process."""
    key = (factory, bundle)
    if key not in _scorers:
        _scorers.clear()
        _scorers[key] = factory(bundle)
    return _scorers[key]


_scorers: dict[tuple[Factory, Path | None], BatchScorer] = {}


def make_chunks(items: Iterable[tuple[Row, Comment] | Rejection]) -> Iterator[Chunk]:
    """Cut a stream into chunks of one source each.

    Where they end depends on the rows alone, never on the machine.
    """
    chunk = Chunk(0)
    for item in items:
        source = (item if isinstance(item, Rejection) else item[0]).source
        if chunk.source not in ("", source):
            yield chunk
            chunk = Chunk(chunk.index + 1)
        chunk.source = source
        if isinstance(item, Rejection):
            chunk.rejections.append(item)
            chunk.characters += len(str(item.cells))
        else:
            row, comment = item
            chunk.rows.append(row)
            chunk.comments.append(comment)
            chunk.characters += sum(len(v) for v in row.values.values() if isinstance(v, str))
        full = len(chunk.rows) + len(chunk.rejections) >= CHUNK_ROWS
        if full or chunk.characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk = Chunk(chunk.index + 1)
    if chunk.rows or chunk.rejections:
        yield chunk


def score_chunks(
    chunks: Iterable[Chunk],
    *,
    bundle: Path | None = None,
    spans: bool = False,
    jobs: int | None = None,
    backend: Backend = "loky",
    factory: Factory = load_scorer,
) -> Iterator[list[Scored]]:
    """Score chunks in order, a group at a time.

    Only two groups of chunks are in memory: joblib's own generators would read the whole input
    ahead of the workers. One job, or a small input, is scored in this process.

    Parameters
    ----------
    chunks
        Consecutive chunks, read lazily.
    bundle
        Bundle folder; ``None`` is the shipped one.
    spans
        Whether reasons are wanted.
    jobs
        Worker processes; the number of usable CPUs unless given.
    backend
        joblib backend; dask and ray must be installed.

    Yields
    ------
    list of Scored
        A group, in the order of the input.

    Raises
    ------
    CourtoisError
        For a bundle or backend that cannot be used, or a worker killed by the system.
    """
    jobs = jobs or usable_cpus()
    source = iter(chunks)
    ahead = list(islice(source, 3))
    if not ahead:
        return
    small = len(ahead) < 3 and sum(len(chunk.rows) for chunk in ahead) < IN_PROCESS_ROWS
    source = chain(ahead, source)
    # Loaded here in any case: a bundle that cannot be used is told before any worker starts.
    cached_scorer(factory, bundle)
    if jobs == 1 or small:
        while group := list(islice(source, _GROUP_IN_PROCESS)):
            yield [Scored(c, score_columns(factory, bundle, c.comments, spans)) for c in group]
        return

    def tasks(group: list[Chunk]) -> list[Any]:
        return [delayed(score_columns)(factory, bundle, _portable(c.comments), spans) for c in group]

    with (
        ready(backend, jobs),
        parallel_config(backend=backend, n_jobs=jobs),
        Parallel(n_jobs=jobs) as parallel,
        ThreadPoolExecutor(max_workers=1) as runner,
    ):
        group = list(islice(source, _GROUP_PER_JOB * jobs))
        running = runner.submit(parallel, tasks(group))
        while group:
            # Reading ahead, and what the caller does with a group, overlap with the scoring of another.
            following = list(islice(source, _GROUP_PER_JOB * jobs))
            try:
                results = running.result()
            except TerminatedWorkerError as error:
                raise CourtoisError(
                    "a scoring process was ended by the system, probably for want of memory",
                    fix="use fewer --jobs; with --resume the finished part is kept",
                ) from error
            if following:
                running = runner.submit(parallel, tasks(following))
            yield [Scored(chunk, columns) for chunk, columns in zip(group, results, strict=True)]
            group = following


def usable_cpus() -> int:
    """CPUs that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def score_columns(
    factory: Factory, bundle: Path | None, comments: Sequence[Comment], spans: bool
) -> list[dict[str, Any]]:
    """Score one chunk in whatever process this is; plain Python values, one dict a comment.

    BLAS runs on one thread: there is one process per core, and sums stay the same whatever the
    number of jobs.
    """
    if not comments:
        return []
    with threadpool_limits(limits=1):
        judgements = cached_scorer(factory, bundle).score_many(comments, spans=spans)
    return [{name: _scalar(v) for name, v in judgement.columns().items()} for judgement in judgements]


def _scalar(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _portable(comments: Sequence[Comment]) -> list[Comment]:
    """Comments as workers need them: what rides along stays here, and its type may not pickle."""
    return [replace(comment, extra={}, author=None, url=None) for comment in comments]
