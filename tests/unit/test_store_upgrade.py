"""A store that an earlier version wrote, with everything in it, opened by this one."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from data.errors import StoreError
from data.store import QueueFilter, Store
from data.store.connection import open_engine
from data.store.migrations import MIGRATIONS, migrate

SCORES = json.dumps(
    {
        "incivility": 0.8,
        "action": "hold",
        "severity": 2,
        "insult": 0.7,
        "stance": "against",
        "bundle": "b-1",
    }
)
OLD = """INSERT INTO comment (id, text, fingerprint, thread_id, created_at, extra, scores, action_rank,
    incivility, status, version, touched_at, author) VALUES
    (:id, :text, 'f', 't', :created, :extra, :scores, :rank, :p, :status, :version,
    '2026-02-02T10:00:00.000+00:00', 'hmac:x')"""


@pytest.fixture
def old(store_url: str) -> Iterator[Engine]:
    """A store of schema 3, without a comment."""
    engine, _ = open_engine(store_url)
    if engine.dialect.name == "postgresql":  # the tests' databases come with the newest schema
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    migrate(engine, where="", migrations=[step for step in MIGRATIONS if step.number <= 3])
    yield engine
    engine.dispose()


def put(engine: Engine, rows: int) -> None:
    with engine.execution_options(write=True).begin() as connection:
        values = [
            {
                "id": f"c{i:04}",
                "text": "Trop NUUUL !" if i % 2 else f"Texte {i}",
                "created": "2026-01-01T08:00:00+01:00" if i == 1 else None,
                "extra": '{"Rubrique": "sport", "site": 3}' if i == 1 else "null" if i == 2 else "{}",
                "scores": SCORES if i else "{}",
                "rank": 0 if i else 3,
                "p": 0.8 if i else -1.0,
                "status": "pending" if i else "imported",
                "version": 0,
            }
            for i in range(rows)
        ]
        connection.execute(text(OLD), values)
        connection.execute(
            text(
                "INSERT INTO decision (comment_id, kind, moderator, decided_at, labels, previous_status) "
                "VALUES ('c0002', 'approve', 'anne', '2026-02-03T10:00:00.000+00:00', '{}', 'pending')"
            )
        )
        connection.execute(
            text(
                "UPDATE comment SET status = 'approved', decided_by = 'anne', version = 1 WHERE id = 'c0002'"
            )
        )


def test_everything_of_schema_3_is_found_again(old: Engine, store_url: str) -> None:
    put(old, 2100)  # more than a batch of the migration, so that all of them are seen
    with Store.open(store_url) as store:
        counts = store.status_counts(QueueFilter())
        assert (counts["pending"], counts["approved"], counts["imported"]) == (2098, 1, 1)
        assert (
            store.status_counts(QueueFilter(severity=2, subtype="insult", stance="against"))["pending"]
            == 2098
        )
        assert [i.comment.id for i in store.queue(QueueFilter(site="3", section="sport"))] == ["c0001"]
        assert store.queue(QueueFilter(), "age", limit=1)[0].comment.id == "c0001"
        assert len(store.queue(QueueFilter(since="2026-02-02", until="2026-02-02"), limit=5000)) == 2097
        assert store.histogram("insult", QueueFilter(), bins=10)[7] == 2098
        assert len(store.duplicates("c0001", limit=5000)) == 1049
        assert store.author_history("hmac:x").approved == 1
        assert [(row.kind, row.batch, row.rule) for row in store.journal()] == [("approve", None, None)]
        # an act of the version before can be undone by this one
        undone = store.undo("anne")
        assert undone is not None
        assert (undone.comment.id, undone.status) == ("c0002", "pending")
        assert store.lease("anne", QueueFilter(), limit=1)[0].comment.id == "c0001"


def test_an_upgrade_that_fails_leaves_schema_3(old: Engine, store_url: str) -> None:
    put(old, 3)
    with old.execution_options(write=True).begin() as connection:
        connection.execute(text("UPDATE comment SET scores = 'damaged' WHERE id = 'c0001'"))
    with pytest.raises(StoreError, match="row 2 of the comments is damaged; restore"):
        Store.open(store_url)
    with old.connect() as connection:
        assert connection.scalar(text("SELECT max(number) FROM courtois_migration")) == 3
        assert connection.scalar(text("SELECT count(*) FROM comment")) == 3
