"""From comments to the numbers that heads read: the one path for training and scoring."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from scipy import sparse

from model.encoder import DIMENSIONS, Encoder, Vectors, sentence_encoder
from model.features.grams import Grams, Words, character_grams, merged, placeless_word_grams, word_grams
from model.features.lexical import Reading, feature_names, lexical_features, read
from model.features.tfidf import HashedTfidf
from model.text import Normalised, normalise

CHARACTER_BITS: Final = 18
WORD_BITS: Final = 17
_MASK: Final = re.compile(r"\bxx[a-z]+\b ?")
"""Stable tokens of normalisation (emoji, addresses), which the encoder has never seen."""

# The kernel compares rows by distance: these scales give the sentence its weight against the lexicons.
_SENTENCE_SCALE: Final = np.float32(8.0)
_LEXICAL_SCALE: Final = np.float32(0.9)
_LEXICAL_BOUND: Final = np.float32(5.0)


@dataclass(frozen=True, slots=True)
class Read:
    """One comment, normalised and read."""

    normalised: Normalised
    reading: Reading

    @property
    def sentence(self) -> str:
        """The author's words as the encoder gets them."""
        return _MASK.sub("", self.normalised.text)


@dataclass(frozen=True, slots=True)
class Rows:
    """The views of n comments: sparse n-grams (n, 2 ** bits) and dense meaning (n, d)."""

    chars: sparse.csr_array
    words: sparse.csr_array
    dense: Vectors

    def __len__(self) -> int:
        return int(self.chars.shape[0])

    def at(self, index: np.ndarray) -> "Rows":
        """Some of the rows, by number or mask."""
        return Rows(self.chars[index], self.words[index], self.dense[index])


def read_text(text: str) -> Read:
    """Normalise one text and look its words up."""
    normalised = normalise(text)
    return Read(normalised, read(normalised.text))


def _characters(texts: Sequence[str]) -> Grams:
    return character_grams(texts, sizes=(2, 5), bits=CHARACTER_BITS)


# Stems and class streams share buckets: their salts keep them apart.
_STEMS: Final[dict[str, Any]] = {"sizes": (1, 2), "bits": WORD_BITS, "salt": 1}
_CLASSES: Final[dict[str, Any]] = {"sizes": (2, 3), "bits": WORD_BITS, "salt": 2}


def _words(streams: Sequence[tuple[Words, Words]]) -> Grams:
    stems = [(i, stem) for i, (stem, _) in enumerate(streams)]
    classes = [(i, kind) for i, (_, kind) in enumerate(streams)]
    return merged([word_grams(stems, **_STEMS), word_grams(classes, **_CLASSES)])


def _placeless_words(readings: Sequence[Reading]) -> Grams:
    stems, classes = [r.stems for r in readings], [r.class_words() for r in readings]
    return merged([placeless_word_grams(stems, **_STEMS), placeless_word_grams(classes, **_CLASSES)])


class FeatureSpace:
    """N-gram weights and lexical scales learnt from training texts, and the encoder.

    Attributes
    ----------
    chars, words : HashedTfidf
    mean, scale : ndarray of shape (number of lexical features,), float32
    """

    def __init__(self, encoder: Encoder | None = None) -> None:
        self.chars = HashedTfidf(_characters, CHARACTER_BITS)
        self.words = HashedTfidf(_words, WORD_BITS)
        self._encoder = encoder

    @property
    def encoder(self) -> Encoder:
        """The sentence encoder, loaded at first use."""
        if self._encoder is None:
            self._encoder = sentence_encoder()
        return self._encoder

    def fit(self, reads: Sequence[Read]) -> Self:
        """Learn n-gram weights and lexical scales."""
        self.chars.fit([r.normalised.text for r in reads])
        self.words.fit([(r.reading.stem_stream(), r.reading.class_stream()) for r in reads])
        raw = _lexical(reads)
        self.mean = raw.mean(axis=0)
        self.scale = raw.std(axis=0) + np.float32(0.05)
        return self

    def rows(self, reads: Sequence[Read]) -> Rows:
        """Every view of the comments, for the incivility heads."""
        sentences = self.encoder.encode([r.sentence for r in reads])
        return Rows(*self.grams(reads), self.dense(reads, sentences))

    def grams(self, reads: Sequence[Read]) -> tuple[sparse.csr_array, sparse.csr_array]:
        """Character and word n-grams of the comments."""
        return (
            self.chars.transform([r.normalised.text for r in reads]),
            self.words.weigh(_placeless_words([r.reading for r in reads]), len(reads)),
        )

    def dense(self, reads: Sequence[Read], sentences: Vectors) -> Vectors:
        """Sentence vectors and lexical features on the kernel's scale, side by side."""
        return side_by_side(sentences, self.lexical(reads))

    def lexical(self, reads: Sequence[Read]) -> Vectors:
        """Lexical features, standardised, bounded, on the kernel's scale."""
        standard = np.clip((_lexical(reads) - self.mean) / self.scale, -_LEXICAL_BOUND, _LEXICAL_BOUND)
        return np.asarray(standard * _LEXICAL_SCALE, np.float32)


def side_by_side(sentences: Vectors, lexical: Vectors) -> Vectors:
    """Dense rows from unit-length sentence vectors and lexical features."""
    return np.hstack([sentences * _SENTENCE_SCALE, lexical])


def lexical_part(dense: Vectors) -> Vectors:
    """The lexical features inside dense rows."""
    return dense[:, DIMENSIONS:]


def sentence_vectors(dense: Vectors) -> Vectors:
    """The unit-length sentence vectors inside dense rows."""
    return np.asarray(dense[:, :DIMENSIONS] / _SENTENCE_SCALE, np.float32)


def dense_width() -> int:
    """Columns of :attr:`Rows.dense`."""
    return DIMENSIONS + len(feature_names())


def _lexical(reads: Sequence[Read]) -> Vectors:
    return lexical_features([r.reading for r in reads], [bool(r.normalised.quoted) for r in reads])
