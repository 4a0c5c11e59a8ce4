"""Normalisation: examples, counter-examples and properties that hold for any string."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.text import Normalised, normalise

CASES = Path(__file__).parent.parent / "cases"
ESCAPE = re.compile(r"\\(?:n|u([0-9a-f]{4}))")


def _rows(name: str) -> list[tuple[str, ...]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()[1:]
    plain = (ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else "\n", line) for line in lines)
    return [tuple(row.split("\t")) for row in plain]


LETTERS = "aecopnrdiutéAEN.-_*:;)(/\\@#>!?0134$€'’\n\t <^=|😂🇫со𝓬ﬀİⅧ"
UNSEEN = "\u200b\u0301\u200d\ud800\0\xad\u2028\xa0\ufe0f"
PIECES = ["con", "c0n", "http://", "www.", ".fr", "a@b.fr", ":roll:", "xD", "<3", "fdp", "\r\n", "> "]
TRICKY = st.lists(st.sampled_from([*LETTERS, *UNSEEN, *PIECES]), max_size=25).map("".join)
ANY = st.one_of(TRICKY, st.text(st.characters(codec=None)))


@pytest.mark.parametrize(("text", "expected", "why"), _rows("normalise.tsv"))
def test_examples(text: str, expected: str, why: str) -> None:
    assert normalise(text).text == expected, why


@pytest.mark.parametrize(("text", "why"), _rows("unchanged.tsv"))
def test_counter_examples_are_left_alone(text: str, why: str) -> None:
    comment = normalise(text)
    assert comment.text == text, why
    assert comment.changes == ()


@pytest.mark.parametrize("text", [text for text, expected, _ in _rows("normalise.tsv") if expected])
def test_the_map_covers_the_whole_comment(text: str) -> None:
    comment = normalise(f"{text} fin")
    begin, end = comment.original_span(len(comment.text) - 3, len(comment.text))
    assert comment.original[begin:end] == "fin"


@given(ANY)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_properties(text: str) -> None:
    comment = normalise(text)
    assert normalise(comment.text).text == comment.text
    _check_map(comment)
    for begin, end in comment.quoted:
        assert ">" in text[begin:end]
    for change in comment.changes:
        assert text[change.begin : change.end] == change.before != change.after


def _check_map(comment: Normalised) -> None:
    starts, ends = list(comment.starts), list(comment.ends)
    assert len(starts) == len(ends) == len(comment.text)
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= begin < end <= len(comment.original) for begin, end in zip(starts, ends, strict=True))


def test_a_disguised_word_leads_back_to_its_place() -> None:
    text = "😂 Quel c\u200b0n.n4rd, ce @jean !"
    comment = normalise(text)
    begin = comment.text.index("connard")
    start, end = comment.original_span(begin, begin + len("connard"))
    assert text[start:end] == "c\u200b0n.n4rd"
    assert [(c.before, c.after) for c in comment.changes] == [("c\u200b0n.n4rd", "connard")]


def test_quoted_lines_are_reported_and_not_scored() -> None:
    text = "  > tu es un con\r\n> oui\nje trouve ça triste\n> fin"
    comment = normalise(text)
    assert comment.text == "je trouve ça triste"
    assert [text[begin:end].strip() for begin, end in comment.quoted] == ["> tu es un con\r\n> oui", "> fin"]


def test_an_empty_stretch_has_a_place() -> None:
    comment = normalise("  bon 😂")
    assert comment.original_span(0, 0) == (2, 2)
    assert comment.original_span(len(comment.text), len(comment.text)) == (7, 7)
    assert normalise("").original_span(0, 0) == (0, 0)
    with pytest.raises(ValueError, match="no stretch 0:99"):
        comment.original_span(0, 99)


PLAIN_UNITS = "a|a*|*|a@|a.b@c.|http://|www.|😂|🇫|:a|#aaB|аa|!?|aaab|-_-|<3|e\u0323\u0301|\u0301\u0323|\ud800"
SPACED_UNITS = ["> ", ">\n", "c o n ", "\n ", "c0nn4rd ", "1|", "مرحبا ", "p**e "]


@pytest.mark.parametrize("unit", [*PLAIN_UNITS.split("|"), *SPACED_UNITS])
def test_a_huge_comment_takes_its_time_only_once(unit: str) -> None:
    """Ten thousand repeats would run for minutes if any step were quadratic in them."""
    comment = normalise(unit * 10_000)
    _check_map(comment)
    assert normalise(comment.text).text == comment.text


def test_an_ordinary_comment_costs_no_map() -> None:
    text = "Je ne comprends pas ; l'article dit « 35 € » en 2024, non ?"
    comment = normalise(text)
    assert comment.text == text
    assert isinstance(comment.starts, range)
