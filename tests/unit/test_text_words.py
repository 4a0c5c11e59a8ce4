"""The list of words that disguises are read against is the corpus's own, and up to date."""

from model.text.guess import meant
from model.text.vocabulary import common_words, fold
from training.words import LIST, counted_words


def test_the_list_is_that_of_the_corpus() -> None:
    assert LIST.read_text(encoding="utf-8") == counted_words(), "run python -m training.words"


def test_every_common_word_is_folded() -> None:
    assert all(fold(spelling) == key for key, (spelling, _) in common_words().items())


def test_an_abusive_word_is_likelier_masked_than_a_common_one() -> None:
    assert meant("p*te", lowest=4) == "pute"
    assert meant("pât*", lowest=1) is None


def test_a_doubled_letter_stands_for_one_only_if_nothing_fits_better() -> None:
    assert meant("c0nnard", lowest=3) == "connard"
    assert meant("c0nard", lowest=3) == "conard"
    assert meant("c00nnard", lowest=3) == "connard"


def test_too_few_letters_tell_nothing() -> None:
    assert meant("n*m", lowest=4) is None
    assert meant("x****", lowest=4) is None
