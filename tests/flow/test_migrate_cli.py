"""``courtois migrate coral`` from an export to the files, with a small real bundle."""

import csv
import gzip
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import coral_dump
import pytest
import zstandard

import app
from data.record import Comment

TOP = ("export", "old", "proposal", "new", "table", "decisions", "map", "flips", "work")


@pytest.fixture(scope="module")
def documents(unseen_comments: list[Comment]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return coral_dump.export(unseen_comments[:1500:3])


@pytest.fixture
def run(tmp_path: Path, small_folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(dumps: Sequence[str], *options: str, code: int = 0) -> dict[str, Any]:
        command = ["migrate", "coral", *dumps, "-o", str(tmp_path / "out"), "--bundle", str(small_folder)]
        assert app.main([*command, "--jobs", "1", *options]) == code
        figures: dict[str, Any] = json.loads((tmp_path / "out/figures.json").read_text("utf-8"))
        return figures

    return call


@pytest.fixture
def dumps(tmp_path: Path, documents: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> list[str]:
    comments, acts = documents
    return [
        coral_dump.write(tmp_path / "comments.json", comments),
        coral_dump.write(tmp_path / "acts.json", acts),
    ]


def page(tmp_path: Path) -> str:
    return (tmp_path / "out/report.html").read_text("utf-8")


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]


def test_a_study_from_end_to_end(run: Any, dumps: list[str], tmp_path: Path) -> None:
    f = run(dumps, "--jobs", "1")
    e = f["export"]
    assert e["comments"] == 500
    assert e["compared"] + e["never_scored"] == 500
    assert e["never_scored_staff"] == 25
    assert e["decided"]["rule"] == 25
    assert e["edited"] == 50
    assert e["calls"] == e["compared"] + 50  # an earlier revision of each edited one was scored too
    assert 0.02 < f["old"]["held"]["value"] < 0.3
    # Whole percents: the proposal is the nearest to what Perspective held.
    near = abs(f["new"]["held"]["value"] - f["old"]["held"]["value"])
    for row in f["table"]:
        assert near <= abs(row["held"]["value"] - f["old"]["held"]["value"]) + 1e-9
    assert f["threshold_seen"]["highest_free"] <= 0.8 < f["threshold_seen"]["lowest_flagged"]
    hours = f["work"]["old"]["hours_per_day"]["value"]
    assert hours == pytest.approx(f["old"]["held"]["value"] * f["work"]["per_day"] / 80, rel=1e-3)
    assert f["decisions"]["auc_new"]["value"] > 0.6
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert (tmp_path / "out/report.html").stat().st_mode & 0o077 == 0

    with (tmp_path / "out/flips.csv").open(newline="", encoding="utf-8") as file:
        flips = list(csv.DictReader(file))
    assert len(flips) == sum(f["flips"][way]["comments"] for way in ("to_publish", "to_hold")) > 0
    cut = f["proposal"]["percent"] / 100
    for row in flips:
        old, new = float(row["old_score"]), float(row["new_score"])
        assert (
            (old > 0.8 and new <= cut + 5e-5)
            if row["flip"] == "to_publish"
            else (old <= 0.8 and new > cut - 5e-5)
        )
        assert row["text"]
    assert not any("text" in key for key in json.dumps(f).split('"'))


def test_the_page_is_french_whole_and_fetches_nothing(run: Any, dumps: list[str], tmp_path: Path) -> None:
    f = run(dumps)
    text = page(tmp_path)
    tags = Tags(text)
    assert tags.links == []
    assert tags.names.isdisjoint({"script", "img", "link", "iframe", "object", "form", "input", "a"})
    assert "default-src 'none'" in text
    assert '<html lang="fr">' in text
    assert f"Seuil à saisir dans Coral : {f['proposal']['percent']} %" in text
    for trap in ("nom de machine sans point", "Jamais vide", "800 ms", "PERSPECTIVE_TIMEOUT", "doNotStore"):
        assert trap in text
    assert text.count("<svg") == 4
    assert not re.search(r"\d\.\d+\s*%", text), "decimal points are English"
    assert "None" not in text
    assert "nan" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).split()


def test_recall_can_be_kept(run: Any, dumps: list[str]) -> None:
    f = run(dumps, "--keep", "recall")
    assert (f["proposal"]["keep"], f["proposal"]["instead"]) == ("recall", "")
    assert f["new"]["recall"]["value"] >= f["old"]["recall"]["value"]


def test_few_decisions_leave_recall_unsaid(
    run: Any, dumps: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = Path(dumps[1])
    acts.write_text("".join(line + "\n" for line in acts.read_text().splitlines()[:20]))
    f = run(dumps, "--keep", "recall")
    assert (f["proposal"]["keep"], f["proposal"]["instead"]) == ("hold-rate", "few_rejected")
    assert "on ne peut rien dire du rappel" in page(tmp_path)
    assert "recall cannot be kept" in capsys.readouterr().out


@pytest.mark.parametrize(("status", "missing"), [("APPROVED", "auc_new"), ("REJECTED", "auc_new")])
def test_one_class_only(run: Any, tmp_path: Path, documents: Any, status: str, missing: str) -> None:
    comments = [d | {"status": status, "tags": []} for d in documents[0][:120]]
    f = run([coral_dump.write(tmp_path / "c.jsonl", comments)])
    assert f["decisions"][missing]["value"] is None
    assert (f["new"]["recall"]["value"] is None) == (status == "APPROVED")
    assert "collection commentModerationActions" in page(tmp_path)


def test_without_scores_a_rate_is_needed(
    run: Any, tmp_path: Path, documents: Any, capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    comments = json.loads(json.dumps(documents[0][:200]))
    for document in comments:
        for revision in document["revisions"]:
            revision["metadata"].pop("perspective", None)
    dump = coral_dump.write(tmp_path / "c.jsonl", comments)
    command = ["migrate", "coral", dump, "-o", str(tmp_path / "out"), "--bundle", str(small_folder)]
    assert app.main(command) == 2
    assert "--hold-rate" in capsys.readouterr().err
    assert not (tmp_path / "out/report.html").exists()
    f = run([dump], "--hold-rate", "10%")
    assert f["old"] is None
    assert f["flips"] is None
    assert f["new"]["held"]["value"] == pytest.approx(0.1, abs=0.02)
    assert not (tmp_path / "out/flips.csv").exists()
    assert "la part de commentaires retenus demandée" in page(tmp_path)


def test_broken_records_are_set_aside_by_line(run: Any, dumps: list[str], tmp_path: Path) -> None:
    broken = ['{"id": "x", "revisions": [', '{"username": "Zoé"}', "[]", '{"id": "y", "body": 3}']
    with Path(dumps[0]).open("a", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in broken)
    f = run(dumps, code=1)
    aside = [json.loads(line) for line in (tmp_path / "out/set_aside.jsonl").read_text("utf-8").splitlines()]
    assert [row["line"] for row in aside] == [501, 502, 503, 504]
    assert f["set_aside"] == 4
    assert f["export"]["comments"] == 500


def test_forms_of_an_export_say_the_same(run: Any, dumps: list[str], tmp_path: Path) -> None:
    lines = b"".join(Path(dumps[0]).read_bytes().splitlines(keepends=True)[:150])
    Path(dumps[0]).write_bytes(lines)
    plain = run(dumps)
    packed, array, small = tmp_path / "c.jsonl.gz", tmp_path / "array.json", tmp_path / "a.jsonl.zst"
    packed.write_bytes(gzip.compress(lines))
    array.write_bytes(b"[" + b",".join(lines.splitlines()) + b"]")
    small.write_bytes(zstandard.compress(Path(dumps[1]).read_bytes()))
    for other in ([str(packed), str(small)], [str(small), str(array)], [dumps[1], dumps[0]]):
        again = run(other)
        assert {name: again[name] for name in TOP} == {name: plain[name] for name in TOP}


def test_a_comment_exported_twice_counts_once(run: Any, dumps: list[str], tmp_path: Path) -> None:
    plain = run(dumps)
    copy = tmp_path / "again.json"
    copy.write_bytes(Path(dumps[0]).read_bytes())
    twice = run([*dumps, str(copy)])
    assert twice["records_of_comments"] == 1000
    assert {n: twice[n] for n in TOP if n != "flips"} == {n: plain[n] for n in TOP if n != "flips"}
    assert twice["flips"] == plain["flips"]


HOSTILE = '=HYPERLINK("http://x.example","y")<script>alert(1)</script>]]><img src=x onerror=alert(1)>'


def test_hostile_comments_stay_text(run: Any, documents: Any, tmp_path: Path) -> None:
    comments, acts = json.loads(json.dumps(documents))
    for number in range(0, 500, 2):
        revision = coral_dump.revision(f"c{number}-r", HOSTILE + f" {number}", 0.95, coral_dump.START)
        revision["metadata"]["perspective"]["model"] = "<b>TOXICITY</b>"
        comments[number] |= {"revisions": [revision], "storyID": "@s", "tags": []}
    dumps = [coral_dump.write(tmp_path / "c.json", comments), coral_dump.write(tmp_path / "a.json", acts)]
    run(dumps, "--old-model", "<b>TOXICITY</b>", "--threshold", "0.9", "--hold-rate", "50%")
    text = page(tmp_path)
    assert "&lt;script&gt;alert(1)" in text
    assert Tags(text).names.isdisjoint({"script", "img", "b"})
    with (tmp_path / "out/flips.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert {row["text"][:2] for row in rows} == {"'="}
    assert {row["story_id"] for row in rows} == {"'@s"}


def test_no_text_leaves_none(run: Any, dumps: list[str], tmp_path: Path, documents: Any) -> None:
    f = run(dumps, "--no-text", "--list", "jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out/flips.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == f["flips"]["to_publish"]["comments"] + f["flips"]["to_hold"]["comments"]
    assert {row["text"] for row in rows} == {None}
    written = page(tmp_path) + json.dumps(f, ensure_ascii=False)
    bodies = [r["body"][5:-10] for d in documents[0] for r in d["revisions"] if len(r["body"]) > 60]
    assert not any(body in written for body in bodies)
    assert "ne pas le publier" not in page(tmp_path)


def test_another_threshold_in_use_is_noticed(run: Any, dumps: list[str], tmp_path: Path) -> None:
    run(dumps, "--threshold", "0.6")
    assert "le seuil en place n’était pas" in page(tmp_path)
    run(dumps)
    assert "le seuil en place" not in page(tmp_path)
