"""Past one machine: joblib's Dask and Ray backends, when their packages are installed."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, get_args

from data.errors import InputError

Backend = Literal["loky", "dask", "ray"]
BACKENDS: Final[tuple[Backend, ...]] = get_args(Backend)

_PACKAGES: Final = {"dask": "distributed", "ray": "ray"}


@contextmanager
def ready(backend: Backend, jobs: int) -> Iterator[None]:
    """Make a joblib backend usable within the block.

    Dask connects to the scheduler of its own configuration (``DASK_SCHEDULER_ADDRESS``) and Ray
    to ``RAY_ADDRESS``; without one, each starts ``jobs`` processes on this machine.

    Raises
    ------
    InputError
        When the backend's package is not installed, or its cluster cannot be reached.
    """
    if backend == "loky":
        yield
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
        with _connect(backend, module.Client, **_dask_options(jobs)):
            yield
        return
    importlib.import_module("ray.util.joblib").register_ray()
    if module.is_initialized():
        yield
        return
    _connect(
        backend, module.init, num_cpus=None if os.environ.get("RAY_ADDRESS") else jobs, log_to_driver=False
    )
    try:
        yield
    finally:
        module.shutdown()


def _connect(backend: str, start: Any, **options: Any) -> Any:
    try:
        return start(**options)
    except (OSError, TimeoutError, ConnectionError) as error:
        raise InputError(
            "the cluster cannot be reached",
            where=f"--backend {backend}",
            fix="check its address and that it runs",
        ) from error


def _dask_options(jobs: int) -> dict[str, Any]:
    address = importlib.import_module("dask.config").get("scheduler-address", None)
    return {"address": address} if address else {"n_workers": jobs, "threads_per_worker": 1}
