"""Words, against NLTK's own tokeniser, and stems."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize import TweetTokenizer

from model.text import EMOJI, normalise, stem, tokens

SENTENCES = [
    "Je ne comprends pas pourquoi on persiste, c'est étonnant !",
    "L'État dépense 35 € de plus qu'hier, n'est-ce pas ?",
    "Aujourd'hui, peut-être que quelqu'un répondra.",
    "Bravo à toute l'équipe ; enfin une bonne nouvelle",
    "Les sous-traitants (et eux seuls) paieront : voilà",
]


def _words(text: str) -> list[str]:
    return [word for word, _, _ in tokens(text)]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_same_words_as_nltk_but_for_elisions(sentence: str) -> None:
    joined: list[str] = []
    for word in _words(sentence):
        if joined and joined[-1].endswith("'"):
            joined[-1] += word
        else:
            joined.append(word)
    assert joined == TweetTokenizer().tokenize(sentence)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'état", ["l'", "état"]),
        ("Qu'il s'en aille", ["Qu'", "il", "s'", "en", "aille"]),
        ("aujourd'hui quelqu'un", ["aujourd'hui", "quelqu'un"]),
        ("quoi ?! non...", ["quoi", "?!", "non", "..."]),
        ("1,5 à 10:30", ["1,5", "à", "10:30"]),
        ("quel zz** !", ["quel", "zz**", "!"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert _words(text) == expected


def test_stand_ins_stay_whole() -> None:
    words = _words(normalise("😂 :roll: https://exemple.fr @jean 🔪").text)
    assert words == [EMOJI["laugh"], EMOJI["irony"], "xxurl", "xxhandle", EMOJI["threat"]]


@given(st.text(st.characters(codec=None)))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_tokens_lie_in_order_and_leave_only_blanks(text: str) -> None:
    found = tokens(text)
    assert all(text[begin:end] == word for word, begin, end in found)
    rest, done = [], 0
    for _, begin, end in found:
        assert begin >= done
        rest.append(text[done:begin])
        done = end
    assert not "".join([*rest, text[done:]]).strip()


@given(st.text(max_size=25))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_any_word_has_a_stem_whatever_its_case(word: str) -> None:
    assert stem(word) == stem(word.lower())


def test_inflections_share_a_stem() -> None:
    assert len({stem(word) for word in ("Menteur", "menteurs", "MENTEUR")}) == 1
    assert stem("x" * 100_000) == "x" * 100_000
