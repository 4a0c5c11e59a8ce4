"""An open-loop load generator: requests leave when they are due, whatever became of the earlier ones.

Latency counts from the moment a request was due, so that a service that stalls cannot hide it.
"""

import asyncio
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
GIVE_UP = 10.0
"""Seconds after which an answer counts as lost."""


@dataclass
class Outcome:
    """What became of the requests of one run; latencies in seconds."""

    latencies: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def fail(self, kind: str) -> None:
        self.errors[kind] = self.errors.get(kind, 0) + 1

    @property
    def failed(self) -> int:
        return sum(self.errors.values())

    def quantile(self, share: float) -> float:
        """Latency that ``share`` of the answers do not exceed, in milliseconds."""
        ordered = sorted(self.latencies)
        if not ordered:
            return math.inf
        return 1000 * ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def request(text: str) -> bytes:
    """Coral's request for one comment."""
    content = {
        "comment": {"text": text},
        "doNotStore": True,
        "requestedAttributes": {"TOXICITY": {}},
        "languages": ["fr"],
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    head = (
        "POST /v1alpha1/comments:analyze?key=cle HTTP/1.1\r\n"
        "Accept: application/json, text/plain, */*\r\nContent-Type: application/json\r\n"
        f"User-Agent: Coral Perspective/9.11.8\r\nContent-Length: {len(body)}\r\nHost: {HOST}\r\n"
        "Connection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


class Client:
    """Keep-alive connections, as many as are needed at once."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, sent: bytes) -> tuple[int, bytes]:
        """Send one request and read its answer."""
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection(HOST, self._port)
        kept = False
        try:
            writer.write(sent)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            body = await reader.readexactly(length)
            kept = b"connection: close" not in lines
            return int(head[9:12]), body
        finally:
            if kept:
                self._idle.append((reader, writer))
            else:
                writer.close()

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


def score_of(body: bytes) -> float:
    """The number that Coral reads."""
    return float(json.loads(body)["attributeScores"]["TOXICITY"]["summaryScore"]["value"])


async def at_rate(port: int, rate: float, seconds: float, requests: Sequence[bytes]) -> Outcome:
    """Send ``rate`` requests a second for ``seconds``."""
    client, outcome = Client(port), Outcome()
    begun = time.perf_counter()

    async def one(number: int, due: float) -> None:
        try:
            async with asyncio.timeout(GIVE_UP):
                status, body = await client.ask(requests[number % len(requests)])
            outcome.latencies.append(time.perf_counter() - due)
            if status != 200:
                outcome.fail(str(status))
            elif not 0 <= score_of(body) <= 1:
                outcome.fail("no score")
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, KeyError) as error:
            outcome.fail(type(error).__name__)

    async with asyncio.TaskGroup() as tasks:
        for number in range(round(rate * seconds)):
            due = begun + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            tasks.create_task(one(number, due))
    outcome.seconds = time.perf_counter() - begun
    client.close()
    return outcome


async def one_at_a_time(port: int, seconds: float, requests: Sequence[bytes]) -> float:
    """Requests a second of a client that waits for each answer."""
    client, done = Client(port), 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        await client.ask(requests[done % len(requests)])
        done += 1
    client.close()
    return done / (time.perf_counter() - begun)


def highest(works: Callable[[float], bool], start: float, *, precision: float = 0.06) -> float:
    """Highest rate that works, by doubling and halving; 0 when ``start`` / 8 does not."""
    low, high = 0.0, start
    while works(high):
        low, high = high, high * 1.5
    while low == 0 and high > start / 8:
        high /= 1.5
        if works(high):
            low, high = high, high * 1.5
    while low and (high - low) / low > precision:
        middle = (low + high) / 2
        low, high = (middle, high) if works(middle) else (low, middle)
    return low
