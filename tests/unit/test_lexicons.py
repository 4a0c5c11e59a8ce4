"""The word lists: well-formed, and neutral words are in no list of abuse."""

import pytest

from data.errors import InputError
from data.lexicons import CLASSES, load, parse, terms
from model.text import normalise

ABUSE = ("profanity", "insults", "slurs", "threat", "aspersion", "lying", "dehumanise")
LEAST = {"profanity": 200, "insults": 400, "slurs": 120, "identity": 150, "threat": 120, "polarity": 250}


@pytest.mark.parametrize("name", CLASSES)
def test_every_list_reads_and_uses_every_class(name: str) -> None:
    assert {entry.kind for entry in load(name)} == CLASSES[name]
    assert len(load(name)) >= LEAST.get(name, 30)


@pytest.mark.parametrize("name", ABUSE)
def test_identity_words_are_no_abuse(name: str) -> None:
    assert not terms(name).keys() & terms("identity").keys()


@pytest.mark.parametrize("name", [name for name in CLASSES if name not in ("emoji", "abbreviations")])
def test_terms_are_plain(name: str) -> None:
    for term in terms(name):
        assert term == " ".join(term.split())
        assert "’" not in term
        assert term == term.lower()


@pytest.mark.parametrize("name", ["insults", "profanity", "identity", "everyday"])
def test_normalising_keeps_single_words(name: str) -> None:
    """A list's own words must be found in normalised text."""
    abbreviated = terms("abbreviations").keys()
    changed = [t for t in terms(name) if t.isalpha() and t not in abbreviated and normalise(t).text != t]
    assert changed == []


def test_every_emoji_becomes_the_word_of_its_class() -> None:
    wrong = [e.term for e in load("emoji") if normalise(f"bon {e.term} fin").text != f"bon xx{e.kind} fin"]
    assert wrong == []


def test_every_abbreviation_is_expanded() -> None:
    wrong = [
        e.term for e in load("abbreviations") if normalise(f"quoi {e.term} !").text != f"quoi {e.note} !"
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "insults.tsv:1: wrong header"),
        ("term\tclass\tnote\ncon strong\n", "insults.tsv:2: not a term, a class and a note"),
        ("term\tclass\tnote\ncon\thuge\t\n", "insults.tsv:2: class 'huge' is unknown; use animal, group"),
        (
            "term\tclass\tnote\ncon\tstrong\t\ncon\tmild\t\n",
            "insults.tsv:3: this term is already in the list",
        ),
    ],
)
def test_a_slip_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "insults")
    assert message in str(caught.value)


def test_an_unknown_list_is_named() -> None:
    with pytest.raises(InputError, match="no list named 'nope'"):
        load("nope")
