"""Feedback from the wire and API keys, in a real store."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from data.errors import StoreError
from data.record import Comment, Labels, parse_labels
from data.store import Store
from model.serving.keys import Buckets, digest, new_key

COMMUNITY = "Coral:https://coral.site.fr"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(str(tmp_path / "s.sqlite3"))


def said(text: str, **labels: int) -> Comment:
    return Comment(id="", text=text, url="https://site.fr/a", thread_id="a", labels=parse_labels(labels))


def test_the_last_word_on_a_token_wins(store: Store) -> None:
    with store:
        first = store.keep_feedback(COMMUNITY, "comment:c1", said("Un torchon.", incivility=1))
        again = store.keep_feedback(COMMUNITY, "comment:c1", said("Un article.", incivility=0))
        other = store.keep_feedback("Coral:ailleurs", "comment:c1", said("Un torchon.", insult=1))
        assert first == again == f"wire:{COMMUNITY}#comment:c1"
        assert other != first
        rows = {c.id: c for c in store.labelled()}
        assert set(rows) == {first, other}
        assert rows[str(first)].text == "Un article."
        assert rows[str(first)].labels == Labels(incivility=0)
        assert {(c.source, c.labelled_by) for c in rows.values()} == {("wire", "wire")}


def test_it_never_enters_the_queue(store: Store) -> None:
    with store:
        store.keep_feedback(COMMUNITY, "comment:c1", said("Un torchon.", incivility=1))
        assert store.next_items(limit=5) == []
        assert store.counts()["pending"] == 0
        assert store.item(f"wire:{COMMUNITY}#comment:c1").status == "imported"


def test_ids_do_not_meet(store: Store) -> None:
    with store:
        ids = [store.keep_feedback(*pair, said("a", insult=1)) for pair in (("a#b", "c"), ("a", "b#c"))]
        assert len(set(ids)) == 2


def test_without_a_token_the_text_is_the_token(store: Store) -> None:
    with store:
        ids = [store.keep_feedback("", "", said(t, insult=1)) for t in ("a", "a", "b")]
        assert ids[0] == ids[1] != ids[2]


def test_a_reply_finds_its_parent(store: Store) -> None:
    with store:
        store.keep_feedback(COMMUNITY, "comment:c0", said("Le premier.", incivility=0))
        reply = said("Tais-toi.", incivility=1)
        id_ = store.keep_feedback(COMMUNITY, "comment:c1", reply, parent_token="comment:c0")
        parent = store.item(str(id_)).parent
        assert parent is not None
        assert parent.text == "Le premier."


def test_what_was_erased_stays_away(store: Store, tmp_path: Path) -> None:
    with store:
        id_ = store.keep_feedback(COMMUNITY, "comment:c1", said("Un torchon SECRET.", incivility=1))
        assert store.erase(str(id_))
        assert store.keep_feedback(COMMUNITY, "comment:c1", said("Un torchon SECRET.", incivility=1)) is None
        assert list(store.labelled()) == []
    assert b"SECRET" not in b"".join(p.read_bytes() for p in tmp_path.iterdir())


def test_keys_are_kept_as_hashes(store: Store, tmp_path: Path) -> None:
    key = new_key()
    with store:
        store.add_api_key("coral", digest(key), 5.0)
        with pytest.raises(StoreError, match="exists already"):
            store.add_api_key("coral", digest(new_key()))
        assert [(k.name, k.digest, k.rate, k.revoked_at) for k in store.api_keys()] == [
            ("coral", digest(key), 5.0, None)
        ]
        store.revoke_api_key("coral")
        assert store.api_keys()[0].revoked_at is not None
        with pytest.raises(StoreError, match="no key named"):
            store.revoke_api_key("coral")
    assert key.encode() not in b"".join(p.read_bytes() for p in tmp_path.iterdir())


def test_an_older_store_gains_the_keys(tmp_path: Path) -> None:
    from data.store import connection, migrations

    path = tmp_path / "old.sqlite3"
    engine, where = connection.open_engine(str(path))
    assert migrations.migrate(engine, where=where, migrations=migrations.MIGRATIONS[:1])
    engine.dispose()
    with Store.open(str(path)) as store:
        store.add_api_key("coral", digest("x"))
    with sqlite3.connect(path) as raw:
        assert raw.execute("select count(*) from api_key").fetchone() == (1,)
    raw.close()


def test_buckets_fill_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    with closing(Buckets()) as buckets:
        assert [buckets.take(1, 2.0) for _ in range(3)] == [True, True, False]
        assert buckets.take(2, 2.0), "another key's bucket"
        now += 0.5
        assert [buckets.take(1, 2.0) for _ in range(2)] == [True, False]
        assert buckets.take(3, 0.1), "less than one a second still begins with one"
