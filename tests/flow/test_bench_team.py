"""The bench of a team: a small one loses nothing, and the bench would see it if it did."""

import json
from pathlib import Path

import pytest

from bench import review_team
from data.store import Store


def test_a_team_that_is_killed_twice_loses_and_doubles_nothing(postgres: object) -> None:
    figures = review_team.measure(moderators=2, decisions=40)
    assert (figures["decisions"], figures["lost"], figures["double"]) == (40, 0, 0)
    assert figures["decisions_sqlite"] == figures["decisions_postgresql"] == 40
    assert figures["kills_sqlite"] == 3
    assert figures["kills_postgresql"] == 5


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(str(tmp_path / "essai.sqlite3"))


def test_the_bench_sees_what_is_lost_and_what_is_decided_twice(store: Store, tmp_path: Path) -> None:
    def log(name: str, *entries: dict[str, object]) -> None:
        lines = "".join(json.dumps(entry) + "\n" for entry in entries)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")

    def key(act: str, comment: str) -> dict[str, object]:
        return {"key": {"id": act, "kind": "approve", "comment": comment, "version": 0}}

    def answer(act: str, state: str = "done") -> dict[str, object]:
        return {"answer": {"act": act, "state": state}}

    store.add_scored(review_team._comments(3))
    store.decide("c00000", "approve", moderator="anne", version=0)
    store.decide("c00001", "approve", moderator="anne", version=0)
    store.decide("c00001", "approve", moderator="bruno", version=1)
    log("anne", {"began": 0}, key("1", "c00000"), answer("1"), key("2", "c00001"), {"began": 1}, answer("2"))
    log("bruno", key("3", "c00001"), answer("3"), key("4", "c00002"), answer("4"), key("5", "c00000"))
    found = review_team._compare(store, tmp_path, ["anne", "bruno"])
    # c00002 was confirmed and is not in the journal, nor decided at all; key 5 has no answer
    assert found == {"decisions": 3, "lost": 3, "double": 1, "conflicts": 0, "resent": 1}
    log("bruno", key("3", "c00001"), answer("3", "conflict"))
    assert review_team._compare(store, tmp_path, ["anne", "bruno"])["conflicts"] == 1
    store.close()
