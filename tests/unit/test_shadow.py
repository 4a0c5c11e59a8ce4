"""Flips and score maps, on made-up judges and a real store."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_promote import Words

from data.errors import InputError
from data.record import Comment
from data.store import Store
from training.shadow import same_share, score_map, shadow
from training.stored import latest, stored


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(str(tmp_path / "essai.sqlite3"))
    words = ("table", "chaise", "lampe", "tapis")
    opened.add_scored(
        (
            Comment(id=f"c{i:02d}", text=f"Une {words[i % 4]} rouge.", created_at=f"2026-11-{i + 1:02d}"),
            {"incivility": i / 40, "action": "publish"},
        )
        for i in range(24)
    )
    for i in range(0, 20):
        opened.decide(f"c{i:02d}", "reject" if i % 4 == 1 else "approve", moderator="Lila", version=0)
    yield opened
    opened.close()


def test_latest_are_the_newest_of_every_state(store: Store) -> None:
    assert [item.comment.id for item in latest(store, 6)] == ["c23", "c22", "c21", "c20", "c19", "c18"]
    assert {item.comment.id for item in stored(store, ("pending",))} == {"c20", "c21", "c22", "c23"}
    assert len(list(stored(store))) == len(latest(store, 100)) == 24


def test_pages_of_the_store_lose_and_repeat_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.stored._PAGE", 3)
    ids = [item.comment.id for item in stored(store)]
    assert sorted(ids) == [f"c{i:02d}" for i in range(24)]


def test_flips_name_comments_and_scores_but_never_the_text(store: Store) -> None:
    result = shadow(latest(store, 24), Words("table"), Words("table", "chaise"))
    assert {flip.id for flip in result.flips} == {f"c{i:02d}" for i in range(1, 24, 4)}
    flip = result.flips[0].as_dict()
    assert (flip["current_action"], flip["candidate_action"]) == ("publish", "review")
    assert (flip["current"], flip["candidate"]) == (0.05, 0.9)
    assert "Une" not in repr(result)
    assert result.counts["review"] == (6, 12)
    assert (result.decided, result.agreed) == (20, (10, 15))
    assert store.counts()["pending"] == 4  # nothing was written


def test_no_flip_against_itself(store: Store) -> None:
    result = shadow(latest(store, 24), Words("table"), Words("table"))
    assert result.flips == ()
    assert result.agreed[0] == result.agreed[1]


def test_an_empty_store_is_said() -> None:
    for call in (shadow, score_map):
        with pytest.raises(InputError, match="the store holds no comment"):
            call([], Words(), Words())


class Graded(Words):
    """Scores by the number in the id, on a scale of its own."""

    thresholds: Mapping[str, float] = {"review": 0.5, "hold": 0.8, "identity_attack": 0.5}

    def __init__(self, power: float) -> None:
        super().__init__()
        self.power = power

    def _judge(self, comment: Comment) -> object:  # type: ignore[override]
        p = (int(comment.id[1:]) / 24) ** self.power
        return replace(super()._judge(comment), p_uncivil=p)


def test_the_map_keeps_the_load_and_the_recall(store: Store) -> None:
    items = latest(store, 24)
    mapped = score_map(items, Graded(1), Graded(3))
    review = mapped["policy"][0]
    assert (review["threshold"], review["current"], review["rate"]) == ("review", 0.5, 0.5)
    new = [(int(item.comment.id[1:]) / 24) ** 3 for item in items]
    assert sum(p >= review["same_rate"] for p in new) == 12
    assert review["same_recall"] is None  # five rejected are too few
    rising = [row["same_rate"] for row in mapped["scores"]]
    assert rising == sorted(rising)
    assert len(rising) == 9


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.5, 0.9, 1.1])
def test_same_share_keeps_the_count(threshold: float) -> None:
    random = np.random.default_rng(0)
    old, new = random.random(500), random.random(500) ** 2
    found = same_share(old, new, threshold)
    assert (new >= found).sum() == (old >= threshold).sum()


def test_recall_is_kept_where_enough_was_rejected(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "b.sqlite3")) as store:
        rows = ((Comment(id=f"c{i:02d}", text="Une table."), {"incivility": 0.5}) for i in range(24))
        store.add_scored(rows)
        for i in range(24):
            store.decide(f"c{i:02d}", "reject" if i % 2 else "approve", moderator="Lila", version=0)
        review = score_map(latest(store, 24), Graded(1), Graded(3))["policy"][0]
    recalled = [i for i in range(1, 24, 2) if (i / 24) ** 3 >= review["same_recall"]]
    assert len(recalled) == len([i for i in range(1, 24, 2) if i / 24 >= 0.5])
