"""Drift: quiet where nothing changed, loud where the register, the scale or the load did."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from data.record import Comment, Labels
from data.store import Reading, Store
from model.bundle import Bundle
from training.drift import FEWEST, LIMITS, Came, came, drift
from training.reliability import reliability
from training.stability import UnknownWords, shares, stability, stability_by_chance

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


def chances(count: int, seed: int, shift: float = 0.0) -> list[float]:
    draw = random.Random(seed)
    return [min(draw.betavariate(1.2, 2.5) + shift, 1.0) for _ in range(count)]


def day(name: str, count: int, *, seed: int, shift: float = 0.0, bundle: str = "b@1") -> list[Came]:
    return [
        Came(day=name, bundle=bundle, incivility=p, held=p > 0.8, words=10, unknown=0)
        for p in chances(count, seed, shift)
    ]


def said(
    name: str, count: int, *, seed: int, shift: float = 0.0, blind: bool = False, bundle: str = "b@1"
) -> list[Reading]:
    """Readings that follow the scores exactly as probabilities say, but for ``shift``."""
    draw = random.Random(seed + 1000)
    return [
        Reading(
            id=f"{name}-{seed}-{n}",
            day=name,
            bundle=bundle,
            incivility=min(p + shift, 1.0),
            held=False,
            uncivil=int(draw.random() < p),
            blind=blind,
        )
        for n, p in enumerate(chances(count, seed))
    ]


def alarms(rows: Sequence[Came], on: str, readings: Sequence[Reading] = ()) -> list[str]:
    report = drift(rows, readings)
    (entry,) = [d for d in report["days"] if d["day"] == on]
    found: list[str] = entry["alarms"]
    assert report["alarms"] == sum(len(d["alarms"]) for d in report["days"])
    return found


FIRST = day("2026-11-01", 300, seed=1)


def test_days_like_the_first_raise_nothing() -> None:
    rows, readings = list(FIRST), said("2026-11-01", 300, seed=1)
    for number in range(2, 9):
        rows += day(f"2026-11-{number:02d}", 60 * number, seed=number)
        readings += said(f"2026-11-{number:02d}", 60, seed=number)
    report = drift(rows, readings)
    assert report["alarms"] == 0
    assert [d["reference"] is None for d in report["days"]] == [True] + [False] * 7
    assert report["days"][1]["reference"] == "first 300 comments, to 2026-11-01"
    assert report["references"]["b@1"]["shares"] == report["days"][0]["shares"]
    assert [d["decided"]["n"] for d in report["days"]] == [300] + [60] * 7


def test_scores_that_rise_alone_break_distribution_load_and_calibration() -> None:
    rows = FIRST + day("2026-11-02", 250, seed=2, shift=0.35)
    assert alarms(rows, "2026-11-02") == ["psi", "hold_rate"]
    readings = said("2026-11-02", 250, seed=2, shift=0.35)
    assert alarms(rows, "2026-11-02", readings) == ["ece", "psi", "hold_rate"]


def test_people_who_judge_otherwise_break_calibration_alone() -> None:
    turned = [replace(row, uncivil=1) for row in said("2026-11-02", 250, seed=2)]
    assert alarms(FIRST + day("2026-11-02", 250, seed=2), "2026-11-02", turned) == ["ece"]
    # calibration needs no reference: it is measured from the first day on
    assert alarms([], "2026-11-02", turned) == ["ece"]


def test_few_comments_raise_nothing() -> None:
    few = FIRST + day("2026-11-02", FEWEST - 1, seed=2, shift=0.35)
    assert alarms(few, "2026-11-02", said("2026-11-02", FEWEST - 1, seed=2, shift=0.35)) == []
    enough = FIRST + day("2026-11-02", FEWEST, seed=2, shift=0.35)
    assert "psi" in alarms(enough, "2026-11-02")


def test_what_chance_explains_raises_nothing() -> None:
    """Fifty readings of perfect probabilities have an error over 0.15 as often as not."""
    found = [reliability(said("2026-11-02", FEWEST, seed=seed)) for seed in range(40)]
    assert sum(one["ece"] > LIMITS["ece"] for one in found) > 4
    assert sum(one["ece"] > max(LIMITS["ece"], one["ece_by_chance"]) for one in found) <= 4
    index = [
        stability(shares(np.array(chances(200, s))), shares(np.array(chances(50, s + 500))))
        for s in range(40)
    ]
    assert sum(value > LIMITS["psi"] for value in index) > 2
    assert sum(value > stability_by_chance(50, 200) for value in index) <= 2


def test_blind_readings_alone_are_measured_where_there_are_enough() -> None:
    seen = [replace(one, uncivil=int(one.incivility > 0.4)) for one in said("2026-11-02", 200, seed=3)]
    blind = said("2026-11-02", FEWEST, seed=4, blind=True)
    (entry,) = drift([], seen + blind)["days"]
    assert (entry["basis"], entry["blind"]["n"], entry["decided"]["n"]) == ("blind", FEWEST, 250)
    assert entry["ece"] == entry["blind"]["ece"] != entry["decided"]["ece"]
    (entry,) = drift([], seen + blind[1:])["days"]
    assert (entry["basis"], entry["ece"]) == ("decided", entry["decided"]["ece"])


def test_each_bundle_has_a_reference_of_its_own() -> None:
    rows = FIRST + day("2026-11-02", 250, seed=2, shift=0.35, bundle="b@2")
    report = drift(rows + day("2026-11-03", 250, seed=3, shift=0.35, bundle="b@2"), [])
    assert [d["bundle"] for d in report["days"]] == ["b@1", "b@2", "b@2"]
    assert report["days"][1]["reference"] is None
    assert report["days"][2]["alarms"] == []


def test_the_held_out_scores_of_a_bundle_stand_beside_for_information() -> None:
    rows = FIRST + day("2026-11-02", 250, seed=2)
    report = drift(rows, [], heldout={"b@1": [0.1] * 10})
    assert report["days"][1]["psi_heldout"] > LIMITS["psi"] > report["days"][1]["psi"]
    assert report["alarms"] == 0


def test_weeks_begin_on_monday() -> None:
    rows = (
        FIRST + day("2026-11-06", 30, seed=2) + day("2026-11-08", 30, seed=3) + day("2026-11-09", 9, seed=4)
    )
    report = drift(rows, said("2026-11-08", 20, seed=3), period="week")
    assert [(d["day"], d["comments"]) for d in report["days"]] == [
        ("2026-10-26", 300),
        ("2026-11-02", 60),
        ("2026-11-09", 9),
    ]
    assert report["days"][1]["decided"]["n"] == 20


def test_reliability_has_every_row_once_and_rises() -> None:
    bins = reliability(said("2026-11-01", 300, seed=1))["reliability"]
    assert sum(b["n"] for b in bins) == 300
    assert [b["mean"] for b in bins] == sorted(b["mean"] for b in bins)
    assert reliability([])["ece"] is None


def test_limits_can_be_set() -> None:
    limits = dict.fromkeys(LIMITS, 9.0)
    assert drift(FIRST + day("2026-11-02", 250, seed=2, shift=0.35), [], limits=limits)["alarms"] == 0


def test_nothing_gives_nothing() -> None:
    assert drift([], [])["days"] == []


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


def test_another_register_raises_the_alarm(tmp_path: Path, small_bundle: Bundle) -> None:
    rows = [(f"a{i}", PLAIN[i % len(PLAIN)], 0.3, "2026-11-01") for i in range(240)]
    rows += [(f"b{i}", OTHER[i % len(OTHER)], 0.3, "2026-11-02") for i in range(80)]
    with Store.open(str(tmp_path / "essai.sqlite3")) as store:
        store.add_scored(
            (
                Comment(id=i, text=f"{text} {i}", created_at=f"{when}T12:00:00Z"),
                {"incivility": p, "action": "publish", "bundle": "b@1"},
            )
            for i, text, p, when in rows
        )
        store.add_scored([(Comment(id="unscored", text="Bonjour"), {})])
        for i in ("a1", "b1"):
            store.relabel(i, Labels(severity=2), moderator="Lila", version=0)
        found, readings = came(store.arrivals(1000), small_bundle.space), list(store.readings())
    assert len(found) == 320
    assert not hasattr(found[0], "text")
    assert alarms(found, "2026-11-02", readings) == ["unknown_words"]
