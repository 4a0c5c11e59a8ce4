"""What each part of the incivility model is worth: fit the views once, then leave parts out of their sum."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from data.record import Comment
from model.encoder import DIMENSIONS, Vectors
from model.features.space import FeatureSpace, Rows, read_text
from training.dataset import incivility_columns
from training.metrics import Integers, binary_figures
from training.splits import Folds, grouped_folds, groups
from training.stack import stack_binary
from training.views import VIEWS, Views, ViewSettings, fit_views

HEAD: Final = "p_uncivil"
MEANING: Final = "meaning"
HELD_OUT: Final = "embedded, held-out threads"
_PARTS: Final = 5
_INNER_FOLDS: Final = 3

Progress = Callable[[str], None]
Labels = npt.NDArray[np.float32]
Change = Callable[[Vectors], Vectors]


@dataclass(frozen=True, slots=True)
class Test:
    """Rows kept apart from training, with their labels and the groups that intervals resample."""

    name: str
    rows: Rows
    labels: Labels
    group: Integers


@dataclass(frozen=True, slots=True)
class Bench:
    """Training rows of several corpora, with the folds that stacking needs, and the tests."""

    rows: Rows
    labels: Labels
    corpora: npt.NDArray[np.object_]
    group: Integers
    tests: Sequence[Test]


def build(comments: Sequence[Comment], others: Mapping[str, Sequence[Comment]], progress: Progress) -> Bench:
    """Keep a fifth of the embedded threads apart, and learn features on what is left.

    Parameters
    ----------
    comments
        Labelled comments of every training corpus; groups of threads and near copies are not split.
    others
        Corpora that train nothing here, by name.
    """
    labels = incivility_columns(comments)[HEAD]
    known = np.flatnonzero(~np.isnan(labels))
    comments, labels = [comments[int(i)] for i in known], labels[known]
    group = groups(comments)
    corpora = np.array([(c.source or "").split("/")[0] for c in comments], dtype=object)
    train, apart = grouped_folds(group, _PARTS)[0]
    apart = apart[corpora[apart] == "embedded"]
    progress(f"reading {len(comments)} comments")
    reads = [read_text(c.text) for c in comments]
    space = FeatureSpace().fit([reads[int(i)] for i in train])
    tests = [Test(HELD_OUT, space.rows([reads[int(i)] for i in apart]), labels[apart], group[apart])]
    for name, rows in others.items():
        given = [c for c in rows if c.labels.uncivil is not None]
        gold = np.array([c.labels.uncivil for c in given], np.float32)
        tests.append(Test(name, space.rows([read_text(c.text) for c in given]), gold, groups(given)))
    learnt = space.rows([reads[int(i)] for i in train])
    return Bench(learnt, labels[train], corpora[train], group[train], tests)


def ablations(bench: Bench, settings: ViewSettings, progress: Progress) -> list[dict[str, Any]]:
    """Measure the whole and what is left without each part.

    Returns
    -------
    list of dict
        ``part``, and ``auc`` and ``average_precision`` by test; the first is the whole. What was
        trained without a corpus is measured on that corpus too.
    """
    progress("fitting every view")
    folds = grouped_folds(bench.group, _INNER_FOLDS)
    views = _fitted(bench.rows, bench.labels, folds, settings)
    rows = [_measured("everything", bench, views, folds)]
    for view in VIEWS:
        rows.append(_measured(f"without {view}", bench, _silenced(views, {view}), folds))
    for view in VIEWS:
        rows.append(_measured(f"only {view}", bench, _silenced(views, set(VIEWS) - {view}), folds))
    for name, change in _DENSE.items():
        progress(f"fitting the network {name}")
        other = _fitted(_dense_only(bench.rows, change), bench.labels, folds, settings)
        rows.append(_measured(f"meaning {name}", bench, _with_meaning(views, other), folds, change))
    for corpus in dict.fromkeys(bench.corpora.tolist()):
        progress(f"fitting without {corpus}")
        kept = bench.corpora != corpus
        name = f"trained without {corpus} ({(~kept).sum()} rows)"
        rows.append(_trained_on(bench, kept, name, [_as_test(bench, corpus)], settings))
    return rows


def transfers(bench: Bench, settings: ViewSettings, progress: Progress) -> list[dict[str, Any]]:
    """Measure what each corpus alone teaches of every other one.

    Returns
    -------
    list of dict
        ``part``, the name of the corpus, and ``auc`` and ``average_precision`` by test and corpus.
    """
    names = list(dict.fromkeys(bench.corpora.tolist()))
    rows = []
    for corpus in names:
        progress(f"fitting on {corpus} alone")
        others = [_as_test(bench, other) for other in names if other != corpus]
        rows.append(_trained_on(bench, bench.corpora == corpus, corpus, others, settings))
    return rows


def _as_test(bench: Bench, corpus: str) -> Test:
    at = np.flatnonzero(bench.corpora == corpus)
    return Test(corpus, bench.rows.at(at), bench.labels[at], bench.group[at])


def _trained_on(
    bench: Bench, kept: npt.NDArray[np.bool_], part: str, tests: Sequence[Test], settings: ViewSettings
) -> dict[str, Any]:
    """Fit on some rows and measure on the bench's tests and some more."""
    at = np.flatnonzero(kept)
    folds = grouped_folds(bench.group[at], _INNER_FOLDS)
    rows, labels = bench.rows.at(at), bench.labels[at]
    less = replace(bench, rows=rows, labels=labels, tests=[*bench.tests, *tests])
    return _measured(part, less, _fitted(rows, labels, folds, settings), folds)


def _without_encoder(dense: Vectors) -> Vectors:
    changed = dense.copy()
    changed[:, :DIMENSIONS] = 0
    return changed


def _without_lexicons(dense: Vectors) -> Vectors:
    changed = dense.copy()
    changed[:, DIMENSIONS:] = 0
    return changed


_DENSE: Final[Mapping[str, Change]] = {
    "without the sentence encoder": _without_encoder,
    "without lexicons and surface": _without_lexicons,
}


def _fitted(rows: Rows, labels: Labels, folds: Folds, settings: ViewSettings) -> Views:
    return fit_views(rows, {HEAD: labels}, folds, settings)


def _dense_only(rows: Rows, change: Change) -> Rows:
    """Rows whose n-gram views are one empty column, so that only the meaning costs time."""
    empty = sparse.csr_array((len(rows), 1), dtype=np.float32)
    return Rows(empty, empty, change(rows.dense))


def _with_meaning(views: Views, other: Views) -> Views:
    at = VIEWS.index(MEANING)
    said = views.out_of_fold[HEAD].copy()
    said[:, at] = other.out_of_fold[HEAD][:, at]
    source, whole = other.heads[MEANING], views.heads[MEANING]
    swapped = replace(source, chars=np.zeros_like(whole.chars), words=np.zeros_like(whole.words))
    return Views({**views.heads, MEANING: swapped}, {HEAD: said})


def _silenced(views: Views, names: set[str]) -> Views:
    """Views of which some said nothing out of fold, so that stacking gives them no weight."""
    said = views.out_of_fold[HEAD].copy()
    for name in names:
        said[:, VIEWS.index(name)] = 0
    return replace(views, out_of_fold={HEAD: said})


def _measured(
    part: str, bench: Bench, views: Views, folds: Folds, change: Change = lambda dense: dense
) -> dict[str, Any]:
    nothing = np.zeros((len(bench.labels), 0), np.float32)
    heads = stack_binary(views, {HEAD: bench.labels}, folds, None, nothing).heads
    figures: dict[str, Any] = {"part": part}
    for test in bench.tests:
        logits = heads.logits(replace(test.rows, dense=change(test.rows.dense)))[:, 0].astype(np.float64)
        chances = 0.5 * (1 + np.tanh(0.5 * logits))
        found = binary_figures(test.labels, chances, 0.5, test.group, resamples=200)
        figures[test.name] = {k: found[k] for k in ("auc", "average_precision", "accuracy")}
        figures[test.name]["ci95"] = found["ci95"]["auc"]
    return figures
