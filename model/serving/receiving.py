"""Taking a request in: no more bytes than allowed, in no more time than allowed."""

import asyncio
import re
from typing import Final

from starlette.requests import ClientDisconnect, Request

from model.serving.wire_errors import body_not_in_time, body_too_large

MAX_BODY: Final = 2_500_000
"""Bytes: a comment and two contexts of the documented size."""

PATIENCE: Final = 10.0
"""Seconds in which a body must have arrived."""

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


async def read_body(request: Request, *, limit: int = MAX_BODY, patience: float = PATIENCE) -> bytes:
    """Read the whole body.

    Raises
    ------
    WireError
        When it is larger than ``limit``, or slower than ``patience`` seconds.
    ClientDisconnect
        When the client goes away before its end.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > limit):
        raise body_too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise body_too_large(limit)
    except TimeoutError:
        raise body_not_in_time() from None
    return bytes(body)


def given_key(request: Request) -> str | None:
    """The key, from the query as Perspective's clients send it, or from Google's header."""
    return request.query_params.get("key") or request.headers.get("x-goog-api-key")


def address(request: Request, suffix: str) -> str:
    """Where the client reached us, down to the prefix before ``suffix``, with a slash at the end."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        server = request.scope.get("server") or ("127.0.0.1", None)
        host = server[0] if server[1] is None else f"{server[0]}:{server[1]}"
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("ascii", "replace").replace("%24", "$").split("?")[0]
    return f"{request.url.scheme}://{host}{path.removesuffix(suffix)}".rstrip("/") + "/"


__all__ = ["MAX_BODY", "PATIENCE", "ClientDisconnect", "address", "given_key", "read_body"]
