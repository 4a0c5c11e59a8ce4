"""Hashed n-grams with the place of each, so that a weight can be shown in the text.

Character n-grams stay inside words padded by a blank, as scikit-learn's ``char_wb``; they are hashed
by a rolling polynomial over whole batches at once, which is several times faster than slicing
strings. Word n-grams run over stems, and over stems whose lexicon words are replaced by their class
(« les xxorigin sont des xxvermin »), so that what is learnt of one word holds for its whole class.
The hash is part of the bundle format: changing it needs a new format number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

_BASE: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_BLANK: Final = 32
LONGEST: Final = 20_000
"""Characters of one comment that character n-grams read."""


@dataclass(frozen=True, slots=True)
class Grams:
    """Occurrences of n-grams: text number, bucket, and [begin, end) in that text; one entry each."""

    text: Integers
    bucket: Integers
    begin: Integers
    end: Integers


def _buckets(hashes: npt.NDArray[np.uint64], bits: int) -> Integers:
    mixed = hashes * _MIX
    mixed ^= mixed >> np.uint64(29)
    return ((mixed * _MIX) >> np.uint64(64 - bits)).astype(np.int64)


def character_grams(texts: Sequence[str], *, sizes: tuple[int, int], bits: int) -> Grams:
    """Hash the character n-grams of ``texts`` into ``2 ** bits`` buckets.

    >>> grams = character_grams(["ab c"], sizes=(2, 3), bits=18)
    >>> list(zip(grams.begin.tolist(), grams.end.tolist()))
    [(0, 1), (0, 2), (1, 2), (3, 4), (3, 4), (0, 2), (0, 2), (3, 4)]
    """
    lowered = [lower(text[:LONGEST]) for text in texts]
    padded = " " + " ".join(lowered) + " "
    codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) + 1 for text in lowered], np.int64)
    starts = np.concatenate([[1], 1 + np.cumsum(lengths)[:-1]]) if len(texts) else np.empty(0, np.int64)
    blank = np.isin(codes, (_BLANK, 10, 9))
    codes[blank] = _BLANK
    owner = np.repeat(np.arange(len(texts)), lengths)
    owner = np.concatenate([[0], owner]) if len(texts) else np.empty(0, np.int64)
    hashes = codes.copy()
    found: list[tuple[Integers, Integers, Integers, Integers]] = []
    inside = ~blank
    middle = np.ones(len(codes), bool)  # no blank strictly inside the n-gram
    for size in range(2, sizes[1] + 1):
        count = len(codes) - size + 1
        if count <= 0:
            break
        hashes = hashes[:count] * _BASE + codes[size - 1 :]
        if size > 2:
            middle = middle[:count] & inside[size - 2 : size - 2 + count]
        if size < sizes[0]:
            continue
        usable = middle[:count] if size > 2 else inside[:count] | inside[1:]
        at = np.flatnonzero(usable)
        which = owner[np.minimum(at + (~inside[at]), len(owner) - 1)]
        begin = np.maximum(at + (~inside[at]), starts[which]) - starts[which]
        end = at + size - (~inside[at + size - 1]) - starts[which]
        found.append((which, _buckets(hashes[at] + np.uint64(size), bits), begin, end))
    return _joined(found)


def lower(text: str) -> str:
    """Lower-case without changing the length, which offsets rely on.

    >>> lower("ÉTÉ İ")
    'été İ'
    """
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=400_000)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


Words = Sequence[tuple[str, int, int]]
"""Words of one text with their begin and end."""


def word_grams(
    streams: Sequence[tuple[int, Words]], *, sizes: tuple[int, int], bits: int, salt: int
) -> Grams:
    """Hash runs of ``sizes`` words; each stream is (text number, words with begin and end).

    ``salt`` keeps apart streams of different nature that share buckets.
    """
    number = np.array([number for number, _ in streams], np.int64)
    runs = _runs([[word for word, _, _ in words] for _, words in streams], sizes=sizes, bits=bits, salt=salt)
    begin = np.array([b for _, words in streams for _, b, _ in words], np.int64)
    end = np.array([e for _, words in streams for _, _, e in words], np.int64)
    return _joined([(number[of], bucket, begin[at], end[at + size - 1]) for of, bucket, at, size in runs])


def placeless_word_grams(
    texts: Sequence[Sequence[str]], *, sizes: tuple[int, int], bits: int, salt: int
) -> Grams:
    """Give the runs of :func:`word_grams` without their places: scoring needs none."""
    runs = _runs(texts, sizes=sizes, bits=bits, salt=salt)
    return _joined([(of, bucket, np.zeros_like(of), np.zeros_like(of)) for of, bucket, _, _ in runs])


def _runs(
    texts: Sequence[Sequence[str]], *, sizes: tuple[int, int], bits: int, salt: int
) -> list[tuple[Integers, Integers, Integers, int]]:
    """Place of the text, bucket, and place among all words of every run, for each size."""
    owner = np.repeat(np.arange(len(texts)), [len(words) for words in texts])
    hashes = np.array([_word_hash(word) for words in texts for word in words], np.uint64)
    run = np.full(len(hashes), salt, np.uint64)
    found: list[tuple[Integers, Integers, Integers, int]] = []
    for size in range(1, sizes[1] + 1):
        count = len(hashes) - size + 1
        if count <= 0:
            break
        run = (run[:count] + hashes[size - 1 :]) * _BASE + np.uint64(size)
        if size < sizes[0]:
            continue
        at = np.flatnonzero(owner[:count] == owner[size - 1 :])
        found.append((owner[at], _buckets(run[at], bits), at, size))
    return found


def _joined(found: list[tuple[Integers, Integers, Integers, Integers]]) -> Grams:
    if not found:
        none = np.empty(0, np.int64)
        return Grams(none, none, none, none)
    text, bucket, begin, end = (np.concatenate(column) for column in zip(*found, strict=True))
    return Grams(text, bucket, begin, end)


def merged(parts: Sequence[Grams]) -> Grams:
    """Put the n-grams of several streams into one."""
    return _joined([(g.text, g.bucket, g.begin, g.end) for g in parts])
