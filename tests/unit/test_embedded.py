"""The embedded corpus: readable, consistent with the guide, and described by its card."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from data.embedded import card_table, embedded_comments, embedded_digest, embedded_files, guide_violations
from data.errors import InputError
from data.record import Comment, Labels
from data.taxonomy import SUBTYPES

CARD = Path(__file__).parents[2] / "data" / "corpus" / "README.md"


@pytest.fixture(scope="module")
def comments() -> list[Comment]:
    return embedded_comments()


def test_every_row_is_fully_labelled(comments: list[Comment]) -> None:
    wanted = {"severity", "stance", *SUBTYPES}
    assert [c.id for c in comments if set(c.labels.given()) != wanted] == []
    assert [c.id for c in comments if not (c.target and c.article_title and c.thread_id)] == []


def test_every_row_keeps_the_guide(comments: list[Comment]) -> None:
    assert {c.id: v for c in comments if (v := guide_violations(c.labels))} == {}


def test_threads_stay_in_one_file(comments: list[Comment]) -> None:
    sources = defaultdict(set)
    for comment in comments:
        sources[comment.thread_id].add(comment.source)
    assert {t: s for t, s in sources.items() if len(s) > 1} == {}


def test_a_thread_has_one_article(comments: list[Comment]) -> None:
    titles = defaultdict(set)
    for comment in comments:
        titles[comment.thread_id].add(comment.article_title)
    assert [t for t, found in titles.items() if len(found) > 1] == []


def test_parents_are_resolved(comments: list[Comment]) -> None:
    by_id = {c.id: c for c in comments}
    replies = [c for c in comments if c.parent_id]
    assert len(replies) > 500
    assert all(c.parent_text == by_id[c.parent_id or ""].text for c in replies)
    assert all(c.parent_text is None for c in comments if not c.parent_id)


def test_sources_name_the_files(comments: list[Comment]) -> None:
    stems = {f.name.removesuffix(".jsonl") for f in embedded_files()}
    assert {c.source for c in comments} == {f"embedded/{stem}" for stem in stems}
    assert {"a_tech", "b_geo", "c_soc", "d_forum", "e_implicit", "f_debate"} <= stems


def test_no_text_is_there_twice_with_other_labels(comments: list[Comment]) -> None:
    """The same words in the same place cannot be two things."""
    seen: dict[tuple[str, str | None, str | None], Labels] = {}
    for comment in comments:
        key = (comment.text, comment.target, comment.parent_text)
        assert seen.setdefault(key, comment.labels) == comment.labels, comment.id


def test_the_card_has_the_current_table(comments: list[Comment]) -> None:
    assert card_table(comments) in CARD.read_text(encoding="utf-8"), (
        "run python -m data.embedded, mend the card"
    )


def test_the_digest_is_stable() -> None:
    assert embedded_digest() == embedded_digest()
    assert len(embedded_digest()) == 64


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        (Labels(severity=0, profanity=1), "severity 0 has"),
        (Labels(severity=1, insult=1), "severity 1 has"),
        (Labels(severity=2, threat=1), "severity 2 needs"),
        (Labels(severity=3, insult=1, profanity=1), "severity 3 needs"),
    ],
)
def test_violations_are_named(labels: Labels, fault: str) -> None:
    assert [v[: len(fault)] for v in guide_violations(labels)] == [fault]


def row(**cells: object) -> str:
    return json.dumps({"id": "x-1", "thread_id": "x", "text": "Bonjour à tous", "severity": 0} | cells)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ('{"id": "x-1", "text": "oups"', "g_more.jsonl:1"),
        ('["text"]', "g_more.jsonl:1"),
        (row() + "\n" + row(id="x-2", severity=4), "g_more.jsonl:2"),
        (row() + "\n" + row(), "g_more.jsonl"),
        (row(parent_id="elsewhere"), "embedded/g_more"),
        (row() + "\n" + row(id="x-2", thread_id="y", parent_id="x-1"), "embedded/g_more"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str, where: str) -> None:
    file = tmp_path / "g_more.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=where):
        embedded_comments([file])


def test_other_line_separators_stay_in_the_text(tmp_path: Path) -> None:
    file = tmp_path / "g_more.jsonl"
    file.write_text(
        json.dumps({"id": "1", "text": "un\u2028deux\x85trois"}, ensure_ascii=False), encoding="utf-8"
    )
    assert [c.text for c in embedded_comments([file])] == ["un\u2028deux\x85trois"]


SAMPLE = CARD.parents[1] / "sample" / "thread.jsonl"


def test_the_sample_thread_is_whole_and_unlabelled() -> None:
    comments = embedded_comments([SAMPLE])
    assert len(comments) == 24
    assert len({c.thread_id for c in comments}) == 2
    assert not any(c.labels for c in comments)
    assert all(c.author and c.created_at and c.article_title and c.target for c in comments)
    assert sum(c.parent_id is not None for c in comments) >= 10
    assert any(line.startswith("> ") for c in comments for line in c.text.split("\n"))


def test_the_sample_is_not_trained_on(comments: list[Comment]) -> None:
    assert not {c.text for c in embedded_comments([SAMPLE])} & {c.text for c in comments}
