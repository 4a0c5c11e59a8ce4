"""Several processes behind one listening socket: started, watched, replaced and ended together."""

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Final, NoReturn

from data.errors import CourtoisError, InputError

LOG: Final = logging.getLogger("courtois.serve")

GRACE: Final = 15.0
"""Seconds in which a worker answers what it took, once asked to end."""

_WATCHED: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_TURN: Final = 0.0005
_TOO_SOON: Final = 3.0
_TOO_OFTEN: Final = 5


def listen(host: str, port: int) -> socket.socket:
    """Open the socket that all workers accept from; port 0 takes a free one.

    Raises
    ------
    InputError
        When the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once only on sockets that name their protocol (40 ms otherwise)
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        where = f"{host}:{port}"
        raise InputError(
            f"cannot listen ({error.strerror or error})", where=where, fix="give another --host or --port"
        ) from error
    opened.listen(2_048)
    opened.setblocking(False)
    return opened


class Workers:
    """The parent of forked workers, which share what was loaded before they were made.

    Parameters
    ----------
    serve
        Runs a worker until SIGTERM; called in the child.
    ended
        Told the process id of each worker that is no more.
    """

    def __init__(self, count: int, serve: Callable[[], None], ended: Callable[[int], None]) -> None:
        self._count, self._serve, self._ended = count, serve, ended
        self._born: dict[int, float] = {}
        self._failures = 0

    def run(self) -> None:
        """Keep all workers running until SIGTERM or SIGINT, then let them finish.

        Raises
        ------
        CourtoisError
            When workers keep dying as soon as they are started.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        try:
            while True:
                while len(self._born) < self._count:
                    self._start()
                found = signal.sigtimedwait(_WATCHED, 1.0)
                self._reap()
                if found is not None and found.si_signo in (signal.SIGTERM, signal.SIGINT):
                    return
                if self._failures >= _TOO_OFTEN:
                    raise CourtoisError("workers die as soon as they start", fix="read the lines above")
        finally:
            self._stop()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)

    def _start(self) -> None:
        if self._failures:
            time.sleep(0.5)
        child = os.fork()
        if child == 0:
            self._be_worker()
        self._born[child] = time.monotonic()

    def _be_worker(self) -> NoReturn:
        status = 1
        try:
            for number in _WATCHED:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
            # Requests are taken by one thread and scored by another: neither shall wait 5 ms for its turn.
            sys.setswitchinterval(_TURN)
            self._serve()
            status = 0
        except CourtoisError as error:
            LOG.error("%s", error)
        finally:
            if status and not isinstance(sys.exc_info()[1], CourtoisError | None):
                LOG.error("the worker failed", exc_info=True)
            logging.shutdown()
            os._exit(status)  # the parent's clean-up is not the child's

    def _reap(self) -> None:
        while self._born:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            born = self._born.pop(child, None)
            if born is None:
                continue
            self._ended(child)
            soon = time.monotonic() - born < _TOO_SOON
            self._failures = self._failures + 1 if soon else 0
            LOG.error("worker %d ended (%s), another takes its place", child, _said(status))

    def _stop(self) -> None:
        for child in self._born:
            os.kill(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE + 2
        while self._born:
            child, _ = os.waitpid(-1, os.WNOHANG)
            if child:
                self._born.pop(child, None)
            elif time.monotonic() > deadline:
                for late in self._born:
                    os.kill(late, signal.SIGKILL)
                deadline += GRACE
            else:
                time.sleep(0.02)


def _said(status: int) -> str:
    number = os.waitstatus_to_exitcode(status)
    return f"exit code {number}" if number >= 0 else f"signal {-number}"
