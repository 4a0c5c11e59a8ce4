"""Labels from Coral's exports: what people decided, and no more."""

from pathlib import Path
from typing import Any

from exchange_rows import lines

from data.exchange import (
    LeftOut,
    read_exchange,
)
from data.formats import Rejection
from data.record import Comment


def coral(number: int, status: str, **more: Any) -> dict[str, Any]:
    revision = {
        "id": "r",
        "body": "<p>Bonjour&nbsp;!<br>Tu <b>mens</b></p>",
        "metadata": {"perspective": {"score": 0.83, "model": "TOXICITY"}},
        "actionCounts": more.pop("actionCounts", {}),
    }
    ids = {"id": f"k{number}", "storyID": "s", "authorID": "a", "parentID": None}
    return {**ids, "status": status, "revisions": [revision], "createdAt": {"$date": 1700000000000}, **more}


def test_coral_gives_what_people_decided_and_no_more(tmp_path: Path) -> None:
    banned = {"FLAG__COMMENT_DETECTED_BANNED_WORD": 1}
    by_anne = [{"status": "REJECTED", "moderatorID": "m1", "createdAt": "2026-11-20T10:00:00Z"}]
    by_rule = [{"status": "REJECTED", "moderatorID": None}]
    rows = [
        coral(0, "APPROVED"),
        coral(1, "REJECTED", statusHistory=by_anne, actionCounts=banned),
        coral(2, "REJECTED", statusHistory=by_rule),
        coral(3, "REJECTED", actionCounts=banned),
        coral(4, "SYSTEM_WITHHELD"),
        coral(5, "NONE"),
        coral(6, "PREMOD"),
        coral(7, "APPROVED", deletedAt="2026-01-01"),
        coral(8, "APPROVED", revisions=[{"body": ""}]),
    ]
    found = list(read_exchange(lines(tmp_path / "coral.jsonl", rows), users={"m1": "anne"}))
    said = [row for row in found if isinstance(row, Comment)]
    assert [(c.id, c.labels.given(), c.labelled_by, c.source) for c in said] == [
        ("k0", {"incivility": 0}, "coral", "coral"),
        ("k1", {"incivility": 1}, "anne", "coral"),
    ]
    assert said[0].text == "Bonjour\u00a0!\nTu mens"
    assert said[0].created_at == "2023-11-14T22:13:20+00:00"
    assert said[0].extra == {"perspective_score": 0.83, "perspective_model": "TOXICITY"}
    left = [row.reason for row in found if isinstance(row, LeftOut)]
    assert left.count("decided by a rule of Coral") == 2
    assert len(left) == 6
    assert [row.column for row in found if isinstance(row, Rejection)] == ["body"]


def test_coral_as_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "coral.csv"
    head = "id;body;status;metadata.perspective.score\n"
    path.write_bytes((head + "1;<i>déjà</i> vu;REJECTED;0.7\n2;été;NONE;\n").encode("cp1252"))
    rows = list(read_exchange(path, form="coral"))
    assert isinstance(rows[0], Comment)
    assert (rows[0].text, rows[0].labels.incivility, rows[0].extra["perspective_score"]) == (
        "déjà vu",
        1,
        "0.7",
    )
    assert isinstance(rows[1], LeftOut)
