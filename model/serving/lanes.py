"""Micro-batches: what waits together is scored together, and no more may wait than can be answered."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from model.serving.wire_errors import not_in_time, queue_full

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[J, R]):
    job: J
    answer: "asyncio.Future[R]"


class Lane(Generic[J, R]):
    """One thread that works on bounded batches, in the order they came.

    Parameters
    ----------
    work
        Answers a batch, in order; a batch that fails is tried again one by one, so that no request
        pays for its neighbour.
    queue
        Most jobs that may wait; one more is refused.
    batch
        Most jobs worked on at once.
    patience
        Seconds after which a waiting job is given up.
    """

    def __init__(
        self, work: Callable[[Sequence[J]], Sequence[R]], *, queue: int, batch: int, patience: float
    ) -> None:
        self._work, self._queue, self._batch, self._patience = work, queue, batch, patience
        self._waiting: deque[_Waiting[J, R]] = deque()
        self._something = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="courtois-lane")
        self._runner: asyncio.Task[None] | None = None

    @property
    def depth(self) -> int:
        """Jobs that wait."""
        return len(self._waiting)

    async def submit(self, job: J) -> R:
        """Wait for the answer to ``job``.

        Raises
        ------
        WireError
            When too many wait already, or the answer does not come in time.
        """
        if len(self._waiting) >= self._queue:
            raise queue_full()
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(job, answer))
        self._something.set()
        try:
            async with asyncio.timeout(self._patience):
                return await answer
        except TimeoutError:
            raise not_in_time() from None

    async def close(self) -> None:
        """Stop the thread; nothing may wait any more."""
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    async def _run(self) -> None:
        while True:
            await self._something.wait()
            taken: list[_Waiting[J, R]] = []
            while self._waiting and len(taken) < self._batch:
                first = self._waiting.popleft()
                if not first.answer.done():
                    taken.append(first)
            if not self._waiting:
                self._something.clear()
            if taken and not await self._answer(taken) and len(taken) > 1:
                for one in taken:
                    await self._answer([one])

    async def _answer(self, taken: Sequence[_Waiting[J, R]]) -> bool:
        loop = asyncio.get_running_loop()
        working = loop.run_in_executor(self._thread, self._work, [one.job for one in taken])
        await asyncio.wait([working])
        error = working.exception()
        if error is None:
            for one, answer in zip(taken, working.result(), strict=True):
                if not one.answer.done():
                    one.answer.set_result(answer)
        elif len(taken) == 1 and not taken[0].answer.done():
            taken[0].answer.set_exception(error)
        return error is None
