"""Where the store is, how it is opened, and what its failures mean to the reader."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from data.errors import StoreError

PRAGMAS: Final = (
    "busy_timeout=30000",
    "journal_mode=WAL",
    "synchronous=FULL",  # a decision shown as taken must survive a power cut
    "foreign_keys=ON",
    "secure_delete=ON",  # an erased comment must not be readable in free pages
)

PATIENCE: Final[dict[str, str | int]] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "options": "-c lock_timeout=30000",
}
"""What PostgreSQL's library is told where the URL does not: a server that has gone without a word is
noticed, and a lock is waited for as long as on SQLite."""

_MEANINGS: Final = (
    ("locked", "busy for more than 30 seconds", "close the other program that writes to it and try again"),
    ("busy", "busy for more than 30 seconds", "close the other program that writes to it and try again"),
    ("lock timeout", "busy for more than 30 seconds", "end the other program's transaction and try again"),
    ("deadlock", "two acts met on the same comments; nothing of this one was written", "do it again"),
    ("unable to open", "cannot be opened", "check that the folder exists and that you may write in it"),
    ("readonly", "may not be written", "give yourself write access to the file and its folder"),
    ("not a database", "not a courtois store, or damaged", "restore a backup or give another --store"),
    ("malformed", "damaged", "restore a backup or give another --store"),
    ("disk is full", "the disk is full; nothing was written", "free some space and try again"),
    ("disk i/o", "the disk fails or is full", "free some space or check the disk and try again"),
)


def default_store_url() -> str:
    """Where decisions go when nobody says: ``COURTOIS_STORE``, else the user's data folder."""
    return os.environ.get("COURTOIS_STORE") or _user_file()


def _user_file() -> str:
    return str(platformdirs.user_data_path("courtois") / "courtois.sqlite3")


def open_engine(url: str | None, *, must_exist: bool = False) -> tuple[Engine, str]:
    """Make the engine of a store; nothing is read yet.

    Returns
    -------
    Engine, str
        The engine, and its name for messages (a password is masked).

    Raises
    ------
    StoreError
        For a URL that is none, a missing driver or a folder that cannot be used.
    """
    given = url or default_store_url()
    parsed = _parse(given)
    where = parsed.database or given if parsed.get_backend_name() == "sqlite" else _masked(parsed)
    if parsed.get_backend_name() == "sqlite":
        _prepare_file(parsed, private_folder=given == _user_file(), must_exist=must_exist)
    try:
        # parameters carry comment text, which no message may show
        engine = create_engine(
            parsed,
            hide_parameters=True,
            pool_pre_ping=parsed.get_backend_name() != "sqlite",
            connect_args=_patience(parsed),
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            f"needs the package {error.name}", where=where, fix=f"pip install {error.name}"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
    return engine, where


def _parse(given: str) -> URL:
    if "://" not in given:
        return URL.create("sqlite", database=str(Path(given).expanduser().absolute()))
    try:
        parsed = make_url(given)
        backend = parsed.get_dialect().name
    except (exc.ArgumentError, exc.NoSuchModuleError, ValueError) as error:
        scheme = given.partition("://")[0]
        raise StoreError(
            f"no store URL that courtois understands (scheme {scheme!r:.40})",
            fix="give a file path, sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME",
        ) from error
    except ModuleNotFoundError as error:
        raise StoreError(
            f"the store needs the package {error.name}", fix=f"pip install {error.name}"
        ) from error
    if backend not in ("sqlite", "postgresql"):
        raise StoreError(f"{backend} cannot hold a store", fix="use SQLite or PostgreSQL")
    return parsed


def _patience(parsed: URL) -> dict[str, str | int]:
    if parsed.get_backend_name() != "postgresql" or not parsed.get_driver_name().startswith("psycopg"):
        return {}
    return {name: value for name, value in PATIENCE.items() if name not in parsed.query}


def _masked(parsed: URL) -> str:
    return parsed.set(query={}).render_as_string(hide_password=True)


def _prepare_file(parsed: URL, *, private_folder: bool, must_exist: bool) -> None:
    if parsed.database in (None, "", ":memory:") or "mode" in parsed.query:
        raise StoreError("a store in memory would forget every decision", fix="give a file path")
    path = Path(str(parsed.database))
    try:
        if must_exist and not path.exists():
            raise StoreError("no such store", where=str(path), fix="check --store or COURTOIS_STORE")
        if private_folder:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_dir():
            raise StoreError("a folder", where=str(path), fix="give the path of a file in it")
        if not path.parent.is_dir():
            raise StoreError("its folder does not exist", where=str(path), fix=f"create {path.parent}")
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"cannot be created ({error.strerror})",
            where=str(path),
            fix="choose a folder that you may write in",
        ) from error


def _configure(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver would begin its own, deferred, transactions
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    # a deferred transaction that turns to writing fails at once instead of waiting its turn
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn the database's own failures into a StoreError that says what to do."""
    try:
        yield
    except (exc.OperationalError, exc.DatabaseError, exc.TimeoutError, sqlite3.Error) as error:
        if isinstance(error, (exc.IntegrityError, exc.ProgrammingError, exc.DataError)):
            raise
        said = str(getattr(error, "orig", None) or error)
        what, fix = next(((w, f) for key, w, f in _MEANINGS if key in said.lower()), ("", ""))
        if not what and isinstance(error, exc.OperationalError) and "postgresql" in where:
            what, fix = "the database server does not answer as expected", "check the URL and the server"
        if not what:
            what, fix = (
                f"the database says: {said.splitlines()[0][:120]}",
                "check the store or give another --store",
            )
        raise StoreError(what, where=where, fix=fix) from error
