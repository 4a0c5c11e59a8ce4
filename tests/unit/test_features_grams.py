"""Hashed n-grams: scikit-learn's own n-grams, at the right place of the text."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from model.features.grams import LONGEST, Grams, character_grams, lower, merged, word_grams

SIZES = (2, 5)
SENTENCES = [
    "Le maire a menti, une fois de plus.",
    "a",
    "C'est à l'État de payer ; pas à nous !",
    "deux  blancs\net une\ttabulation",
    "anticonstitutionnellement",
    "ÉTÉ Île œuvre",
]


def spelt(text: str, grams: Grams, number: int = 0) -> Counter[str]:
    """N-grams as scikit-learn writes them: a word's edge is a blank, which has no place in the text."""
    mine = grams.text == number
    return Counter(text[b:e] for b, e in zip(grams.begin[mine], grams.end[mine], strict=True))


def reference(text: str) -> Counter[str]:
    analyse = CountVectorizer(analyzer="char_wb", ngram_range=SIZES).build_analyzer()
    return Counter(gram.strip(" ") for gram in analyse(text))


@pytest.mark.parametrize("text", SENTENCES)
def test_same_as_char_wb(text: str) -> None:
    assert spelt(text.lower(), character_grams([text], sizes=SIZES, bits=18)) == reference(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcéç'’.! \n", max_size=12), max_size=4))
def test_same_as_char_wb_for_any_batch(texts: list[str]) -> None:
    grams = character_grams(texts, sizes=SIZES, bits=18)
    for number, text in enumerate(texts):
        assert spelt(text.lower(), grams, number) == reference(text)


def test_buckets_tell_grams_apart_and_repeat() -> None:
    """Same n-gram, same bucket, wherever it stands; edges of words are part of the n-gram."""
    grams = character_grams(["chat chat", "xchat", "chat"], sizes=SIZES, bits=18)
    buckets = [sorted(grams.bucket[grams.text == i].tolist()) for i in range(3)]
    assert buckets[0] == sorted(buckets[2] * 2)
    assert set(buckets[2]) - set(buckets[1])
    analyse = CountVectorizer(analyzer="char_wb", ngram_range=SIZES).build_analyzer()
    words = " ".join(SENTENCES)
    found = character_grams([words], sizes=SIZES, bits=30)
    assert len(set(found.bucket.tolist())) == len(set(analyse(words)))


def test_buckets_are_part_of_the_format() -> None:
    """Bundles hold a weight per bucket: when this fails, raise the bundle format."""
    chars = character_grams(["été con"], sizes=(2, 2), bits=18)
    assert chars.bucket.tolist() == [188528, 46951, 201042, 72692, 64155, 170444, 215768, 78564]
    words = word_grams([(0, [("sal", 0, 3), ("con", 4, 7)])], sizes=(1, 2), bits=17, salt=1)
    assert words.bucket.tolist() == [82604, 26405, 11957]


@pytest.mark.parametrize("texts", [[], [""], ["", " ", "\n"], ["", "a", ""]])
def test_empty_texts(texts: list[str]) -> None:
    grams = character_grams(texts, sizes=SIZES, bits=18)
    assert set(grams.text.tolist()) <= {i for i, text in enumerate(texts) if text.strip()}


def test_very_long_comments_are_bounded() -> None:
    grams = character_grams(["ab " * LONGEST, "fin"], sizes=SIZES, bits=18)
    assert grams.end[grams.text == 0].max() <= LONGEST
    assert spelt("fin", grams, 1) == reference("fin")


def test_half_a_surrogate_pair() -> None:
    assert len(character_grams(["a\ud83db"], sizes=SIZES, bits=18).text) > 0
    assert len(word_grams([(0, [("\ud83d", 0, 1)])], sizes=(1, 2), bits=17, salt=1).text) == 1


@pytest.mark.parametrize("text", ["ÉTÉ", "İstanbul", "ẞ", "straße", "ΣΑΣ", "a\u0130b" * 3])
def test_lower_keeps_the_length(text: str) -> None:
    assert len(lower(text)) == len(text)
    assert lower(lower(text)) == lower(text)


WORDS_OF = [("les", 0, 3), ("gros", 4, 8), ("chats", 10, 15)]


def test_word_grams_span_their_words() -> None:
    grams = word_grams([(3, WORDS_OF), (5, WORDS_OF[:1])], sizes=(1, 2), bits=17, salt=1)
    found = sorted(zip(grams.text.tolist(), grams.begin.tolist(), grams.end.tolist(), strict=True))
    assert found == [(3, 0, 3), (3, 0, 8), (3, 4, 8), (3, 4, 15), (3, 10, 15), (5, 0, 3)]
    assert grams.bucket[grams.text == 5].tolist() == [grams.bucket[0]]


def test_word_order_size_and_stream_matter() -> None:
    def buckets(words: list[tuple[str, int, int]], sizes: tuple[int, int], salt: int) -> set[int]:
        return set(word_grams([(0, words)], sizes=sizes, bits=17, salt=salt).bucket.tolist())

    assert not buckets(WORDS_OF, (2, 2), 1) & buckets(WORDS_OF[::-1], (2, 2), 1)
    assert not buckets(WORDS_OF, (1, 3), 1) & buckets(WORDS_OF, (1, 3), 2)
    assert buckets(WORDS_OF, (1, 1), 1) | buckets(WORDS_OF, (2, 3), 1) == buckets(WORDS_OF, (1, 3), 1)


@pytest.mark.parametrize("streams", [[], [(0, [])], [(0, []), (1, WORDS_OF[:1])]])
def test_streams_without_words(streams: list[tuple[int, list[tuple[str, int, int]]]]) -> None:
    grams = word_grams(streams, sizes=(2, 3), bits=17, salt=2)
    assert len(grams.text) == len(grams.bucket) == 0


def test_merged_keeps_every_occurrence() -> None:
    one = character_grams(["abc"], sizes=SIZES, bits=18)
    both = merged([one, one])
    np.testing.assert_array_equal(both.bucket, np.tile(one.bucket, 2))
    assert len(merged([]).text) == 0
