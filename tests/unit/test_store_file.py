"""The store as a file: threads, killed processes, migrations, damage."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from data.errors import ConflictError, StoreError
from data.record import Comment
from data.store import Store, default_store_url
from data.store.connection import open_engine
from data.store.migrations import MIGRATIONS, Migration, migrate
from data.store.tables import METADATA

ROOT = Path(__file__).parents[2]


def fill(store: Store, number: int) -> None:
    scores = {"incivility": 0.5, "action": "review"}
    store.add_scored((Comment(id=f"{i:03}", text=f"Commentaire {i}"), scores) for i in range(number))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


def test_two_moderators_never_decide_twice(store_url: str) -> None:
    with Store.open(store_url) as store:
        fill(store, 200)

        def work(moderator: str) -> int:
            done = 0
            while done < 100:
                item = store.next_items(limit=1)[0]
                try:
                    store.decide(item.comment.id, "approve", moderator=moderator, version=item.version)
                except ConflictError:
                    continue
                done += 1
            return done

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(work, ["anne", "bob"])) == [100, 100]
        journal = store.journal(limit=1000)
        assert len(journal) == len({row.comment_id for row in journal}) == 200
        assert store.counts()["approved"] == 200


def test_decision_survives_a_killed_process(store_url: str) -> None:
    with Store.open(store_url) as store:
        fill(store, 2)
    script = (
        "import os, signal, sys; from data.store import Store; store = Store.open(sys.argv[1]);"
        "store.decide('000', 'reject', moderator='anne', version=0);"
        "os.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))"
    )
    killed = subprocess.run([sys.executable, "-c", script, store_url], cwd=ROOT, check=False, timeout=60)
    assert killed.returncode != 0
    with Store.open(store_url) as store:
        assert store.item("000").status == "rejected"
        assert len(store.journal()) == 1


def test_every_commit_reaches_the_disk(path: Path) -> None:
    with Store.open(str(path)) as store, store._reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 30000,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


@pytest.fixture
def engine(path: Path) -> Engine:
    return open_engine(str(path))[0]


def test_migrations_run_once_and_match_the_tables(path: Path, engine: Engine) -> None:
    names = [step.name for step in MIGRATIONS]
    assert migrate(engine, where="") == names
    assert migrate(engine, where="") == []
    found = inspect(engine)
    for table in METADATA.sorted_tables:
        assert [c["name"] for c in found.get_columns(table.name)] == [c.name for c in table.columns]
    engine.dispose()


def test_migration_that_fails_leaves_nothing(path: Path, engine: Engine) -> None:
    next_one = MIGRATIONS[-1].number + 1
    broken = Migration(next_one, "broken", ("CREATE TABLE half (x TEXT)", "CREATE TABLE half (x TEXT)"))
    with pytest.raises(Exception, match="half already exists"):
        migrate(engine, where="", migrations=(*MIGRATIONS, broken))
    assert "half" not in inspect(engine).get_table_names()
    mended = Migration(next_one, "mended", ("CREATE TABLE half (x TEXT)",))
    assert migrate(engine, where="", migrations=(*MIGRATIONS, mended)) == ["mended"]
    engine.dispose()


def test_store_of_a_newer_version_is_refused(path: Path) -> None:
    Store.open(str(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO courtois_migration VALUES (999, 'later', '2030')")
    raw.close()
    with pytest.raises(StoreError, match=r"newer courtois \(schema 999.*upgrade"):
        Store.open(str(path))


def test_unusable_files_say_what_to_do(path: Path, tmp_path: Path) -> None:
    path.write_text("Ce n'est pas une base de données. " * 100)
    with pytest.raises(StoreError, match=r"store\.sqlite3: not a courtois store, or damaged; restore"):
        Store.open(str(path))
    with pytest.raises(StoreError, match="folder does not exist; create"):
        Store.open(str(tmp_path / "absent" / "store.sqlite3"))
    with pytest.raises(StoreError, match="a folder"):
        Store.open(str(tmp_path))
    with pytest.raises(StoreError, match="no such store"):
        Store.open(str(tmp_path / "typo.sqlite3"), must_exist=True)
    assert not (tmp_path / "typo.sqlite3").exists()


def test_database_of_another_program_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE invoices (x TEXT)")
    raw.close()
    with pytest.raises(StoreError, match="another program"):
        Store.open(str(path))


def test_damage_found_later_is_explained(path: Path) -> None:
    with Store.open(str(path)) as store:
        fill(store, 100)
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    with pytest.raises(StoreError, match="damaged"), Store.open(str(path)) as store:
        store.next_items()


def test_locked_and_full_stores_are_explained(path: Path) -> None:
    with Store.open(str(path)) as store:
        fill(store, 1)
        with store._reading() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=10")
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="busy"):
            store.decide("000", "approve", moderator="anne", version=0)
        other.close()
        with store._reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreError, match="disk is full; nothing was written"):
            store.add_scored([(Comment(id="big", text="long " * 10_000), {})])
        assert store.counts()["pending"] == 1
        with store._reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only=1")
        with pytest.raises(StoreError, match="may not be written"):
            store.decide("000", "approve", moderator="anne", version=0)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:secret@host/db", "mysql"),
        ("nonsense://x", "scheme 'nonsense'"),
        ("sqlite://", "memory"),
        ("postgresql+absent://u:secret@host/db", "scheme"),
    ],
)
def test_urls_that_are_none(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_default_store_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURTOIS_STORE", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / "share" / name)
    Store.open().close()
    made = Path(default_store_url())
    assert made == tmp_path / "share" / "courtois" / "courtois.sqlite3"
    if os.name == "posix":
        assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "mine.sqlite3"))
    Store.open().close()
    assert (tmp_path / "mine.sqlite3").exists()
