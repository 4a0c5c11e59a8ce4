"""Named changes of the schema, each applied once, in one transaction with its record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, inspect, select

from data.errors import StoreError
from data.store import account_tables, acts, backfill, journal_rules, tasks
from data.store.tables import METADATA, migration


@dataclass(frozen=True, slots=True)
class Migration:
    """Statements that lead from the previous schema to this one; ``{serial}`` is a counted key.

    ``fill`` runs after them, in the same transaction.
    """

    number: int
    name: str
    statements: tuple[str, ...]
    fill: Callable[[Connection], None] | None = None
    sqlite: tuple[str, ...] = ()
    """Further statements for SQLite alone."""
    postgresql: tuple[str, ...] = ()
    """Further statements for PostgreSQL alone."""


MIGRATIONS: Final = (
    Migration(
        1,
        "comments, labels and journal",
        (
            "CREATE TABLE courtois_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
            """CREATE TABLE comment (
                seq {serial}, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, fingerprint TEXT NOT NULL,
                thread_id TEXT, parent_id TEXT, parent_text TEXT, author TEXT, created_at TEXT,
                article_title TEXT, target TEXT, url TEXT, source TEXT, extra TEXT NOT NULL,
                scores TEXT NOT NULL, action_rank INTEGER NOT NULL, incivility DOUBLE PRECISION NOT NULL,
                status TEXT NOT NULL, version INTEGER NOT NULL, decided_by TEXT, decided_at TEXT,
                touched_at TEXT NOT NULL)""",
            "CREATE INDEX comment_queue ON comment (status, action_rank, incivility DESC, id)",
            "CREATE INDEX comment_thread ON comment (thread_id)",
            "CREATE INDEX comment_parent ON comment (parent_id)",
            "CREATE INDEX comment_touched ON comment (touched_at)",
            """CREATE TABLE label (
                comment_id TEXT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
                annotator TEXT NOT NULL, labels TEXT NOT NULL, verdict TEXT, labelled_at TEXT NOT NULL,
                source TEXT NOT NULL, changed_at TEXT NOT NULL, PRIMARY KEY (comment_id, annotator))""",
            """CREATE TABLE decision (
                id {serial}, comment_id TEXT NOT NULL, kind TEXT NOT NULL, moderator TEXT NOT NULL,
                decided_at TEXT NOT NULL, labels TEXT NOT NULL, bundle TEXT, previous_status TEXT,
                previous_by TEXT, previous_at TEXT, previous_label TEXT,
                undoes INTEGER UNIQUE REFERENCES decision (id))""",
            "CREATE INDEX decision_comment ON decision (comment_id, id)",
            "CREATE INDEX decision_moderator ON decision (moderator, id)",
        ),
    ),
    Migration(
        2,
        "keys of the HTTP service",
        (
            """CREATE TABLE api_key (
                id {serial}, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL UNIQUE,
                rate DOUBLE PRECISION, created_at TEXT NOT NULL, revoked_at TEXT)""",
        ),
    ),
    Migration(3, "lists of what to label next", tasks.STATEMENTS),
    Migration(4, "work queue", backfill.STATEMENTS, backfill.fill),
    Migration(
        5,
        "reasons and statements",
        journal_rules.COLUMNS,
        sqlite=journal_rules.SQLITE,
        postgresql=journal_rules.POSTGRESQL,
    ),
    Migration(6, "accounts", account_tables.STATEMENTS),
    Migration(7, "acts of browsers", acts.STATEMENTS),
)

_LOCK: Final = 7_301_846  # any number that other users of the same PostgreSQL server do not lock


def migrate(engine: Engine, *, where: str, migrations: Sequence[Migration] = MIGRATIONS) -> list[str]:
    """Bring the store to the newest schema.

    Returns
    -------
    list of str
        Names of the migrations applied now.

    Raises
    ------
    StoreError
        If a newer courtois wrote the store, or the database belongs to another program.
    """
    newest = migrations[-1].number
    with engine.connect() as connection:
        applied = _applied(connection, where)
    if applied > newest:
        raise StoreError(
            f"written by a newer courtois (schema {applied}, this one knows {newest})",
            where=where,
            fix="upgrade courtois or give another --store",
        )
    return [m.name for m in migrations if m.number > applied and _apply(engine, m)]


def _applied(connection: Connection, where: str) -> int:
    present = set(inspect(connection).get_table_names())
    if migration.name in present:
        return connection.scalar(select(migration.c.number).order_by(migration.c.number.desc()).limit(1)) or 0
    if present and (connection.dialect.name == "sqlite" or present & set(METADATA.tables)):
        raise StoreError("a database of another program", where=where, fix="give another --store")
    return 0


def _apply(engine: Engine, step: Migration) -> bool:
    postgres = engine.dialect.name == "postgresql"
    serial = "BIGSERIAL PRIMARY KEY" if postgres else "INTEGER PRIMARY KEY AUTOINCREMENT"
    with engine.execution_options(write=True).begin() as connection:
        if postgres:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        migration.create(connection, checkfirst=True)
        # another process may have applied it between the look and the lock
        if connection.scalar(select(migration.c.number).where(migration.c.number == step.number)):
            return False
        for statement in (*step.statements, *(step.postgresql if postgres else step.sqlite)):
            connection.exec_driver_sql(statement.format(serial=serial))
        if step.fill is not None:
            step.fill(connection)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        connection.execute(migration.insert().values(number=step.number, name=step.name, applied_at=now))
    return True
