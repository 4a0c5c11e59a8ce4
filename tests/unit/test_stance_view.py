"""Stances over time: whose word stands, the bars, and that severity is apart."""

import pytest

from data.store import StanceRow
from training.review import stance_view
from training.review.stance_view import PICK, Sources

ROWS = [
    StanceRow(id="a", day="2026-11-01", stance="favor", severity=0, said_stance=None, said_severity=None),
    StanceRow(id="b", day="2026-11-01", stance="favor", severity=3, said_stance="against", said_severity=0),
    StanceRow(id="c", day="2026-11-02", stance="against", severity=2, said_stance=None, said_severity=None),
    StanceRow(id="d", day="2026-11-02", stance="none", severity=None, said_stance=None, said_severity=None),
]


def test_peoples_word_goes_before_the_models_and_is_counted() -> None:
    settled = stance_view.settled(ROWS)
    assert [row.stance for row in settled] == ["favor", "against", "against", "none"]
    assert [row.severity for row in settled] == [0, 0, 2, 0]
    assert stance_view.sources(settled) == Sources(comments=4, said=1, severity_said=1)


def test_bars_by_day() -> None:
    settled = stance_view.settled(ROWS)
    frame = stance_view.by_day(settled)
    assert frame[["day", "stance", "count"]].values.tolist() == [
        ["2026-11-01", "against", 1],
        ["2026-11-01", "favor", 1],
        ["2026-11-02", "against", 1],
        ["2026-11-02", "none", 1],
    ]
    severity = stance_view.severity_by_day(settled)
    assert severity[["day", "severity", "count"]].values.tolist() == [
        ["2026-11-01", 0, 2],
        ["2026-11-02", 0, 1],
        ["2026-11-02", 2, 1],
    ]
    assert stance_view.stance_chart(frame).to_dict()["params"][0]["name"] == PICK
    assert "params" not in stance_view.severity_chart(severity).to_dict()


def test_severity_is_told_for_each_stance_with_its_interval() -> None:
    table = stance_view.apart(stance_view.settled(ROWS))
    assert table.iloc[:, 1].tolist() == [1, 2, 1]
    assert table.iloc[:, 2].tolist() == [0, 1, 0]
    assert table.iloc[1, 4].startswith("[")
    assert stance_view.apart([]).iloc[:, 4].tolist() == ["–"] * 3


def test_comments_behind_a_bar_the_least_civil_first() -> None:
    settled = stance_view.settled(ROWS)
    assert [row.id for row in stance_view.behind(settled, None, None)] == ["c", "a", "b", "d"]
    assert [row.id for row in stance_view.behind(settled, "2026-11-01", "against")] == ["b"]
    assert stance_view.behind(settled, "2026-11-03", None) == []


@pytest.mark.parametrize(
    ("event", "bar"),
    [
        (None, None),
        ({"selection": {PICK: []}}, None),
        ({"selection": {PICK: [{"day": "2026-11-01"}]}}, None),
        ({"selection": {PICK: [{"day": "2026-11-01", "stance": "pour"}]}}, None),
        ({"selection": {PICK: [{"day": "2026-11-01", "stance": "none"}]}}, ("2026-11-01", "none")),
    ],
)
def test_the_bar_that_was_picked(event: object, bar: tuple[str, str] | None) -> None:
    assert stance_view.picked(event) == bar
