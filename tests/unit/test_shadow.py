"""Flips and score maps, on made-up judges and a real store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from word_judges import Words

from data.errors import InputError
from data.record import Comment
from data.store import Reading, Store
from model.judgement import Judgement
from training.shadow import same_share, score_map, shadow


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


def said(store: Store) -> dict[str, Reading]:
    return {one.id: one for one in store.readings()}


def test_flips_name_comments_and_scores_but_never_the_text(store: Store) -> None:
    result = shadow(store.newest(24), Words("table"), Words("table", "chaise"), said(store))
    assert {flip.id for flip in result.flips} == {f"c{i:02d}" for i in range(1, 24, 4)}
    flip = result.flips[0].as_dict()
    assert (flip["current_action"], flip["candidate_action"]) == ("publish", "review")
    assert (flip["current"], flip["candidate"]) == (0.05, 0.9)
    assert "Une" not in repr(result)
    assert result.counts["review"] == (6, 12)
    assert (result.read, result.agreed, result.blind) == (20, (10, 15), False)
    assert store.counts()["pending"] == 4  # nothing was written


def test_no_flip_against_itself(store: Store) -> None:
    result = shadow(store.newest(24), Words("table"), Words("table"), said(store))
    assert result.flips == ()
    assert result.agreed[0] == result.agreed[1]


def test_an_empty_store_is_said() -> None:
    for call in (shadow, score_map):
        with pytest.raises(InputError, match=r"queue\.sqlite3: the store holds no comment"):
            call([], Words(), Words(), where="queue.sqlite3")


class Graded(Words):
    """Scores by the number in the id, on a scale of its own."""

    thresholds: Mapping[str, float] = {"review": 0.5, "hold": 0.8, "identity_attack": 0.5}

    def __init__(self, power: float, of: int = 24) -> None:
        super().__init__()
        self.power, self.of = power, of

    def _judge(self, comment: Comment) -> object:  # type: ignore[override]
        p = (int(comment.id[1:]) / self.of) ** self.power
        return replace(super()._judge(comment), p_uncivil=p)


def test_the_map_keeps_the_load_and_the_recall(store: Store) -> None:
    items = list(store.newest(24))
    mapped = score_map(items, Graded(1), Graded(3), said(store))
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


@pytest.mark.parametrize(("blind", "rejected", "kept"), [(96, 48, True), (0, 48, True), (78, 39, False)])
def test_recall_is_kept_where_enough_was_rejected(
    tmp_path: Path, blind: int, rejected: int, kept: bool
) -> None:
    with Store.open(str(tmp_path / "b.sqlite3")) as store:
        rows = ((Comment(id=f"c{i:02d}", text="Une table."), {"incivility": 0.5}) for i in range(96))
        store.add_scored(rows)
        seen = {
            f"c{i:02d}": _reading(f"c{i:02d}", i % 2, blind=i < blind)
            for i in range(96)
            if kept or i < 2 * rejected
        }
        mapped = score_map(store.newest(96), Graded(1, 96), Graded(3, 96), seen)
    review = mapped["policy"][0]
    assert (mapped["uncivil"], mapped["blind"]) == (rejected, kept and blind > 0)
    if not kept:
        assert review["same_recall"] is None  # a recall on 39 is not known to within 0.15
        return
    recalled = [i for i in range(1, 96, 2) if (i / 96) ** 3 >= review["same_recall"]]
    assert len(recalled) == len([i for i in range(1, 96, 2) if i / 96 >= 0.5])


def _reading(id_: str, uncivil: int, *, blind: bool) -> Reading:
    return Reading(
        id=id_,
        day="2026-11-22",
        bundle="b@1",
        incivility=0.5,
        held=False,
        uncivil=uncivil,
        blind=blind,
    )


def test_blind_readings_alone_tell_where_there_are_enough(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {f"c{i:02d}": _reading(f"c{i:02d}", int(i % 4 == 0), blind=i < 12) for i in range(24)}
    judges = Words("table"), Words("chaise")
    every = shadow(store.newest(24), *judges, seen)
    assert (every.read, every.agreed, every.blind) == (24, (24, 12), False)
    monkeypatch.setattr("training.shadow.FEWEST", 12)
    blind = shadow(store.newest(24), *judges, seen)
    assert (blind.read, blind.agreed, blind.blind) == (12, (12, 6), True)
    mapped = score_map(store.newest(24), Graded(1), Graded(3), seen)
    assert (mapped["uncivil"], mapped["blind"]) == (6, False)
    monkeypatch.setattr("training.shadow._FEWEST_UNCIVIL", 3)
    mapped = score_map(store.newest(24), Graded(1), Graded(3), seen)
    assert (mapped["uncivil"], mapped["blind"]) == (3, True)


def test_what_a_rule_decided_is_nobody_s_word(store: Store) -> None:
    waiting = [(f"c{i}", store.item(f"c{i}").version) for i in range(20, 24)]
    store.decide_many(waiting, "reject", moderator="Lila", rule="incivilité ≥ 0,4")
    assert shadow(store.newest(24), Words("table"), Words("table"), said(store)).read == 20


def test_comments_are_judged_a_part_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.shadow._PART", 7)
    sizes: list[int] = []

    class Counting(Words):
        def score_many(self, comments: Sequence[Comment]) -> list[Judgement]:
            sizes.append(len(comments))
            return super().score_many(comments)

    assert shadow(store.newest(24), Counting("table"), Words("chaise")).n == 24
    assert sizes == [7, 7, 7, 3]
