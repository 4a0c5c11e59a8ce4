"""joblib's Dask backend, made to tell when a task is lost: joblib 1.6 waits for its result forever."""

import asyncio
from dataclasses import dataclass
from typing import Any

from joblib import register_parallel_backend
from joblib._dask import DaskDistributedBackend

NAME = "courtois-dask"


@dataclass(frozen=True, slots=True)
class _Lost:
    error: BaseException


class _TellingBackend(DaskDistributedBackend):
    """Hands the error of a task that never ran to an end (a killed worker) to whoever waits for it.

    joblib calls back for results only, and errors inside a task are results to it.
    """

    async def _collect(self) -> None:
        while self._continue:
            async for future, result in self.waiting_futures:
                waiting, callback = self._results.pop(future), self._callbacks.pop(future)
                if future.status == "finished":
                    waiting.set_result(result)
                    callback(result)
                else:
                    error = result[1] if isinstance(result, tuple) else asyncio.CancelledError()
                    waiting.set_exception(error)
                    callback(_Lost(error))
            await asyncio.sleep(0.01)

    def retrieve_result_callback(self, out: Any) -> Any:
        if isinstance(out, _Lost):
            raise out.error
        return super().retrieve_result_callback(out)


def register() -> str:
    """Make the backend known to joblib, and give its name."""
    register_parallel_backend(NAME, _TellingBackend)
    return NAME
