"""How many labels choosing saves against labelling at random, replayed on a labelled corpus.

A retraining for every batch would take hours, so a light proxy learns instead: a logistic regression
on the dense view of the base bundle (sentence vectors and lexical features) and the base's own
log-odds, which is what a retraining adds to its base, less the n-gram views. What to label next is
chosen by the product's own measures with the proxy in the place of the bundle, the blind share
included; there is one label, so rarity plays no part.
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
from model.encoder import Vectors
from model.features.space import read_text, sentence_vectors
from training.select import Values, diverse, value_of
from training.splits import deduplicated, grouped_folds, groups

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
    when no number up to ``labels`` does.
    """

    labels: int
    pool: int
    test: int
    random: Mapping[int, tuple[float, float]]
    active: Mapping[int, tuple[float, float]]

    @property
    def target(self) -> float:
        """Accuracy after the last random label."""
        return self.random[self.labels][0]

    @property
    def reached(self) -> int | None:
        """Fewest chosen labels that are as good."""
        return next((k for k, (accuracy, _) in self.active.items() if accuracy >= self.target), None)

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
    """What the proxy reads: inputs, 0/1, the base's log-odds by n-grams, vectors and texts."""

    inputs: Vectors
    gold: npt.NDArray[np.int64]
    words: Values
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
    views = base.space.rows([read_text(c.text) for c in rows])
    head = base.incivility.take(("p_uncivil",))
    words = (views.chars @ head.chars + views.words @ head.words)[:, 0].astype(np.float64)
    whole = head.logits(views)
    return _Corpus(
        np.hstack([views.dense, whole]), gold, words, sentence_vectors(views.dense), [c.text for c in rows]
    )


def _replay(
    corpus: _Corpus, pool: Rows, test: Rows, labels: int, seed: int, *, active: bool
) -> dict[int, tuple[float, float]]:
    order = np.random.default_rng(seed).permutation(pool)
    known = list(order[:BATCH])
    curve: dict[int, tuple[float, float]] = {}
    while True:
        proxy = _fit(corpus, np.array(known))
        curve[len(known)] = _measured(proxy, corpus, test)
        wanted = min(BATCH, labels - len(known))
        if wanted <= 0:
            return curve
        left = order[~np.isin(order, known)]
        known += list(_chosen(corpus, proxy, left, wanted) if active else left[:wanted])


def _chosen(corpus: _Corpus, proxy: LogisticRegression | None, left: Rows, wanted: int) -> Rows:
    """The product's list: a part by lot (``left`` is shuffled), the rest by worth and unlike each other."""
    blind = round(wanted * BLIND_SHARE)
    rest = left[blind:]
    if proxy is None:
        return left[:wanted]
    logits = proxy.decision_function(corpus.inputs[rest])
    worth = value_of(1 / (1 + np.exp(-logits)), 0.5, corpus.words[rest], logits)
    at = diverse(worth, corpus.vectors[rest], [corpus.texts[i] for i in rest], wanted - blind)
    taken = rest[at]
    missing = wanted - blind - len(taken)
    return np.concatenate([left[:blind], taken, np.setdiff1d(rest, taken)[:missing]])


def _fit(corpus: _Corpus, known: Rows) -> LogisticRegression | None:
    gold = corpus.gold[known]
    if len(np.unique(gold)) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a proxy that nearly converged will do
        return LogisticRegression(C=_STRENGTH, max_iter=300).fit(corpus.inputs[known], gold)


def _measured(proxy: LogisticRegression | None, corpus: _Corpus, test: Rows) -> tuple[float, float]:
    gold = corpus.gold[test]
    if proxy is None:
        return float(max(gold.mean(), 1 - gold.mean())), 0.5
    logits = proxy.decision_function(corpus.inputs[test])
    return float(((logits >= 0) == gold).mean()), float(roc_auc_score(gold, logits))


def _mean(curves: Sequence[Mapping[int, tuple[float, float]]]) -> dict[int, tuple[float, float]]:
    return {
        k: (float(np.mean([c[k][0] for c in curves])), float(np.mean([c[k][1] for c in curves])))
        for k in curves[0]
    }
