"""The journal in the database itself: what was written stays, whoever holds the connection."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, exc, inspect, text

from data.record import Comment, Labels
from data.store import Store
from data.store.journal_records import JournalFilter
from data.store.migrations import MIGRATIONS, migrate

SCORES = {"incivility": 0.9, "action": "hold", "bundle": "b-1"}
ROWS = text("SELECT * FROM decision ORDER BY id")


@pytest.fixture
def raw(store_url: str) -> Iterator[Connection]:
    """A connection past the store, on a rejection that was taken back."""
    with Store.open(store_url) as store:
        store.add_scored([(Comment(id="x", text="Un commentaire tout à fait ordinaire"), SCORES)])
        store.decide("x", "reject", moderator="anne", version=0, labels=Labels(insult=1), reason="insult")
        store.undo("anne")
    engine = create_engine(store_url if "://" in store_url else f"sqlite:///{Path(store_url)}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def refused(raw: Connection, statement: str) -> None:
    with pytest.raises(exc.DatabaseError, match="append-only"):
        raw.execute(text(statement))
    raw.rollback()


def test_no_column_may_change(raw: Connection) -> None:
    before = raw.execute(ROWS).all()
    raw.rollback()
    for column in inspect(raw).get_columns("decision"):
        value = "77" if "TEXT" not in str(column["type"]).upper() else "'eve'"
        refused(raw, f"UPDATE decision SET {column['name']} = {value} WHERE id = 1")
    assert raw.execute(ROWS).all() == before


def test_nothing_is_deleted_or_replaced(raw: Connection) -> None:
    refused(raw, "DELETE FROM decision WHERE id = 2")
    if raw.dialect.name == "postgresql":
        refused(raw, "TRUNCATE decision CASCADE")
    else:
        columns = "id, comment_id, kind, moderator, decided_at, labels, undoes"
        for id_, undoes in ((1, "NULL"), ("NULL", 1)):  # the rejection's row, the row that undoes it
            given = f"({id_}, 'x', 'reject', 'eve', '', '', {undoes})"
            refused(raw, f"INSERT OR REPLACE INTO decision ({columns}) VALUES {given}")
    assert len(raw.execute(ROWS).all()) == 2


def test_erasure_empties_what_could_say_something_and_no_more(raw: Connection, store_url: str) -> None:
    before = dict(raw.execute(ROWS).mappings().all()[0])
    raw.rollback()
    assert before["labels"] == '{"insult": 1}'
    assert before["statement"].startswith("Mesure : ")
    with Store.open(store_url) as store:
        assert store.erase("x", by="claire")
    after = dict(raw.execute(ROWS).mappings().all()[0])
    raw.rollback()
    assert after == before | {"labels": "{}", "previous_label": None, "statement": None}
    for name in ("labels", "previous_label", "statement"):
        refused(raw, f"UPDATE decision SET {name} = 'filled again' WHERE id = 1")


def test_a_journal_of_the_previous_version_is_kept_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    migrate(engine, where="", migrations=MIGRATIONS[:3])
    with engine.begin() as old:
        old.execute(
            text(
                "INSERT INTO comment (id, text, fingerprint, extra, scores, action_rank, incivility, status, "
                "version, decided_by, touched_at) VALUES ('x', 'Un texte', 'f', '{}', :scores, 0, 0.9, "
                "'rejected', 1, 'anne', '2026-01-01T00:00:00.000+00:00')"
            ),
            {"scores": '{"incivility": 0.9, "action": "hold"}'},
        )
        old.execute(
            text(
                "INSERT INTO decision (comment_id, kind, moderator, decided_at, labels, previous_status) "
                "VALUES ('x', 'reject', 'anne', '2026-01-01T00:00:00.000+00:00', '{}', 'pending')"
            )
        )
    engine.dispose()
    with Store.open(str(path)) as store:
        (entry,) = store.search_journal(JournalFilter())
        assert (entry.moderator, entry.reason, entry.proposed) == ("anne", None, None)
        store.justify("x", moderator="claire", reason="insult")
        assert [row.kind for row in store.search_journal(JournalFilter())] == ["justify", "reject"]
        assert store.undo("anne") is not None
    with create_engine(f"sqlite:///{path}").connect() as raw:
        refused(raw, "UPDATE decision SET moderator = 'eve' WHERE id = 1")
