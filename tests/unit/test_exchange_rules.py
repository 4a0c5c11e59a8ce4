"""Whose word stands where annotators differ, and the words that labels are given in."""

from pathlib import Path
from typing import Any

import pytest
from exchange_rows import SAID, comments

from data.errors import InputError
from data.exchange import (
    FORMATS,
    TEMPLATES,
    export_exchange,
    resolved,
)
from data.exchange.answers import read_answers, read_words
from data.record import CONSENSUS, Comment, Labels


def test_majority_then_the_latest_decide() -> None:
    def row(severity: int | None, who: str, day: int, **labels: Any) -> Comment:
        return Comment(
            id="1",
            text="x",
            labels=Labels(severity=severity, **labels),
            labelled_by=who,
            labelled_at=f"2026-11-{day:02d}",
        )

    (tie,) = resolved([row(0, "a", 2), row(3, "b", 1)])
    assert (tie.labels.severity, tie.labelled_by) == (0, CONSENSUS)
    (most,) = resolved([row(3, "a", 1), row(1, "b", 2), row(2, "c", 3)])
    assert most.labels.severity == 2
    (mixed,) = resolved([row(0, "a", 3), row(None, "b", 1, incivility=1), row(None, "c", 2, incivility=1)])
    assert mixed.labels.given() == {"incivility": 1}
    (again,) = resolved([row(0, "a", 1), row(3, CONSENSUS, 9)])
    assert (again.labels.severity, again.labelled_by) == (0, "a")


def test_a_blind_word_breaks_a_tie_and_keeps_its_mark() -> None:
    """Read blind, then decided in the queue with the score in sight: who came last does not win."""
    blind = Comment(
        id="1",
        text="x",
        labels=Labels(severity=0),
        labelled_by="anne",
        labelled_at="2026-11-01",
        extra={"sampling": "blind"},
    )
    seen = [
        Comment(id="1", text="x", labels=Labels(severity=2), labelled_by=who, labelled_at="2026-11-02")
        for who in ("bob", "cleo")
    ]
    (one,) = resolved([blind, seen[0]])
    assert (one.labels.severity, one.extra) == (0, {"sampling": "blind", "annotators": 2})
    (one,) = resolved([*seen, blind])
    assert (one.labels.severity, one.extra["sampling"]) == (2, "blind")  # two against one
    (one,) = resolved(seen)
    assert "sampling" not in one.extra


def test_export_resolves_unless_told_otherwise(tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    assert export_exchange(lambda: SAID, out) == 2
    assert [(c.id, c.labels.severity, c.labels.insult, c.labels.stance) for c in comments(out)] == [
        ("c1", 1, 0, "against"),
        ("../../etc/passwd", None, None, None),
    ]
    assert export_exchange(lambda: SAID, out, keep_all=True) == 3
    with pytest.raises(InputError, match="takes no labels"):
        export_exchange(lambda: SAID, out, form="coral")
    with pytest.raises(InputError, match=r"\.json"):
        export_exchange(lambda: SAID, tmp_path / "a.csv", form="argilla")
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


def test_templates_speak_every_label() -> None:
    assert set(TEMPLATES) < set(FORMATS)
    for form, template in TEMPLATES.items():
        for name in Labels.__slots__:
            assert name in template() or name == "incivility", (form, name)


@pytest.mark.parametrize("bad", [["severity=7"], ["oui"], ["insult=2"], ["stance=pour ou contre"]])
def test_words_outside_the_guide_are_refused(bad: list[str]) -> None:
    with pytest.raises(InputError):
        read_words(bad)


def test_words_of_the_guide_are_read() -> None:
    assert read_answers([("Gravité", "Intolérable"), ("Menace", "oui"), ("autre", "x")]).given() == {
        "severity": 3,
        "threat": 1,
    }
    assert read_answers([("types", ["aucun"])]).given() == dict.fromkeys(
        ("insult", "profanity", "identity_attack", "threat", "aspersion", "lying_accusation"), 0
    )
