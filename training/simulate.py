"""How many labels choosing saves against labelling at random, replayed on a labelled corpus.

A retraining for every batch would take hours, so a light proxy learns instead: a logistic regression
on the dense view (sentence vectors and lexical features). It never sees the base's own judgement,
which may have been trained on the very corpus. What to label next is chosen by the product's own
measures with the proxy in the place of the bundle, the blind share included. The two views that may
disagree are proxies on either half of the dense view; there is one label, so rarity plays no part.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from data.errors import InputError
from data.record import Comment
from model.bundle import Bundle
from model.encoder import DIMENSIONS, Vectors
from model.features.space import read_text, sentence_vectors
from training.select import POOL, value_of
from training.splits import deduplicated, grouped_folds, groups
from training.spread import clustered, typical

BATCH: Final = 50
BLIND_SHARE: Final = 0.2

_TEST_FOLDS: Final = 4
_STRENGTH: Final = 0.02
"""Of the proxy's penalty: small, because its columns are many and its labels few."""

Progress = Callable[[str], None]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Simulation:
    """Accuracy and AUC on held-out rows by number of labels, averaged over seeds.

    ``reached`` is how many chosen labels give the accuracy of ``labels`` random ones, ``None``
    when no number up to ``labels`` does. Both accuracies are means over three neighbouring batches,
    so that a lucky one does not decide.
    """

    labels: int
    pool: int
    test: int
    random: Mapping[int, tuple[float, float]]
    active: Mapping[int, tuple[float, float]]

    @property
    def target(self) -> float:
        """Accuracy after the last random label."""
        return _smooth(self.random)[self.labels]

    @property
    def reached(self) -> int | None:
        """Fewest chosen labels that are as good."""
        return next((k for k, accuracy in _smooth(self.active).items() if accuracy >= self.target), None)

    def as_dict(self) -> dict[str, Any]:
        """For the bench."""
        return {
            "labels": self.labels,
            "pool": self.pool,
            "test": self.test,
            "target": round(self.target, 4),
            "reached": self.reached,
            "random": [
                {"k": k, "accuracy": round(a, 4), "auc": round(u, 4)} for k, (a, u) in self.random.items()
            ],
            "active": [
                {"k": k, "accuracy": round(a, 4), "auc": round(u, 4)} for k, (a, u) in self.active.items()
            ],
        }


@dataclass(frozen=True, slots=True)
class _Corpus:
    """What the proxy reads: dense rows, 0/1, unit sentence vectors and texts."""

    inputs: Vectors
    gold: npt.NDArray[np.int64]
    vectors: Vectors
    texts: Sequence[str]


def simulate(
    comments: Sequence[Comment],
    base: Bundle,
    *,
    labels: int = 1000,
    seeds: int = 3,
    progress: Progress = lambda _: None,
) -> Simulation:
    """Replay the labelling of ``comments`` (incivility) at random and by choice.

    A quarter of the comments, with their threads and authors, is held out to measure; each seed
    holds out another one and draws another first batch.

    Raises
    ------
    InputError
        For a corpus too small for ``labels``, or of one value only.
    """
    rows = [c for c in deduplicated(comments) if c.labels.uncivil is not None]
    gold = np.array([c.labels.uncivil for c in rows], np.int64)
    if len(rows) < labels * 4 / 3 + BATCH or len(np.unique(gold)) < 2:
        raise InputError(
            f"{len(rows)} comments cannot replay {labels} labels", fix="take a larger corpus or fewer labels"
        )
    progress(f"reading {len(rows)} comments")
    corpus = _read(rows, gold, base)
    folds = grouped_folds(groups(rows), _TEST_FOLDS)
    curves: dict[str, list[dict[int, tuple[float, float]]]] = {"random": [], "active": []}
    for seed in range(seeds):
        pool, test = folds[seed % len(folds)]
        for name, found in curves.items():
            progress(f"replaying {name} labels, seed {seed + 1} of {seeds}")
            found.append(_replay(corpus, pool, test, labels, seed, active=name == "active"))
    pool, test = folds[0]
    return Simulation(labels, len(pool), len(test), _mean(curves["random"]), _mean(curves["active"]))


def _read(rows: Sequence[Comment], gold: npt.NDArray[np.int64], base: Bundle) -> _Corpus:
    dense = base.space.rows([read_text(c.text) for c in rows]).dense
    return _Corpus(dense, gold, sentence_vectors(dense), [c.text for c in rows])


def _replay(
    corpus: _Corpus, pool: Rows, test: Rows, labels: int, seed: int, *, active: bool
) -> dict[int, tuple[float, float]]:
    order = np.random.default_rng(seed).permutation(pool)
    known = list(_first(corpus, order) if active else order[:BATCH])
    curve: dict[int, tuple[float, float]] = {}
    while True:
        proxy = _fit(corpus, np.array(known))
        curve[len(known)] = _measured(proxy, corpus, test)
        wanted = min(BATCH, labels - len(known))
        if wanted <= 0:
            return curve
        left = order[~np.isin(order, known)]
        known += list(_chosen(corpus, proxy, known, left, wanted) if active else left[:wanted])


def _first(corpus: _Corpus, order: Rows) -> Rows:
    """The product's first list: a part by lot (``order`` is shuffled), the rest typical comments."""
    blind = round(BATCH * BLIND_SHARE)
    rest = order[blind : blind + POOL]
    at = typical(corpus.vectors[rest], [corpus.texts[i] for i in rest], BATCH - blind)
    taken = np.concatenate([order[:blind], rest[at]])
    return np.concatenate([taken, order[~np.isin(order, taken)][: BATCH - len(taken)]])


def _chosen(
    corpus: _Corpus, proxy: LogisticRegression | None, known: Sequence[int], left: Rows, wanted: int
) -> Rows:
    """The product's list: a part by lot (``left`` is shuffled), the rest by worth and unlike each other."""
    blind = round(wanted * BLIND_SHARE)
    rest = left[blind:]
    if proxy is None:
        return left[:wanted]
    logits = proxy.decision_function(corpus.inputs[rest])
    meaning, words = (
        half.decision_function(corpus.inputs[rest][:, columns])
        for columns in (slice(None, DIMENSIONS), slice(DIMENSIONS, None))
        if (half := _fit(corpus, np.array(known), columns)) is not None
    )
    worth = value_of(1 / (1 + np.exp(-logits)), 0.5, words, meaning)
    at = clustered(worth, corpus.vectors[rest], [corpus.texts[i] for i in rest], wanted - blind)
    taken = rest[at]
    missing = wanted - blind - len(taken)
    return np.concatenate([left[:blind], taken, np.setdiff1d(rest, taken)[:missing]])


def _fit(corpus: _Corpus, known: Rows, columns: slice = slice(None)) -> LogisticRegression | None:
    gold = corpus.gold[known]
    if len(np.unique(gold)) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a proxy that nearly converged will do
        return LogisticRegression(C=_STRENGTH, max_iter=300).fit(corpus.inputs[known][:, columns], gold)


def _measured(proxy: LogisticRegression | None, corpus: _Corpus, test: Rows) -> tuple[float, float]:
    gold = corpus.gold[test]
    if proxy is None:
        return float(max(gold.mean(), 1 - gold.mean())), 0.5
    logits = proxy.decision_function(corpus.inputs[test])
    return float(((logits >= 0) == gold).mean()), float(roc_auc_score(gold, logits))


def _smooth(curve: Mapping[int, tuple[float, float]]) -> dict[int, float]:
    """Accuracy averaged with that of the batch before and the one after."""
    counts, values = list(curve), [accuracy for accuracy, _ in curve.values()]
    return {k: float(np.mean(values[max(0, i - 1) : i + 2])) for i, k in enumerate(counts)}


def _mean(curves: Sequence[Mapping[int, tuple[float, float]]]) -> dict[int, tuple[float, float]]:
    return {
        k: (float(np.mean([c[k][0] for c in curves])), float(np.mean([c[k][1] for c in curves])))
        for k in curves[0]
    }
