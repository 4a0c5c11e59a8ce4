"""What is different on PostgreSQL: a server that goes away, comes back, or is none of ours."""

import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect

from data.errors import StoreError
from data.record import Comment
from data.store import Store
from data.store.connection import open_engine
from data.store.migrations import MIGRATIONS, migrate
from data.store.tables import METADATA

if TYPE_CHECKING:
    from bench.postgres import Server

SCORES = {"incivility": 0.5, "action": "review"}


@pytest.fixture
def bare_url(postgres: "Server") -> Iterator[str]:
    """A database without any table."""
    yield postgres.create("bare")
    postgres.drop("bare")


def test_migrations_run_once_and_match_the_tables(bare_url: str) -> None:
    engine, _ = open_engine(bare_url)
    assert migrate(engine, where="") == [step.name for step in MIGRATIONS]
    assert migrate(engine, where="") == []
    found = inspect(engine)
    for table in METADATA.sorted_tables:
        assert [c["name"] for c in found.get_columns(table.name)] == [c.name for c in table.columns]
    engine.dispose()


def test_two_that_open_a_new_database_at_once_make_one_schema(bare_url: str) -> None:
    failed: list[Exception] = []

    def work() -> None:
        try:
            Store.open(bare_url).close()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with Store.open(bare_url) as store, store._reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM courtois_migration ORDER BY number").scalars()
        assert list(names) == [step.name for step in MIGRATIONS]


def test_a_server_that_was_killed_is_told_and_found_again(postgres: "Server", postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        store.add_scored([(Comment(id="a", text="Texte"), SCORES), (Comment(id="b", text="Autre"), SCORES)])
        store.decide("a", "approve", moderator="anne", version=0)
        postgres.kill()
        try:
            with pytest.raises(StoreError, match="the database server does not answer"):
                store.decide("b", "approve", moderator="anne", version=0)
        finally:
            postgres.start()
        assert (store.item("a").status, store.item("b").status) == ("approved", "pending")
        store.decide("b", "approve", moderator="anne", version=0)
        assert [row.comment_id for row in store.journal()] == ["b", "a"]


def test_a_server_that_is_not_there_is_told_without_the_password(postgres: "Server") -> None:
    url = "postgresql+psycopg://anne:secret@/courtois?host=/nonexistent&connect_timeout=2"
    with pytest.raises(StoreError, match="does not answer as expected; check the URL") as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_told(postgres_url: str) -> None:
    with pytest.raises(StoreError, match="check the URL"):
        Store.open(re.sub(r"/t\d+\?", "/absent?", postgres_url))


def test_a_comment_that_another_program_holds_is_told(postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        store.add_scored([(Comment(id="a", text="Texte"), SCORES)])
        assert _setting(store, "lock_timeout") == "30s"
    with (
        Store.open(f"{postgres_url}&options=-c%20lock_timeout%3D200") as hurried,
        Store.open(postgres_url) as other,
    ):
        assert _setting(hurried, "lock_timeout") == "200ms"
        with other._writing() as connection:
            connection.exec_driver_sql("SELECT * FROM comment FOR UPDATE")
            with pytest.raises(StoreError, match="busy for more than 30 seconds; end the other"):
                hurried.decide("a", "approve", moderator="anne", version=0)
        hurried.decide("a", "approve", moderator="anne", version=0)


def _setting(store: Store, name: str) -> str:
    with store._reading() as connection:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar())


def test_a_table_of_another_program_is_left_alone(bare_url: str) -> None:
    engine, _ = open_engine(bare_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE comment (x TEXT)")
    engine.dispose()
    with pytest.raises(StoreError, match="another program"):
        Store.open(bare_url)


def test_one_undo_from_two_windows_takes_back_two_decisions(postgres_url: str) -> None:
    """Both may look for the latest decision before either has taken it back."""
    with Store.open(postgres_url) as store:
        store.add_scored((Comment(id=str(i), text=f"Texte {i}"), SCORES) for i in range(6))
        for i in range(6):
            store.decide(str(i), "approve", moderator="anne", version=0)
        undone: list[str] = []
        gate = threading.Barrier(3)

        def work() -> None:
            gate.wait()
            for _ in range(2):
                item = store.undo("anne")
                undone.append(item.comment.id if item else "")

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(undone) == ["0", "1", "2", "3", "4", "5"]
        assert store.counts()["pending"] == 6
