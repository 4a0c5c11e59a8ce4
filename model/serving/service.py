"""The HTTP service: Perspective's methods, health and metrics, as a Starlette application."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.errors import CourtoisError
from model.serving import discovery, openapi, openapi_page, wire_errors
from model.serving.analyze import parse_analyze
from model.serving.answers import Job, answer
from model.serving.feedback import Sink, parse_suggestion
from model.serving.keys import OPEN, Keyring
from model.serving.lanes import Lane
from model.serving.loaded import Bundles
from model.serving.metrics import CONTENT_TYPE, Metrics
from model.serving.receiving import ClientDisconnect, address, given_key, read_body

LOG: Final = logging.getLogger("courtois.serve")
ACCESS: Final = logging.getLogger("courtois.access")

REFRESH: Final = 1.0
"""Seconds between two looks at the bundle in use and the keys."""

_DISCOVERY: Final = ("/$discovery/rest", "/discovery/v1/apis/commentanalyzer/v1alpha1/rest")
_BATCH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a worker answers.

    ``queue`` comments may wait in a worker, ``patience`` seconds at most; long comments and those
    with spans wait in a quarter of that, apart. ``any_language`` takes every comment for French.
    """

    queue: int = 128
    patience: float = 5.0
    any_language: bool = False


class Service:
    """One worker's application."""

    def __init__(self, bundles: Bundles, keys: Keyring, sink: Sink, settings: Settings) -> None:
        self.bundles, self.keys, self.sink, self.settings = bundles, keys, sink, settings
        self.metrics = Metrics()
        queue, patience = settings.queue, settings.patience
        self._quick = Lane(answer, queue=queue, batch=_BATCH, patience=patience)
        self._slow = Lane(answer, queue=max(1, queue // 4), batch=1, patience=4 * patience)

    def application(self) -> Starlette:
        """The application, to be served under any prefix."""
        routes: list[Route] = []
        for prefix in ("", "/{prefix:path}"):
            routes += [
                Route(f"{prefix}/comments:analyze", self._analyze, methods=["POST"]),
                Route(f"{prefix}/comments:suggestscore", self._suggest, methods=["POST"]),
                *(Route(prefix + path, self._discover, methods=["GET"]) for path in _DISCOVERY),
            ]
        routes += [
            Route("/health", self._health, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
            Route(openapi.PATH, self._openapi, methods=["GET"]),
            Route(openapi_page.PATH, self._docs, methods=["GET"]),
        ]
        handlers: Mapping[Any, Callable[..., Any]] = {HTTPException: _refused, Exception: _failed}
        return Starlette(routes=routes, exception_handlers=handlers, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._watch())
        yield
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.gather(self._quick.close(), self._slow.close())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(REFRESH)
            failures = self.bundles.failures
            if await asyncio.to_thread(self.bundles.refresh):
                self.metrics.reloads.labels("loaded").inc()
            elif self.bundles.failures > failures:
                self.metrics.reloads.labels("refused").inc()
            try:
                await asyncio.to_thread(self.keys.refresh)
            except CourtoisError as error:
                LOG.error("the keys stay as they are: %s", error)

    async def _analyze(self, request: Request) -> Response:
        asked: list[str] = []

        async def work(body: bytes) -> Mapping[str, Any]:
            model = self.bundles.current
            parsed = parse_analyze(body, version=model.version, any_language=self.settings.any_language)
            asked.extend({wanted.attribute.name for wanted in parsed.wanted})
            job = Job(parsed, model)
            return await (self._quick if job.quick else self._slow).submit(job)

        response, key = await self._answered(request, "analyze", work)
        for name in asked:
            self.metrics.attributes.labels(name, str(response.status_code), key).inc()
        self.metrics.queue.labels("quick").set(self._quick.depth)
        self.metrics.queue.labels("slow").set(self._slow.depth)
        return response

    async def _suggest(self, request: Request) -> Response:
        async def work(body: bytes) -> Mapping[str, Any]:
            suggestion = parse_suggestion(body, any_language=self.settings.any_language)
            if suggestion.stored:
                try:
                    await asyncio.to_thread(self.sink, suggestion)
                except CourtoisError as error:
                    LOG.error("a suggestion was not kept: %s", error)
                    raise wire_errors.feedback_not_kept() from None
            return suggestion.response()

        return (await self._answered(request, "suggestscore", work))[0]

    async def _answered(
        self, request: Request, method: str, work: Callable[[bytes], Any]
    ) -> tuple[Response, str]:
        """Admit, read, answer, count; every WireError becomes its documented answer."""
        begun, key = time.perf_counter(), OPEN
        status, kind = 500, "INTERNAL"  # stands when something else is raised
        try:
            key = self.keys.admit(given_key(request))
            response = _json(200, await work(await read_body(request)))
            status, kind = 200, ""
        except wire_errors.WireError as error:
            response, status, kind = _error(error), error.code, error.kind
        except ClientDisconnect:
            response, status, kind = Response(status_code=499), 499, "CLIENT_GONE"
        finally:
            seconds = time.perf_counter() - begun
            self.metrics.observe(method, status, key, seconds, kind)
            ACCESS.info("%s %d %s %.1f ms key=%s", method, status, kind or "-", 1000 * seconds, key)
        return response, key

    async def _discover(self, request: Request) -> Response:
        path = request.url.path
        suffix = next(s for s in _DISCOVERY if path.endswith(s))
        return _json(200, discovery.document(address(request, suffix)))

    async def _openapi(self, request: Request) -> Response:
        return _json(200, openapi.document(address(request, openapi.PATH)))

    async def _docs(self, request: Request) -> Response:
        content = openapi_page.page(address(request, openapi_page.PATH))
        headers = {"Content-Security-Policy": openapi_page.POLICY, "X-Content-Type-Options": "nosniff"}
        return Response(content, headers=headers, media_type="text/html; charset=utf-8")

    async def _health(self, _: Request) -> Response:
        return _json(200, {"status": "ok", "bundle": self.bundles.current.name})

    async def _metrics(self, _: Request) -> Response:
        content = await asyncio.to_thread(self.metrics.text, self.bundles.current.name)
        return Response(content, headers={"Content-Type": CONTENT_TYPE})


def _json(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    # ASCII: half a surrogate pair in a client's token has no UTF-8
    body = json.dumps(content, allow_nan=False, separators=(",", ":"))
    own = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **(headers or {})}
    return Response(body.encode("ascii"), status, own, "application/json; charset=UTF-8")


def _error(error: wire_errors.WireError) -> Response:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return _json(error.code, error.body(), headers)


async def _refused(_: Request, error: Exception) -> Response:
    missing = isinstance(error, HTTPException) and error.status_code == 404
    return _error(wire_errors.not_found() if missing else wire_errors.wrong_method())


async def _failed(_: Request, error: Exception) -> Response:
    return _error(wire_errors.internal())


__all__ = ["Service", "Settings"]
