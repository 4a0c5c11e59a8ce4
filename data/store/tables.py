"""Tables as the queries see them; ``migrations`` creates them."""

from typing import Final

from sqlalchemy import Column, Connection, Float, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy.dialects import postgresql, sqlite

from data.store.columns import PROBABILITIES

METADATA: Final = MetaData()

meta = Table(
    "courtois_meta",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

migration = Table(
    "courtois_migration",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("applied_at", Text, nullable=False),
)

comment = Table(
    "comment",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("thread_id", Text),
    Column("parent_id", Text),
    Column("parent_text", Text),
    Column("author", Text),
    Column("created_at", Text),
    Column("article_title", Text),
    Column("target", Text),
    Column("url", Text),
    Column("source", Text),
    Column("extra", Text, nullable=False),
    Column("scores", Text, nullable=False),
    Column("action_rank", Integer, nullable=False),
    Column("incivility", Float, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Text),
    Column("touched_at", Text, nullable=False),
    Column("site", Text),
    Column("section", Text),
    Column("dated_at", Text, nullable=False),
    Column("near", Text, nullable=False),
    Column("risk_order", Float, nullable=False),
    Column("distance", Float, nullable=False),
    Column("severity", Integer),
    Column("stance", Text),
    *(Column(name, Float) for name in PROBABILITIES),
)

label = Table(
    "label",
    METADATA,
    Column("comment_id", Text, ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True),
    Column("annotator", Text, primary_key=True),
    Column("labels", Text, nullable=False),
    Column("verdict", Text),
    Column("labelled_at", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
)

decision = Table(
    "decision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("comment_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("moderator", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("bundle", Text),
    Column("previous_status", Text),
    Column("previous_by", Text),
    Column("previous_at", Text),
    Column("previous_label", Text),
    Column("undoes", Integer, ForeignKey("decision.id")),
    Column("batch", Text),
    Column("rule", Text),
    Column("reason", Text),
    Column("statement", Text),
    Column("origin", Text),
    Column("proposed", Text),
)

api_key = Table(
    "api_key",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("rate", Float),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
)


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Make an INSERT that takes ``on_conflict_do_...`` for the database behind ``connection``."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
