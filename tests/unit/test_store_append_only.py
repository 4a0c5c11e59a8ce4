"""The journal in the database itself: what was written stays, whoever holds the connection."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.record import Comment, Labels
from data.store import Store

SCORES = {"incivility": 0.9, "action": "hold", "bundle": "b-1"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.sqlite3"
    with Store.open(str(path)) as store:
        store.add_scored([(Comment(id="x", text="Un commentaire tout à fait ordinaire"), SCORES)])
        store.decide("x", "reject", moderator="anne", version=0, labels=Labels(insult=1), reason="insult")
        store.undo("anne")
    return path


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def columns(raw: sqlite3.Connection) -> list[str]:
    return [row[1] for row in raw.execute("PRAGMA table_info(decision)")]


def test_no_column_may_change(raw: sqlite3.Connection) -> None:
    names = columns(raw)
    assert {"id", "moderator", "decided_at", "reason", "statement", "proposed"} <= set(names)
    before = raw.execute("SELECT * FROM decision ORDER BY id").fetchall()
    for name in names:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(f"UPDATE decision SET {name} = '77' WHERE id = 1")
    assert raw.execute("SELECT * FROM decision ORDER BY id").fetchall() == before


def test_nothing_is_deleted_or_replaced(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("DELETE FROM decision")
    insert = "INTO decision (id, comment_id, kind, moderator, decided_at, labels, undoes)"
    for id_, undoes in ((1, None), (None, 1)):  # the row of the rejection, the row that undoes it
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(
                f"INSERT OR REPLACE {insert} VALUES (?, 'x', 'reject', 'eve', '', '{{}}', ?)", (id_, undoes)
            )
    assert raw.execute("SELECT count(*) FROM decision").fetchone() == (2,)


def test_erasure_empties_what_could_say_something_and_no_more(raw: sqlite3.Connection, path: Path) -> None:
    before = dict(zip(columns(raw), raw.execute("SELECT * FROM decision").fetchone(), strict=True))
    assert before["labels"] == '{"insult": 1}'
    assert before["statement"].startswith("Mesure : ")
    with Store.open(str(path)) as store:
        assert store.erase("x", by="claire")
    after = dict(zip(columns(raw), raw.execute("SELECT * FROM decision").fetchone(), strict=True))
    assert after == before | {"labels": "{}", "previous_label": None, "statement": None}
    for name in ("labels", "previous_label", "statement"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(f"UPDATE decision SET {name} = 'filled again' WHERE id = 1")
