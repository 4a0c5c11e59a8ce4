"""Puts the HTTP service together: bundle, store, keys, metrics and worker processes."""

import argparse
import gc
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.store import Store
from model.serving.keys import ApiKey, Buckets, Keyring

if TYPE_CHECKING:
    from model.serving.feedback import Suggestion
    from model.serving.loaded import Bundles

BUNDLE: Final = "COURTOIS_BUNDLE"
FIGURES: Final = "PROMETHEUS_MULTIPROC_DIR"


def serve(args: argparse.Namespace) -> int:
    """Load once, fork, and answer until told to stop."""
    figures = tempfile.mkdtemp(prefix="courtois-metrics-")
    # prometheus_client decides when it is first imported whether processes share their figures
    os.environ[FIGURES] = figures
    try:
        return _serve(args)
    finally:
        del os.environ[FIGURES]
        shutil.rmtree(figures, ignore_errors=True)


def _serve(args: argparse.Namespace) -> int:
    from prometheus_client import multiprocess

    from model.serving import logs
    from model.serving.loaded import Bundles
    from model.serving.workers import Workers, listen

    logs.configure(access=args.access_log)
    listener = listen(args.host, args.port)
    bundles = Bundles(lambda: folder_in_use(args.bundle), Path(os.environ[FIGURES]) / "weights")
    buckets = Buckets()
    count = args.workers or len(os.sched_getaffinity(0))
    parent = os.getpid()
    gc.collect()
    gc.freeze()  # what is loaded now stays shared between the forked processes
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(
        f"courtois serve: {bundles.current.name} answers on http://{shown}:{port}, {count} processes",
        file=sys.stderr,
        flush=True,
    )
    workers = Workers(
        count,
        lambda: work(args, bundles, buckets, listener, parent),
        lambda pid: multiprocess.mark_process_dead(pid),  # type: ignore[no-untyped-call]
    )
    with listener, closing(buckets):
        workers.run()
    return 0


def folder_in_use(given: Path | None) -> Path:
    """The bundle folder: the option's, else the environment's, else the one promoted or shipped."""
    from model.installed import resolve

    return resolve(given or os.environ.get(BUNDLE) or None)


def work(
    args: argparse.Namespace, bundles: "Bundles", buckets: Buckets, listener: socket.socket, parent: int
) -> None:
    """Answer in this process until SIGTERM, or until the parent is gone."""
    import uvicorn

    from model.serving.protocol import GuardedProtocol
    from model.serving.service import Service, Settings
    from model.serving.workers import GRACE

    bundles.refresh()  # it may have been replaced since the parent loaded it
    with Store.open(args.store) as store:
        service = Service(
            bundles,
            Keyring(lambda: keys(store), buckets, rate=args.rate),
            sink(store),
            Settings(queue=args.queue, any_language=args.assume_french),
        )

        async def watch_parent() -> None:
            if os.getppid() != parent:
                server.should_exit = True

        config = uvicorn.Config(
            service.application(),
            http=GuardedProtocol,
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=int(GRACE),
            callback_notify=watch_parent,
            timeout_notify=1,
        )
        server = uvicorn.Server(config)
        server.run(sockets=[listener])


def keys(store: Store) -> list[ApiKey]:
    """Read the store's keys as the service knows them."""
    return [
        ApiKey(key.id, key.name, key.digest, key.rate, key.revoked_at is not None) for key in store.api_keys()
    ]


def sink(store: Store) -> "Callable[[Suggestion], None]":
    """Give what keeps suggestions in the store."""

    def keep(suggestion: "Suggestion") -> None:
        store.keep_feedback(
            suggestion.community,
            suggestion.token,
            suggestion.comment,
            parent_token=suggestion.parent_token,
        )

    return keep
