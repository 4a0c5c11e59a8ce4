"""The HTTP service in a thread of this process, and a client that sends bytes as they are."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from model.serving.feedback import Suggestion
from model.serving.keys import ApiKey, Buckets, Keyring
from model.serving.loaded import Bundles
from model.serving.protocol import GuardedProtocol
from model.serving.service import Service, Settings
from model.serving.workers import listen

HOST = "127.0.0.1"


@dataclass
class Rig:
    """A running service: its port, what its sink was given, and the keys it reads."""

    port: int
    service: Service
    kept: list[Suggestion] = field(default_factory=list)

    def send(
        self, path: str, body: bytes | str | dict[str, Any] | None, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """POST, or GET when ``body`` is None; the answer's JSON, or its text."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            raw = json.dumps(body).encode() if isinstance(body, dict) else body
            raw = raw.encode() if isinstance(raw, str) else raw
            connection.request("GET" if raw is None else "POST", path, raw, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            found = {name.lower(): value for name, value in answer.getheaders()}
            is_json = found.get("content-type", "").startswith("application/json")
            return answer.status, found, json.loads(text) if is_json else text
        finally:
            connection.close()

    def analyze(self, **body: Any) -> tuple[int, Any]:
        status, _, answer = self.send("/v1alpha1/comments:analyze", body)
        return status, answer

    def score(self, text: str, attribute: str = "TOXICITY", **more: Any) -> Any:
        """The answer's object for one attribute of one French comment."""
        status, answer = self.analyze(
            comment={"text": text}, requestedAttributes={attribute: {}}, languages=["fr"], **more
        )
        assert status == 200, answer
        return answer["attributeScores"][attribute]

    def raw(self, sent: bytes, *, patience: float = 20.0) -> bytes:
        """Send bytes, and read until the other end closes or an answer's body is whole."""
        with socket.create_connection((HOST, self.port), timeout=patience) as connection:
            connection.sendall(sent)
            received = b""
            while chunk := connection.recv(65_536):
                received += chunk
                head, blank, body = received.partition(b"\r\n\r\n")
                length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                if blank and length and len(body) >= int(length[0].split(b":")[1]):
                    break
            return received


@contextmanager
def running(
    folder: Path | Callable[[], Path],
    *,
    keys: list[ApiKey] | None = None,
    sink: Callable[[Suggestion], None] | None = None,
    settings: Settings | None = None,
    rate: float | None = None,
) -> Iterator[Rig]:
    """Serve the bundle in ``folder`` until the block ends."""
    kept: list[Suggestion] = []
    bundles = Bundles(folder if callable(folder) else lambda: folder)
    buckets = Buckets()
    ring = Keyring(lambda: list(keys or ()), buckets, rate=rate)
    service = Service(bundles, ring, sink or kept.append, settings or Settings())
    listener = listen(HOST, 0)
    config = uvicorn.Config(
        service.application(),
        http=GuardedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield Rig(listener.getsockname()[1], service, kept)
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()
        buckets.close()
    assert not thread.is_alive()
