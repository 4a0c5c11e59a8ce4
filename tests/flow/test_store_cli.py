"""``courtois store``: what is forgotten, what stays, and what is said of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app import main
from data.record import Comment, Labels
from data.store import Store

SCORES = {"incivility": 0.5, "action": "review"}
SECRET = "Un texte que personne ne doit relire"
Told = Callable[..., tuple[int, str]]


@pytest.fixture
def url(store_url: str) -> str:
    """Four comments, three of them untouched since 2020; an old one was rejected with a reason."""
    with Store.open(store_url) as store:
        store.add_scored((Comment(id=id_, text=f"{SECRET} {id_}"), SCORES) for id_ in ("a", "b", "c", "new"))
        store.decide("b", "reject", moderator="anne", version=0, labels=Labels(insult=1), reason="threat")
        with store._writing() as connection:
            connection.exec_driver_sql(
                "UPDATE comment SET touched_at = '2020-01-01T00:00:00.000+00:00' WHERE id != 'new'"
            )
    return store_url


@pytest.fixture
def told(url: str, capsys: pytest.CaptureFixture[str]) -> Told:
    def run(*words: str) -> tuple[int, str]:
        code = main(["store", *words, "--store", url])
        printed = capsys.readouterr()
        assert printed.out == ""
        assert SECRET not in printed.err
        return code, printed.err.removeprefix("courtois store: ")

    return run


@pytest.mark.parametrize("limit", [("--before", "2021-01-01"), ("--older-than", "365")])
def test_purge_erases_what_its_rehearsal_announced(url: str, told: Told, limit: tuple[str, str]) -> None:
    code, said = told("purge", *limit, "--dry-run")
    assert (code, said.split(":")[0]) == (0, "3 comments would be erased (2 pending, 1 rejected)")
    assert said.endswith("; 1 stay\n")
    with Store.open(url) as store:
        assert store.item("b").status == "rejected"
    code, said = told("purge", *limit)
    assert (code, said.split(":")[0]) == (0, "3 comments erased (2 pending, 1 rejected)")
    assert said.endswith("; 1 stay\n")
    assert told("purge", *limit)[1].startswith("0 comments erased: not touched since ")
    with Store.open(url) as store:
        assert [item.comment.id for item in store.next_items()] == ["new"]
        rows = [(row.kind, row.moderator, row.labels) for row in store.journal(comment_id="b")]
        assert rows == [("erase", "retention", Labels()), ("reject", "anne", Labels())]
        assert store.add_scored([(Comment(id="a", text=SECRET), SCORES)]) == 0


def test_erase_names_who_and_says_what_was_not_there(url: str, told: Told) -> None:
    assert told("erase", "a", "absent", "a", "--by", " camille ") == (
        1,
        "no comment 'absent'\ncourtois store: 1 comment erased\n",
    )
    assert told("erase", "c", "b") == (0, "2 comments erased\n")
    with Store.open(url) as store:
        assert [row.moderator for row in store.journal(comment_id="a")] == ["camille"]
        assert [item.comment.id for item in store.next_items()] == ["new"]


def test_nothing_of_the_text_is_left_in_the_files(tmp_path: Path) -> None:
    url = str(tmp_path / "store.sqlite3")
    with Store.open(url) as store:
        store.add_scored([(Comment(id="a", text=SECRET), SCORES)])
        with store._writing() as connection:
            connection.exec_driver_sql("UPDATE comment SET touched_at = '2020-01-01T00:00:00.000+00:00'")
    assert any(SECRET.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert main(["store", "purge", "--older-than", "30", "--store", url]) == 0
    assert not any(SECRET.encode() in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("purge", "--before", "hier"), "no date 'hier'; write it as YYYY-MM-DD"),
        (("purge", "--before", "0001-01-01"), "0 comments erased"),
        (("purge", "--before", str(date.today() + timedelta(days=2))), "is a day to come"),
        (("erase", "a", "--by", " "), "--by: no name"),
    ],
)
def test_a_limit_that_cannot_be_meant_erases_nothing(
    words: tuple[str, ...], said: str, url: str, told: Told
) -> None:
    code, line = told(*words)
    assert said in line or "no date that can be asked for" in line
    assert line.count("\n") == 1
    assert code == (0 if "0 comments" in line else 2)
    with Store.open(url) as store:
        assert sum(store.untouched(datetime.now(UTC)).values()) >= 3


@pytest.mark.parametrize("days", ["0", "-1", "36501", "1e3", "²"])
def test_days_are_a_number_in_bounds(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["store", "purge", f"--older-than={days}"])
    assert stop.value.code == 2
    assert "not a number of days from 1 to 36500" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = tmp_path / "absent.sqlite3"
    assert main(["store", "purge", "--older-than", "30", "--store", str(absent)]) == 2
    assert str(absent) in capsys.readouterr().err
    assert not absent.exists()
