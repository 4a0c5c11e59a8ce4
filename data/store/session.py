"""One engine per store, one connection per action."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine

from data.store.connection import explained, open_engine
from data.store.migrations import migrate

P = ParamSpec("P")
T = TypeVar("T")


class Session:
    """How a store is opened, read, written and closed."""

    def __init__(self, engine: Engine, where: str) -> None:
        # on PostgreSQL every query of a read sees the same moment, as on SQLite
        snapshot = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._reader = engine.execution_options(**snapshot)
        self._writer = engine.execution_options(write=True)
        self.where = where
        """File or URL of the store, password masked."""

    @classmethod
    def open(cls, url: str | None = None, *, must_exist: bool = False) -> Self:
        """Open a store, making or upgrading it where needed.

        Parameters
        ----------
        url
            File path or SQLAlchemy URL; ``None`` for ``default_store_url()``.
        must_exist
            Refuse a file that is not there instead of making it.

        Raises
        ------
        StoreError
            If it cannot be opened, is damaged, or was written by a newer courtois.
        """
        engine, where = open_engine(url, must_exist=must_exist)
        try:
            with explained(where):
                migrate(engine, where=where)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, where)

    def close(self) -> None:
        self._reader.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _scrub(self, needed: bool) -> None:
        # the write-ahead log still holds pages with the text until it is folded in
        if needed and self._reader.dialect.name == "sqlite":
            with explained(self.where), self._reader.connect() as connection:
                raw = connection.connection.dbapi_connection
                if raw is not None:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self.where), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(self.where), self._writer.begin() as connection:
            yield connection

    def _read(self, ask: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._reading() as connection:
            return ask(connection, *args, **kwargs)

    def _write(self, act: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._writing() as connection:
            return act(connection, *args, **kwargs)
