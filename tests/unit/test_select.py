"""What to label next: worth, diversity, lots, and what saves labels."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from scipy import sparse

from data.errors import InputError
from data.record import Comment, Labels
from model.bundle import Bundle
from model.features.space import Rows
from model.heads import HeadSet
from model.policy import INCIVILITY_HEADS
from training.select import (
    RARE,
    WARM,
    Pick,
    by_lot,
    known_labels,
    pick,
    rarities,
    second_readings,
    worths,
)
from training.simulate import Simulation, simulate
from training.spread import clustered, diverse, typical

WIDTH = 514


def dense_of(texts: list[str]) -> np.ndarray:
    """Sentence vectors of unit length (times the space's scale of 8) that depend on the text alone."""
    rows = []
    for text in texts:
        seed = int.from_bytes(text.encode()[:6], "little")
        vector = np.random.default_rng(seed).normal(size=512)
        rows.append(np.hstack([8 * vector / np.linalg.norm(vector), [text.count("grave"), len(text) / 100]]))
    return np.array(rows, np.float32)


class Space:
    """The shape of a feature space; its n-gram columns: how often « grave » stands there, and 1."""

    def rows(self, reads: list[Any]) -> Rows:
        texts = [read.normalised.text for read in reads]
        words = sparse.csr_array(np.array([[t.count("grave"), 1] for t in texts], np.float32))
        return Rows(sparse.csr_array(words.shape, dtype=np.float32), words, dense_of(texts))


def bundle() -> Bundle:
    k = len(INCIVILITY_HEADS)
    words = np.zeros((2, k), np.float32)
    words[0] = 2.0
    landmarks = np.zeros((1, WIDTH), np.float32)
    heads = HeadSet(
        INCIVILITY_HEADS,
        np.zeros((2, k), np.float32),
        words,
        landmarks,
        np.array([0.01], np.float32),
        np.ones((1, k), np.float32),
        np.full(k, -4.0, np.float32),
    )
    manifest = SimpleNamespace(thresholds={"p_uncivil": 0.5})
    return cast(Bundle, SimpleNamespace(space=Space(), incivility=heads, manifest=manifest))


def pool(n: int = 60) -> Iterator[tuple[Comment, dict[str, Any]]]:
    for i in range(n):
        text = f"{i:03d} commentaire numéro {i}{' grave' * (i % 5)}"
        yield Comment(id=f"c{i}", text=text), {"incivility": (i % 5) / 5, "insult": 0.1}


LABELLED = tuple(f"déjà lu {i}" for i in range(WARM))
"""As many labelled texts as end the warm start."""


def chosen(**options: Any) -> list[Pick]:
    given: dict[str, Any] = {"count": 20, "blind_share": 0.2, "seed": 0} | options
    source = given.pop("pool", pool)
    return pick(source, bundle(), given.pop("known", {}), given.pop("labelled", LABELLED), **given)


def test_the_list_is_as_long_as_asked_with_its_blind_share() -> None:
    picks = chosen()
    assert len({one.comment.id for one in picks}) == 20
    assert sum(one.reason == "blind" for one in picks) == 4
    assert {one.draft.kind for one in picks} == {"blind", "active"}
    assert [one.comment.id for one in chosen()] == [one.comment.id for one in picks]
    assert {o.comment.id for o in chosen(seed=1) if o.reason == "blind"} != {
        o.comment.id for o in picks if o.reason == "blind"
    }


def test_what_is_uncertain_comes_before_what_is_not() -> None:
    marks = [
        one.comment.text.count("grave")
        for one in chosen(blind_share=0, count=12, known=dict.fromkeys(RARE, 10_000))
    ]
    assert set(marks) <= {1, 2}  # log-odds about -2 and 0 of -4 … 4
    assert marks.count(2) >= 9


def test_the_order_does_not_tell_blind_from_chosen() -> None:
    reasons = [one.reason == "blind" for one in chosen(count=50, blind_share=0.5)]
    assert 0 < sum(reasons[:25]) < 25


def test_the_lot_does_not_ask_what_the_model_thinks() -> None:
    comments = [comment for comment, _ in pool(2000)]
    drawn = by_lot(comments, 500, seed=3)
    share = np.mean([c.text.count("grave") == 0 for c in drawn])
    assert share == pytest.approx(0.2, abs=0.06)
    assert {c.id for c in by_lot(reversed(comments), 500, seed=3)} == {c.id for c in drawn}


def test_near_duplicates_and_what_is_labelled_are_chosen_once() -> None:
    def copies() -> Iterator[tuple[Comment, dict[str, Any]]]:
        for i in range(30):
            text = "abcdef vous exagérez grave grave" if i % 2 else f"{i:03d} autre chose {i} grave grave"
            yield Comment(id=f"c{i}", text=text + "." * i), {"incivility": 0.5}

    texts = [one.comment.text for one in chosen(pool=copies, blind_share=0)]
    assert sum("exagérez" in text for text in texts) == 1
    labelled = [*LABELLED, "Abcdef, vous exagérez, GRAVE grave !", "002 autre chose 2 grave grave"]
    texts = [one.comment.text for one in chosen(pool=copies, blind_share=0, labelled=labelled)]
    assert not any("exagérez" in text or "chose 2 " in text for text in texts)


def test_a_small_or_empty_pool_gives_what_it_has() -> None:
    assert len(chosen(pool=lambda: pool(7), count=50)) == 7
    assert chosen(pool=lambda: pool(0)) == []


def test_diversity_takes_worth_first_then_what_is_unlike() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [1, 0]], np.float32)
    assert diverse(np.array([1.0, 0.81, 0.8, 0.95]), vectors, list("abcd"), 4) == [0, 2, 1]


def crowds() -> tuple[np.ndarray, list[str]]:
    """Three crowds of 30, 20 and 10 about one direction each, and five rows that are like nothing."""
    random = np.random.default_rng(0)
    rows = []
    for axis, size in enumerate((30, 20, 10)):
        near = 0.15 * random.normal(size=(size, 16))
        near[:, axis] += 1
        near[0] = np.eye(16)[axis]
        rows.append(near)
    rows.append(random.normal(size=(5, 16)))
    vectors = np.vstack(rows)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), [f"texte {i}" for i in range(len(vectors))]


def test_typical_rows_stand_in_the_middle_of_the_largest_crowds() -> None:
    vectors, texts = crowds()
    assert typical(vectors, texts, 3) == [0, 30, 50]
    assert len(typical(vectors[:4], texts[:4], 3)) >= 1  # too few to cluster
    assert len(typical(np.repeat(vectors[:1], 20, axis=0), [f"x {i}" for i in range(20)], 3)) == 1


def test_a_batch_takes_the_worthiest_of_every_crowd() -> None:
    vectors, texts = crowds()
    worth = np.full(len(vectors), 0.1)
    worth[:12], worth[30:40], worth[50:58] = 0.9, 0.8, 0.7
    worth[[7, 37, 57]] += 0.05
    # three alone would all be of the first crowd
    assert sorted(clustered(worth, vectors, texts, 3)) == [7, 37, 57]
    assert clustered(worth[:4], vectors[:4], texts[:4], 3)[0] == 0
    repeated = clustered(np.ones(20), np.repeat(vectors[:1], 20, axis=0), [f"x {i}" for i in range(20)], 3)
    assert len(repeated) == 1


def test_the_first_labels_are_of_typical_comments() -> None:
    def crowd() -> Iterator[tuple[Comment, dict[str, Any]]]:
        yield from pool(40)
        for i in range(40):  # texts that begin alike have one vector in this space
            yield Comment(id=f"d{i}", text=f"crowd0{' très' * i} grave"), {"incivility": 0.01}

    first = chosen(pool=crowd, labelled=LABELLED[1:], blind_share=0, count=10)
    assert {one.reason for one in first} == {"typical"}
    assert {one.draft.kind for one in first} == {"active"}
    assert sum(one.comment.id.startswith("d") for one in first) == 1
    later = chosen(pool=crowd, blind_share=0, count=10)
    assert "typical" not in {one.reason for one in later}
    assert chosen(pool=lambda: pool(0), labelled=()) == []
    mixed = chosen(labelled=(), count=10)
    assert sum(one.reason == "blind" for one in mixed) == 2


def test_rare_labels_are_worth_more() -> None:
    known = known_labels([Comment(id="1", text="x", labels=Labels(severity=3, threat=1))] * 200)
    assert known["threat"] == known["p_intolerable"] == 200
    assert rarities(known)["threat"] < rarities(known)["insult"] == 1
    rows = Space().rows(
        [SimpleNamespace(normalised=SimpleNamespace(text=t)) for t in ("a grave grave grave grave", "b")]
    )
    common, _ = worths(rows, bundle(), dict.fromkeys(rarities({}), 0.0))
    rare, reasons = worths(rows, bundle(), rarities({}))
    assert rare[0] - common[0] > rare[1] - common[1]
    assert set(reasons) <= {"uncertain", "views disagree", "rare label"}


def test_second_readings_go_to_others_and_to_the_same_person_in_turn() -> None:
    drafts = second_readings([(str(i), "anne") for i in range(10)], 4, seed=0)
    assert [(d.kind, d.annotator) for d in drafts] == [("second", ""), ("repeat", "anne")] * 2
    assert second_readings([], 4, seed=0) == []


def test_what_was_drawn_by_lot_is_read_again_first() -> None:
    once = [(str(i), "anne") for i in range(50)]
    drafts = second_readings(once, 4, seed=0, blind={"7", "31", "44"})
    assert {"7", "31", "44"} < {draft.comment_id for draft in drafts}


def test_simulation_counts_labels_until_the_target_is_reached() -> None:
    comments = [
        Comment(
            id=str(i), text=f"{i:06d} mot {i * 7919}" + " grave" * (i % 2), labels=Labels(incivility=i % 2)
        )
        for i in range(400)
    ]
    found = simulate(comments, bundle(), labels=150, seeds=2)
    assert list(found.random) == list(found.active) == [50, 100, 150]
    assert found.random[50] != found.active[50]  # typical comments first
    assert found.target == pytest.approx((found.random[100][0] + found.random[150][0]) / 2)
    assert found.as_dict()["active"][2]["k"] == 150
    with pytest.raises(InputError, match="cannot replay"):
        simulate(comments[:100], bundle(), labels=150)


def test_the_fewest_labels_that_are_as_good() -> None:
    random = {50: (0.6, 0.6), 100: (0.7, 0.7)}
    assert Simulation(100, 1, 1, random, {50: (0.7, 0.6), 100: (0.8, 0.7)}).reached == 50
    assert Simulation(100, 1, 1, random, {50: (0.6, 0.6), 100: (0.65, 0.7)}).reached is None
    lucky = {50: (0.9, 0.6), 100: (0.3, 0.7), 150: (0.6, 0.6), 200: (0.8, 0.8)}
    assert Simulation(200, 1, 1, dict.fromkeys((50, 100, 150, 200), (0.62, 0.6)), lucky).reached == 200
