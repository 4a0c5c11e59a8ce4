"""What the store forgets, and what it never held in clear."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.errors import StoreError
from data.record import Comment, Labels
from data.store import Store

SCORES = {"incivility": 0.5, "action": "review"}


def test_author_key_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hashed(name: str) -> str | None:
        with Store.open(str(tmp_path / name)) as opened:
            opened.add_scored([(Comment(id="1", text="Texte 1", author="Zoé"), SCORES)])
            return opened.item("1").comment.author

    assert hashed("a") != hashed("b")
    monkeypatch.setenv("COURTOIS_AUTHOR_KEY", "secret")
    assert hashed("c") == hashed("d")


def test_erase_leaves_only_a_tombstone(store_url: str, tmp_path: Path) -> None:
    store = Store.open(store_url)
    secret = "Texte à oublier absolument"
    store.add_scored([(Comment(id="x", text=secret, author="Zoé", extra={"pseudo": "Zozo"}), SCORES)])
    store.add_scored([(Comment(id="y", text="Texte y", parent_id="x", parent_text=secret), SCORES)])
    store.decide("x", "reject", moderator="anne", version=0, labels=Labels(insult=1))
    assert store.erase("x") is True
    assert store.erase("x") is False
    with pytest.raises(StoreError):
        store.item("x")
    assert store.item("y").parent is None
    assert list(store.labelled()) == []
    assert [(row.kind, row.labels) for row in store.journal(comment_id="x")] == [
        ("erase", Labels()),
        ("reject", Labels()),
    ]
    assert store.undo("anne") is None
    assert store.add_scored([(Comment(id="x", text=secret), SCORES)]) == 0
    assert (
        store.add_scored([(Comment(id="z", text="Texte z", parent_id="x", parent_text=secret), SCORES)]) == 1
    )
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.iterdir())
    store.close()


def test_purge_spares_what_was_touched_lately(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_scored((Comment(id=id_, text=f"Texte {id_}"), SCORES) for id_ in ("a", "b", "c", "new"))
        with store._writing() as connection:
            connection.exec_driver_sql(
                "UPDATE comment SET touched_at = '2020-01-01T00:00:00.000+00:00' WHERE id != 'new'"
            )
        store.decide("b", "approve", moderator="anne", version=0)
        assert store.purge(datetime(2021, 1, 1, tzinfo=UTC)) == 2
        assert store.purge(datetime(2021, 1, 1)) == 0
        assert {"new"} == {item.comment.id for item in store.next_items()}
        assert store.item("b").status == "approved"
        assert [row.moderator for row in store.journal(comment_id="a")] == ["retention"]
