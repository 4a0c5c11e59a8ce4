"""Tables of the accounts, and the statements that create them."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from data.store.tables import METADATA

account = Table(
    "account",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sameness", Text, nullable=False, unique=True),
    Column("email", Text, unique=True),
    Column("role", Text, nullable=False),
    Column("password", Text),
    Column("created_at", Text, nullable=False),
    Column("disabled_at", Text),
)

login_session = Table(
    "login_session",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("started_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)

login_failure = Table(
    "login_failure",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", Text, nullable=False),
)

STATEMENTS: Final = (
    """CREATE TABLE account (
        id {serial}, name TEXT NOT NULL, sameness TEXT NOT NULL UNIQUE, email TEXT UNIQUE, role TEXT NOT NULL,
        password TEXT, created_at TEXT NOT NULL, disabled_at TEXT)""",
    """CREATE TABLE login_session (
        digest TEXT PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account (id),
        started_at TEXT NOT NULL, seen_at TEXT NOT NULL)""",
    "CREATE INDEX login_session_account ON login_session (account_id)",
    """CREATE TABLE login_failure (
        digest TEXT PRIMARY KEY, failures INTEGER NOT NULL, failed_at TEXT NOT NULL)""",
)
