"""Columns in, scored columns out: what ``datasets`` and notebooks call."""

from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError
from data.record import MAX_TEXT, Comment
from data.taxonomy import SCORE_COLUMNS
from model.bundle import Bundle
from model.door import records_scorer, score_records
from model.scorer import Scorer

BATCH: dict[str, list[Any]] = {
    "text": ["Merci, article clair.", " ", "Pauvre abruti !", "a" * (MAX_TEXT + 1), None, 12],
    "target": ["la mairie", None, None, None, None, float("nan")],
    "note": [object()] * 6,
}


def test_every_comment_is_judged_as_the_scorer_does(small_bundle: Bundle, small_folder: Path) -> None:
    scored = records_scorer(small_folder)(BATCH)
    comments = [Comment(id=str(n), text=str(BATCH["text"][n]), target=BATCH["target"][n]) for n in (0, 2)]
    judged = [one.columns() for one in Scorer(small_bundle).score_many(comments)]
    assert tuple(scored) == SCORE_COLUMNS
    for name, column in scored.items():
        assert [column[0], column[2]] == pytest.approx([one[name] for one in judged]), name
    assert scored["stance"][0] is not None
    assert scored["stance"][2] is None


def test_rows_that_cannot_be_read_have_no_scores(small_bundle: Bundle) -> None:
    scored = score_records(BATCH, scorer=Scorer(small_bundle))
    assert [action is None for action in scored["action"]] == [False, True, False, True, True, False]
    assert {len(column) for column in scored.values()} == {6}


def test_no_rows(small_bundle: Bundle) -> None:
    scored = score_records({"text": []}, scorer=Scorer(small_bundle))
    assert scored == {name: [] for name in SCORE_COLUMNS}


@pytest.mark.parametrize(
    ("batch", "fault"),
    [
        ({"texte": ["oui"]}, "no column 'text'; rename"),
        ({"text": ["oui", "non"], "target": ["x"]}, "column target: 1 cells, but 2 texts; give"),
    ],
)
def test_columns_that_cannot_be_used(batch: dict[str, list[str]], fault: str, small_bundle: Bundle) -> None:
    with pytest.raises(InputError, match=fault):
        score_records(batch, scorer=Scorer(small_bundle))
