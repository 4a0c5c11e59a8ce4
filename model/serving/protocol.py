"""HTTP/1.1 with limits that uvicorn leaves open: silent clients, too many of them, and broken requests."""

import asyncio
import json
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from model.serving.wire_errors import WireError, invalid, queue_full

MAX_CONNECTIONS: Final = 1_000
"""Connections that a worker holds open."""

HEAD_PATIENCE: Final = 10.0
"""Seconds in which the head of a request must have arrived."""


class GuardedProtocol(H11Protocol):
    """Drops connections that never finish a request's head, and answers in JSON what is no HTTP."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            self._refuse(queue_full())
        else:
            self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            if self._deadline is None and self.conn.trailing_data[0]:
                self._arm()
        else:
            self._disarm()

    def send_400_response(self, msg: str) -> None:
        self._refuse(invalid(msg))

    def _refuse(self, error: WireError) -> None:
        self._disarm()
        body = json.dumps(error.body()).encode()
        phrase = {400: b"Bad Request", 429: b"Too Many Requests"}[error.code]
        head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json; charset=UTF-8\r\n" % (error.code, phrase)
        self.transport.write(b"%sContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (head, len(body), body))
        self.transport.close()

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(HEAD_PATIENCE, self._give_up)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()
