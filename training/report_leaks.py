"""The leak guard: which evaluated texts the bundle has been trained on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.corpora import corpus_names, load_corpus
from data.errors import InputError
from data.record import Comment
from training.splits import folded

Load = Callable[[str], list[Comment]]


@dataclass(frozen=True, slots=True)
class Leaks:
    """What the guard found.

    Attributes
    ----------
    in_sample
        The corpus itself trained the bundle.
    seen
        Rows whose text, folded, stands in a training corpus; shape (n,).
    checked, unchecked
        Names of the training corpora that could be read, and of those that could not.
    """

    in_sample: bool
    seen: npt.NDArray[np.bool_]
    checked: tuple[str, ...]
    unchecked: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the report's entry."""
        return {
            "in_sample": self.in_sample,
            "seen": int(self.seen.sum()),
            "share": round(float(self.seen.mean()), 6) if len(self.seen) else 0.0,
            "checked": list(self.checked),
            "unchecked": list(self.unchecked),
        }


def find_leaks(
    name: str,
    comments: Sequence[Comment],
    trained_on: Sequence[Mapping[str, Any]],
    *,
    digest: str = "",
    load: Load = load_corpus,
) -> Leaks:
    """Look up every text in the training corpora that are on this machine.

    Parameters
    ----------
    trained_on
        ``Manifest.corpora``.
    digest
        SHA-256 of the evaluated file, where it is a file.
    """
    texts: set[str] = set()
    checked, unchecked = [], []
    in_sample = False
    for corpus in trained_on:
        training = str(corpus.get("name", ""))
        if training == name or (digest and corpus.get("sha256") == digest):
            in_sample = True
        try:
            if training not in corpus_names():
                raise InputError("not in the registry")
            texts.update(_key(c.text) for c in load(training))
            checked.append(training)
        except InputError:
            unchecked.append(training)
    seen = np.array([in_sample or _key(c.text) in texts for c in comments], bool)
    return Leaks(in_sample, seen, tuple(checked), tuple(unchecked))


def _key(text: str) -> str:
    return folded(text) or text
