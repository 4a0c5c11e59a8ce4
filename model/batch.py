"""Many comments at once: chunks through joblib, in order, with bounded memory."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, Protocol

from joblib import Parallel, delayed, parallel_config
from threadpoolctl import threadpool_limits

from data.errors import CourtoisError
from data.record import Comment
from model.batch_backends import Backend, ended_at_once, joblib_name, lost, ready
from model.batch_chunks import CHUNK_CHARACTERS, CHUNK_ROWS, Chunk, Scored, make_chunks
from model.batch_repeats import Columns, Repeats
from model.judgement import Judgement
from model.tier import FAST_MARK, TierName

IN_PROCESS_ROWS: Final = 300
"""Below this, starting workers costs more than it saves."""

_GROUP_PER_JOB: Final = 12
_GROUP_IN_PROCESS: Final = 4


class BatchScorer(Protocol):
    """What batch scoring needs of a scorer."""

    bundle_name: str

    def score_many(self, comments: Sequence[Comment], *, spans: bool = False) -> list[Judgement]: ...


Factory = Callable[[Path | None], BatchScorer]
"""Loads the scorer of a bundle folder (``None``: the one in use); importable by workers."""


def load_scorer(bundle: Path | None) -> BatchScorer:
    """Load the product's own scorer."""
    from model.scorer import Scorer

    return Scorer.load(bundle)


def load_fast_scorer(bundle: Path | None) -> BatchScorer:
    """Load the product's own scorer with the fast tier; a function of its own, so that workers know it."""
    from model.scorer import Scorer

    return Scorer.load(bundle, tier="fast")


LOADERS: Final[Mapping[TierName, Factory]] = {"full": load_scorer, "fast": load_fast_scorer}


def cached_scorer(factory: Factory, bundle: Path | None) -> BatchScorer:
    """Load a bundle once per process."""
    key = (factory, bundle)
    if key not in _scorers:
        _scorers.clear()
        _scorers[key] = factory(bundle)
        # What is there now stays: the collector need not walk it again and again.
        gc.collect()
        gc.freeze()
    return _scorers[key]


_scorers: dict[tuple[Factory, Path | None], BatchScorer] = {}


def score_chunks(
    chunks: Iterable[Chunk],
    *,
    bundle: Path | None = None,
    spans: bool = False,
    jobs: int | None = None,
    backend: Backend = "loky",
    scheduler: str | None = None,
    factory: Factory = load_scorer,
    repeats: Repeats | None = None,
) -> Iterator[list[Scored]]:
    """Score chunks in order, a group at a time.

    Only two groups of chunks are in memory: joblib's own generators would read the whole input
    ahead of the workers. One job, or a small input, is scored in this process.

    Parameters
    ----------
    chunks
        Consecutive chunks, read lazily.
    bundle
        Bundle folder; ``None`` is the one in use.
    spans
        Whether reasons are wanted.
    jobs
        Worker processes; unless given, the cores of the machine or of the cluster.
    backend
        joblib backend; dask and ray must be installed.
    scheduler
        Address of a running cluster.
    repeats
        What has been scored before, when the run continues another.

    Yields
    ------
    list of Scored
        A group, in the order of the input.

    Raises
    ------
    CourtoisError
        For a bundle or backend that cannot be used, a worker killed by the system, or a worker
        that has another bundle.
    """
    repeats = repeats or Repeats()
    source: Iterator[Chunk] = map(repeats.plan, chunks)
    ahead = list(islice(source, 3))
    if not ahead:
        return
    small = len(ahead) < 3 and sum(len(chunk.rows) for chunk in ahead) < IN_PROCESS_ROWS
    source = chain(ahead, source)
    # Loaded here in any case: a bundle that cannot be used is told before any worker starts.
    name = cached_scorer(factory, bundle).bundle_name
    if small or (backend == "loky" and (jobs or usable_cpus()) == 1):
        while group := list(islice(source, _GROUP_IN_PROCESS)):
            scored = [score_columns(factory, bundle, _fresh(chunk), spans) for chunk in group]
            yield _completed(group, scored, repeats, name)
        return

    def tasks(group: list[Chunk]) -> list[Any]:
        return [delayed(score_columns)(factory, bundle, _portable(_fresh(c)), spans) for c in group]

    with (
        ready(backend, jobs or usable_cpus(), scheduler, given=jobs is not None) as workers,
        parallel_config(backend=joblib_name(backend), n_jobs=workers),
        Parallel(n_jobs=workers) as parallel,
        ThreadPoolExecutor(max_workers=1) as runner,
        ended_at_once(parallel),
    ):
        group = list(islice(source, _GROUP_PER_JOB * workers))
        running = runner.submit(parallel, tasks(group))
        while group:
            # Reading ahead, and what the caller does with a group, overlap with the scoring of another.
            following = list(islice(source, _GROUP_PER_JOB * workers))
            try:
                results = running.result()
            except lost(backend) as error:
                raise CourtoisError(
                    "a scoring process was ended by the system, probably for want of memory"
                    if backend == "loky"
                    else "the cluster lost the workers of a chunk, or its scheduler",
                    where="" if backend == "loky" else f"--backend {backend}",
                    fix="use fewer --jobs; with --resume the finished part is kept"
                    if backend == "loky"
                    else "check their memory and logs; with --resume the finished part is kept",
                ) from error
            if following:
                running = runner.submit(parallel, tasks(following))
            yield _completed(group, results, repeats, name)
            group = following


def _completed(
    group: Sequence[Chunk], results: Sequence[list[Columns]], repeats: Repeats, name: str
) -> list[Scored]:
    for columns in results:
        found = columns[0]["bundle"].removesuffix(FAST_MARK) if columns else name
        if found != name:
            raise CourtoisError(
                f"a worker scores with {found}, not {name}",
                fix="install the same courtois and bundle on every machine",
            )
    return [Scored(c, repeats.complete(c, columns)) for c, columns in zip(group, results, strict=True)]


def usable_cpus() -> int:
    """CPUs that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def score_columns(
    factory: Factory, bundle: Path | None, comments: Sequence[Comment], spans: bool
) -> list[Columns]:
    """Score one chunk in whatever process this is, one dict of plain values a comment.

    BLAS runs on one thread: there is one process per core, and sums stay the same whatever the
    number of jobs.
    """
    if not comments:
        return []
    with threadpool_limits(limits=1):
        judgements = cached_scorer(factory, bundle).score_many(comments, spans=spans)
    return [judgement.columns() for judgement in judgements]


def _fresh(chunk: Chunk) -> list[Comment]:
    return [chunk.comments[place] for place in chunk.fresh]


def _portable(comments: Sequence[Comment]) -> list[Comment]:
    """Comments as workers need them: what rides along stays here, and its type may not pickle."""
    return [replace(comment, extra={}, author=None, url=None) for comment in comments]


__all__ = [
    "CHUNK_CHARACTERS",
    "CHUNK_ROWS",
    "IN_PROCESS_ROWS",
    "LOADERS",
    "BatchScorer",
    "Chunk",
    "Factory",
    "Scored",
    "cached_scorer",
    "load_scorer",
    "make_chunks",
    "score_chunks",
    "score_columns",
    "usable_cpus",
]
