"""Drift: quiet where nothing changed, loud where the register, the scale or the load did."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.record import Comment
from data.store import Store
from model.bundle import Bundle
from training.drift import LIMITS, Row, UnknownWords, drift, rows_of, stability
from training.stored import DECIDED, stored

PLAIN = (
    "Le maire a raison de demander des comptes au conseil.",
    "Je ne comprends pas pourquoi cette réforme passe maintenant.",
    "Merci pour cet article, les chiffres sont clairs.",
    "Encore une promesse qui ne sera pas tenue, comme toujours.",
)
"""What readers of this paper write."""

OTHER = (
    "Wesh tmtc la mif jpp dla zermi, cheh wallah askip osef bg",
    "Xptdr frr vzy gro ca dev tro chelou jsp kwa dir mskn",
    "Gg ez noob tryhard afk kek poggers owned lmao gank midlane",
)
"""Another register: SMS spelling, slang and players' talk."""


def day(
    name: str, count: int, *, seed: int, shift: float = 0.0, bundle: str = "b@1", **more: object
) -> list[Row]:
    """Decisions that follow the scores exactly as probabilities say, but for ``shift``."""
    draw = random.Random(seed)
    rows = []
    for _ in range(count):
        p = draw.betavariate(1.2, 2.5)
        row = Row(
            day=name,
            bundle=bundle,
            incivility=min(p + shift, 1.0),
            held=p + shift > 0.8,
            uncivil=int(draw.random() < p),
            words=10,
            unknown=0,
        )
        rows.append(replace(row, **more))
    return rows


def alarms(rows: list[Row], on: str) -> list[str]:
    report = drift(rows)
    (entry,) = [d for d in report["days"] if d["day"] == on]
    found: list[str] = entry["alarms"]
    assert report["alarms"] == sum(len(d["alarms"]) for d in report["days"])
    return found


FIRST = day("2026-11-01", 300, seed=1)


def test_days_like_the_first_raise_nothing() -> None:
    rows = list(FIRST)
    for number in range(2, 9):
        rows += day(f"2026-11-{number:02d}", 250, seed=number)
    report = drift(rows)
    assert report["alarms"] == 0
    assert [d["reference"] is None for d in report["days"]] == [True] + [False] * 7
    assert report["days"][1]["reference"] == "first 300 decisions, to 2026-11-01"
    assert all(d["psi"] < 0.2 and d["ece"] < 0.12 for d in report["days"][1:])


def test_scores_that_rise_alone_break_calibration_distribution_and_load() -> None:
    assert alarms(FIRST + day("2026-11-02", 250, seed=2, shift=0.35), "2026-11-02") == [
        "ece",
        "psi",
        "hold_rate",
    ]


def test_people_who_judge_otherwise_break_calibration_alone() -> None:
    turned = [replace(row, uncivil=1) for row in day("2026-11-02", 250, seed=2)]
    assert alarms(FIRST + turned, "2026-11-02") == ["ece"]


def test_few_decisions_raise_nothing() -> None:
    assert alarms(FIRST + day("2026-11-02", 49, seed=2, shift=0.35), "2026-11-02") == []
    assert alarms(FIRST + day("2026-11-02", 50, seed=2, shift=0.35), "2026-11-02") != []


def test_each_bundle_has_a_reference_of_its_own() -> None:
    rows = FIRST + day("2026-11-02", 250, seed=2, shift=0.35, bundle="b@2")
    report = drift(rows + day("2026-11-03", 250, seed=3, shift=0.35, bundle="b@2"))
    assert [d["bundle"] for d in report["days"]] == ["b@1", "b@2", "b@2"]
    assert report["days"][1]["reference"] is None
    assert report["days"][2]["alarms"] == ["ece"]


def test_the_held_out_scores_of_the_bundle_are_the_reference_where_it_has_them() -> None:
    rows = FIRST + day("2026-11-02", 250, seed=2)
    flat = drift(rows, {"b@1": [0.1] * 10})["days"][1]
    assert "psi" in flat["alarms"]
    assert "held-out rows" in flat["reference"]


def test_reliability_has_every_row_once_and_rises() -> None:
    bins = drift(FIRST)["days"][0]["reliability"]
    assert sum(b["n"] for b in bins) == 300
    assert [b["mean"] for b in bins] == sorted(b["mean"] for b in bins)


def test_limits_can_be_set() -> None:
    report = drift(FIRST + day("2026-11-02", 250, seed=2), limits=dict.fromkeys(LIMITS, 0.0))
    assert "psi" in report["days"][1]["alarms"]


def test_stability_is_zero_for_the_same_and_finite_for_empty_bins() -> None:
    assert stability(np.array([0.2, 0.8]), np.array([0.2, 0.8])) == 0
    assert 1 < stability(np.array([1.0, 0.0]), np.array([0.0, 1.0])) < 20


def test_words_of_the_training_text_are_known(small_bundle: Bundle, few_comments: list[Comment]) -> None:
    words = UnknownWords(small_bundle.space)
    counts = [words.count(c.text) for c in few_comments[:50]]
    assert sum(known for known, _ in counts) > 400
    assert sum(unknown for _, unknown in counts) == 0
    assert words.count("Mais où est-ce ?") == (1, 0)
    assert words.count("poggers gank midlane")[1] >= 2
    assert words.count("") == (0, 0)


@pytest.fixture
def filled(tmp_path: Path) -> Store:
    return Store.open(str(tmp_path / "essai.sqlite3"))


def test_another_register_raises_the_alarm(filled: Store, small_bundle: Bundle) -> None:
    rows = [(f"a{i}", PLAIN[i % len(PLAIN)], 0.3) for i in range(240)]
    rows += [(f"b{i}", OTHER[i % len(OTHER)], 0.3) for i in range(80)]
    with filled as store:
        store.add_scored(
            (Comment(id=i, text=f"{text} {i}"), {"incivility": p, "action": "publish", "bundle": "b@1"})
            for i, text, p in rows
        )
        for number, (i, _, _) in enumerate(rows):
            store.decide(i, "reject" if number % 10 < 3 else "approve", moderator="Lila", version=0)
        found = rows_of(stored(store, DECIDED), small_bundle.space)
    assert len(found) == 320
    # decisions were all taken today: the second register is given the next day
    usual = [replace(r, day="2026-11-01") for r in found if r.unknown / r.words < 0.4]
    strange = [replace(r, day="2026-11-02") for r in found if r.unknown / r.words >= 0.4]
    assert (len(usual), len(strange)) == (240, 80)
    assert alarms(usual + strange, "2026-11-02") == ["unknown_words"]


def test_rows_without_a_score_or_a_day_are_left_out(filled: Store, small_bundle: Bundle) -> None:
    with filled as store:
        store.add_scored(
            [(Comment(id="1", text="Bonjour"), {}), (Comment(id="2", text="Bonsoir"), {"incivility": 0.2})]
        )
        for i in ("1", "2"):
            store.decide(i, "reject", moderator="Lila", version=0)
        found = rows_of(stored(store, DECIDED), small_bundle.space)
    assert [(r.uncivil, r.incivility, r.held) for r in found] == [(1, 0.2, False)]
