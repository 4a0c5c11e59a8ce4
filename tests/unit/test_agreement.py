"""Agreement: NLTK's figures, their intervals, and who is compared with whom."""

import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance

from data.record import CONSENSUS, Comment, Labels
from training.agreement import (
    FEWEST,
    Said,
    alphas,
    between,
    coincidences,
    drawn_by_lot,
    kappas,
    measure,
    within,
)


def planted(n: int, noise: float, width: int, people: tuple[str, ...] = ("a", "b", "c")) -> Said:
    random = np.random.default_rng(0)
    truth = random.integers(0, width, n)
    said: Said = {}
    for i in range(n):
        who = [p for p in people if random.random() < 0.8] or list(people[:1])
        said[str(i)] = {
            p: int(random.integers(0, width)) if random.random() < noise else int(truth[i]) for p in who
        }
    return said


@pytest.mark.parametrize(("label", "width"), [("severity", 4), ("insult", 2)])
@pytest.mark.parametrize("noise", [0.0, 0.3, 1.0])
def test_resampled_formulas_are_nltks(label: str, width: int, noise: float) -> None:
    shared = {id_: v for id_, v in planted(60, noise, width).items() if len(v) > 1}
    distance = interval_distance if label == "severity" else binary_distance
    triples = [(who, id_, value) for id_, v in shared.items() for who, value in v.items()]
    costs = np.array([[float(distance(a, b)) for b in range(width)] for a in range(width)])
    once = np.ones((1, len(shared)))
    ours = alphas(coincidences(shared, width), once, costs)[0]
    assert ours == pytest.approx(AnnotationTask(triples, distance).alpha())
    both = {id_: v for id_, v in shared.items() if {"a", "b"} <= v.keys()}
    table = np.zeros((1, len(both), width, width))
    for i, v in enumerate(both.values()):
        table[0, i, v["a"], v["b"]] = 1
    pair = [(who, id_, v[who]) for id_, v in both.items() for who in "ab"]
    assert kappas(table, np.ones((1, len(both))))[0] == pytest.approx(
        AnnotationTask(pair).kappa_pairwise("a", "b")
    )


def test_figures_fall_with_noise_and_stand_inside_their_intervals() -> None:
    found = [measure("severity", planted(200, noise, 4)) for noise in (0.0, 0.2, 0.6)]
    figures = [one.alpha for one in found]
    assert figures == sorted(figures, reverse=True, key=lambda value: value or 0.0)
    assert found[0].alpha == found[0].kappa == found[0].same == 1
    for one in found:
        assert one.alpha_ci95 is not None
        assert one.kappa_ci95 is not None
        assert one.alpha_ci95[0] <= (one.alpha or 0) <= one.alpha_ci95[1]
        assert one.kappa_ci95[0] <= (one.kappa or 0) <= one.kappa_ci95[1]


def test_little_or_nothing_to_compare_gives_no_figure() -> None:
    few = measure("insult", {str(i): {"a": 1, "b": i % 2} for i in range(FEWEST - 1)})
    assert (few.comments, few.alpha, few.kappa, few.disputed) == (FEWEST - 1, None, None, ("0", "2"))
    alike = measure("insult", {str(i): {"a": 0, "b": 0} for i in range(50)})
    assert (alike.same, alike.alpha, alike.kappa) == (1.0, None, None)
    alone = measure("insult", {str(i): {"a": i % 2} for i in range(50)})
    assert alone.comments == 0


def test_only_people_who_share_comments_are_compared() -> None:
    rows = []
    for i in range(20):
        for who, level in (("anne", i % 4), ("bob", (i + (i == 3)) % 4), (CONSENSUS, 0)):
            rows.append(Comment(id=str(i), text="x", labels=Labels(severity=level), labelled_by=who))
    rows.append(Comment(id="0", text="x", labels=Labels(incivility=1), labelled_by="lila"))
    found = {one.label: one for one in between(rows)}
    assert (found["severity"].annotators, found["severity"].disputed) == (2, ("3",))
    assert (found["incivility"].annotators, found["incivility"].disputed) == (3, ("0", "3"))
    assert found["stance"].comments == 0
    assert found["severity"].as_dict()["disputed"] == ["3"]


def test_repeats_compare_a_person_with_themselves() -> None:
    first = [Labels(severity=i % 4, stance="favor" if i % 2 else "none") for i in range(12)]
    second = [Labels(severity=i % 4, stance="against" if i == 1 else first[i].stance) for i in range(12)]
    repeats = [(str(i), "anne", a, b) for i, (a, b) in enumerate(zip(first, second, strict=True))]
    found = {one.label: one for one in within(repeats)}
    assert found["severity"].alpha == 1
    assert found["stance"].disputed == ("1",)
    assert 0 < (found["stance"].kappa or 0) < 1


def test_what_was_drawn_by_lot_is_measured_apart() -> None:
    rows = []
    for i in range(20):
        extra = {"sampling": "blind"} if i < 8 else {}
        # the second reading of a blind comment carries no mark of its own
        rows.append(
            Comment(id=str(i), text="x", labels=Labels(severity=i % 2), labelled_by="anne", extra=extra)
        )
        said = i % 2 if i < 8 else 1 - i % 2
        rows.append(Comment(id=str(i), text="x", labels=Labels(severity=said), labelled_by="bob"))
    blind = {one.label: one for one in between(drawn_by_lot(rows))}["severity"]
    every = {one.label: one for one in between(rows)}["severity"]
    assert (blind.comments, blind.same) == (8, 1.0)
    assert every.comments == 20
    assert (every.same or 0) < 0.5
