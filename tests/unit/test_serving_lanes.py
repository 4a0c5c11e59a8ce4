"""Micro-batches: order, bounds, isolation, patience."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from model.serving.lanes import Lane
from model.serving.wire_errors import WireError


def test_what_waits_together_is_worked_on_together() -> None:
    sizes: list[int] = []
    go = threading.Event()

    def work(jobs: Sequence[int]) -> list[int]:
        go.wait(10)
        sizes.append(len(jobs))
        return [10 * job for job in jobs]

    async def run() -> list[int]:
        lane = Lane(work, queue=20, batch=8, patience=10)
        asked = [asyncio.create_task(lane.submit(i)) for i in range(12)]
        await asyncio.sleep(0.05)
        go.set()
        try:
            return await asyncio.gather(*asked)
        finally:
            await lane.close()

    assert asyncio.run(run()) == [10 * i for i in range(12)]
    assert sum(sizes) == 12
    assert max(sizes) == 8


def test_one_too_many_is_refused_and_the_others_are_answered() -> None:
    go = threading.Event()

    def work(jobs: Sequence[int]) -> Sequence[int]:
        go.wait(10)
        return jobs

    async def run() -> list[int | BaseException]:
        lane = Lane(work, queue=2, batch=1, patience=10)
        first = asyncio.create_task(lane.submit(0))
        await asyncio.sleep(0.05)  # taken by the thread: it waits no more
        more = [asyncio.create_task(lane.submit(i)) for i in range(1, 4)]
        await asyncio.sleep(0.05)
        go.set()
        try:
            return await asyncio.gather(first, *more, return_exceptions=True)
        finally:
            await lane.close()

    *answered, refused = asyncio.run(run())
    assert answered == [0, 1, 2]
    assert isinstance(refused, WireError)
    assert (refused.code, refused.kind) == (429, "QUEUE_FULL")


def test_a_job_that_fails_costs_its_neighbours_nothing() -> None:
    def work(jobs: Sequence[int]) -> Sequence[int]:
        if 3 in jobs:
            raise ZeroDivisionError
        return jobs

    async def run() -> list[int | BaseException]:
        lane = Lane(work, queue=20, batch=8, patience=10)
        try:
            return await asyncio.gather(*(lane.submit(i) for i in range(6)), return_exceptions=True)
        finally:
            await lane.close()

    answers = asyncio.run(run())
    assert isinstance(answers.pop(3), ZeroDivisionError)
    assert answers == [0, 1, 2, 4, 5]


def test_impatience_gives_up_and_the_lane_goes_on() -> None:
    go = threading.Event()
    seen: list[int] = []

    def work(jobs: Sequence[int]) -> Sequence[int]:
        go.wait(10)
        seen.extend(jobs)
        return jobs

    async def run() -> int:
        lane = Lane(work, queue=20, batch=1, patience=0.05)
        given_up = await asyncio.gather(lane.submit(1), lane.submit(2), return_exceptions=True)
        assert [e.code for e in given_up if isinstance(e, WireError)] == [504, 504]
        go.set()
        try:
            return await lane.submit(3)
        finally:
            await lane.close()

    assert asyncio.run(run()) == 3
    assert 2 not in seen, "nobody waits for it any more"


def test_refused_jobs_leave_no_trace() -> None:
    async def run() -> int:
        lane: Lane[int, int] = Lane(lambda jobs: jobs, queue=0, batch=1, patience=1)
        with pytest.raises(WireError):
            await lane.submit(1)
        depth = lane.depth
        await lane.close()
        return depth

    assert asyncio.run(run()) == 0
