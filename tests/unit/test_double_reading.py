"""The embedded corpus's second reading: complete, of known comments, and told in the data card."""

from pathlib import Path

from data.embedded import embedded_comments
from training.double_reading import agreement_table, double_readings

CARD = Path(__file__).parents[2] / "data" / "corpus" / "README.md"


def test_two_readings_of_at_least_a_thousand_known_comments() -> None:
    readings = double_readings()
    by_id: dict[str, set[str | None]] = {}
    for reading in readings:
        by_id.setdefault(reading.id, set()).add(reading.labelled_by)
    assert len(by_id) >= 1000
    assert all(readers == {"first", "second"} for readers in by_id.values())
    assert by_id.keys() <= {c.id for c in embedded_comments()}


def test_where_the_readings_agree_the_corpus_says_the_same() -> None:
    said: dict[str, list[int | None]] = {}
    for reading in double_readings():
        said.setdefault(reading.id, []).append(reading.labels.uncivil)
    held = {c.id: c.labels.uncivil for c in embedded_comments()}
    settled = {id_: pair for id_, pair in said.items() if pair[0] == pair[1]}
    differing = [id_ for id_, pair in settled.items() if held[id_] != pair[0]]
    assert len(differing) <= 3, differing  # the third reading may overrule both, rarely


def test_the_card_has_the_current_agreement() -> None:
    assert agreement_table() in CARD.read_text(encoding="utf-8")
