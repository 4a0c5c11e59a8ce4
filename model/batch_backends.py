"""Past one machine: joblib's Dask and Ray backends, when their packages are installed."""

import importlib
import os
from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Literal, get_args

from joblib import parallel as joblib_parallel
from joblib.externals.loky.process_executor import TerminatedWorkerError

from data.errors import InputError

Backend = Literal["loky", "dask", "ray"]
BACKENDS: Final[tuple[Backend, ...]] = get_args(Backend)

_PACKAGES: Final = {"dask": "distributed", "ray": "ray"}


class _WholeOutcome(joblib_parallel.BatchCompletionCallBack):
    """A task that is said to be done has its result.

    joblib 1.6 says so first and puts the result down after: a thread that looks in between, as happens
    on a busy machine, ends the run with an AttributeError.
    """

    def _register_outcome(self, outcome: dict[str, Any]) -> None:
        self._result = outcome["result"]
        super()._register_outcome(outcome)


joblib_parallel.BatchCompletionCallBack = _WholeOutcome


@contextmanager
def ready(backend: Backend, jobs: int, scheduler: str | None = None, *, given: bool = True) -> Iterator[int]:
    """Make a joblib backend usable within the block, and give the number of its workers.

    Dask connects to ``scheduler``, else to that of its own configuration
    (``DASK_SCHEDULER_ADDRESS``), and Ray to ``scheduler`` or ``RAY_ADDRESS``; without one, each
    starts ``jobs`` processes on this machine. A cluster is used whole unless ``jobs`` was given.

    Raises
    ------
    InputError
        When the backend's package is not installed, or its cluster cannot be reached.
    """
    if backend == "loky":
        yield jobs
        return
    try:
        module: Any = importlib.import_module(_PACKAGES[backend])
    except ImportError as error:
        package = _PACKAGES[backend]
        raise InputError(
            f"the package {package} is not installed",
            where=f"--backend {backend}",
            fix=f"pip install {package}",
        ) from error
    if backend == "dask":
        with _connect(backend, module.Client, **_dask_options(jobs, scheduler)) as client:
            yield jobs if given else max(1, sum(client.ncores().values()))
        return
    importlib.import_module("ray.util.joblib").register_ray()
    if module.is_initialized():
        yield jobs
        return
    address = scheduler or os.environ.get("RAY_ADDRESS")
    options = {"address": address} if address else {"num_cpus": jobs, "include_dashboard": False}
    _connect(backend, module.init, log_to_driver=False, **options)
    try:
        yield jobs if given else max(1, int(module.cluster_resources().get("CPU", jobs)))
    finally:
        module.shutdown()


def joblib_name(backend: Backend) -> str:
    """Name under which joblib knows the backend."""
    if backend != "dask":
        return backend
    # Imported late: it needs the package that `ready` has checked.
    return str(importlib.import_module("model.batch_dask").register())


def lost(backend: Backend) -> tuple[type[BaseException], ...]:
    """Errors that say that workers are gone, not that the work is wrong."""
    kinds: list[type[BaseException]] = [TerminatedWorkerError]
    # A missing package has been told by `ready`.
    with suppress(ImportError):
        if backend == "dask":
            scheduler = importlib.import_module("distributed.scheduler")
            comm = importlib.import_module("distributed.comm")
            kinds += [scheduler.KilledWorker, comm.CommClosedError, CancelledError, TimeoutError, OSError]
        elif backend == "ray":
            kinds.append(importlib.import_module("ray.exceptions").RayError)
    return tuple(kinds)


@contextmanager
def ended_at_once(parallel: Any) -> Iterator[None]:
    """End the workers of a ``joblib.Parallel`` when the block is left early, as by Ctrl-C.

    Its own way out waits for every task that has been handed over.
    """
    try:
        yield
    except BaseException:
        # Flags first: what it does in other threads must neither hand out more nor start workers anew.
        parallel._exception = parallel._aborting = parallel._aborted = True
        # Where its own thread has ended the workers meanwhile, they are None.
        with suppress(AttributeError):
            parallel._backend.abort_everything(ensure_ready=False)
        raise


def _connect(backend: str, start: Any, **options: Any) -> Any:
    try:
        return start(**options)
    except (OSError, TimeoutError, ConnectionError, ValueError) as error:
        raise InputError(
            "the cluster cannot be reached",
            where=f"--backend {backend}",
            fix="check its address and that it runs",
        ) from error


def _dask_options(jobs: int, scheduler: str | None) -> dict[str, Any]:
    address = scheduler or importlib.import_module("dask.config").get("scheduler-address", None)
    local = {"n_workers": jobs, "threads_per_worker": 1, "dashboard_address": None}
    return {"address": address} if address else local
