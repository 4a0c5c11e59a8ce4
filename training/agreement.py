"""How far annotators agree with each other, and with themselves, beyond chance.

Cohen's kappa is the mean over pairs of annotators, weighed by the comments they share;
Krippendorff's alpha takes all at once. Both are NLTK's. Severity counts by distance in alpha
(interval) and as four names in kappa; ``incivility`` is severity 2 or 3 where severity was given.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance

from data.record import CONSENSUS, Comment, Labels
from data.taxonomy import LABEL_COLUMNS, STANCES

FEWEST: Final = 5
"""Shared comments below which no figure is given."""

_RESAMPLES: Final = 1000
_VALUES: Final[Mapping[str, int]] = {"severity": 4, "stance": len(STANCES)}

Said = dict[str, dict[str, int]]
"""Values by annotator, by comment."""
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One label: shared comments, figures with 95 % intervals, and the comments in dispute.

    Figures are ``None`` where nothing can be said: fewer than `FEWEST` shared comments, or
    everyone gave the same value to all.
    """

    label: str
    comments: int
    annotators: int
    same: float | None
    kappa: float | None
    kappa_ci95: tuple[float, float] | None
    alpha: float | None
    alpha_ci95: tuple[float, float] | None
    disputed: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON; comments in dispute by id."""
        return {
            "label": self.label,
            "comments": self.comments,
            "annotators": self.annotators,
            "same": _round(self.same),
            "kappa": _round(self.kappa),
            "kappa_ci95": _rounds(self.kappa_ci95),
            "alpha": _round(self.alpha),
            "alpha_ci95": _rounds(self.alpha_ci95),
            "disputed": list(self.disputed),
        }


def between(labelled: Iterable[Comment]) -> list[Agreement]:
    """Agreement between annotators on the comments that two or more labelled, label by label."""
    said: dict[str, Said] = {name: defaultdict(dict) for name in LABEL_COLUMNS}
    for comment in labelled:
        if comment.labelled_by and comment.labelled_by != CONSENSUS:
            for name, value in _values(comment.labels).items():
                said[name][comment.id][comment.labelled_by] = value
    return [measure(name, values) for name, values in said.items()]


def drawn_by_lot(labelled: Iterable[Comment]) -> list[Comment]:
    """Rows of comments of the blind share, the only ones that stand for all the others.

    What was chosen for being hard is agreed on less, and what the queue showed first otherwise.
    """
    rows = list(labelled)
    blind = {comment.id for comment in rows if comment.drawn_blind}
    return [comment for comment in rows if comment.id in blind]


def within(repeats: Sequence[tuple[str, str, Labels, Labels]]) -> list[Agreement]:
    """Agreement of annotators with themselves on hidden repeats; the two readings are the annotators."""
    said: dict[str, Said] = {name: defaultdict(dict) for name in LABEL_COLUMNS}
    for comment_id, annotator, first, second in repeats:
        for reading, labels in (("first", first), ("second", second)):
            for name, value in _values(labels).items():
                said[name][f"{comment_id}\0{annotator}"][reading] = value
    return [measure(name, values) for name, values in said.items()]


def _values(labels: Labels) -> dict[str, int]:
    """Numbers of the labels given."""
    given: dict[str, Any] = labels.given()
    if labels.uncivil is not None:
        given["incivility"] = labels.uncivil
    if labels.stance is not None:
        given["stance"] = STANCES.index(labels.stance)
    return {name: int(value) for name, value in given.items()}


def measure(label: str, said: Said) -> Agreement:
    """Figures of one label on the comments that two or more annotators labelled."""
    shared = {id_: values for id_, values in said.items() if len(values) > 1}
    people = sorted({who for values in shared.values() for who in values})
    disputed = tuple(
        id_.partition("\0")[0] for id_, values in shared.items() if len(set(values.values())) > 1
    )
    if len(shared) < FEWEST:
        return Agreement(label, len(shared), len(people), None, None, None, None, None, disputed)
    pairs = _pairs(shared)
    distance = interval_distance if label == "severity" else binary_distance
    width = _VALUES.get(label, 2)
    tables = _tables(shared, pairs, width)
    draws = np.random.default_rng(0).multinomial(
        len(shared), [1 / len(shared)] * len(shared), size=_RESAMPLES
    )
    weights = np.asarray(draws, np.float64)
    costs = np.array([[float(distance(a, b)) for b in range(width)] for a in range(width)])
    varied = len({value for values in shared.values() for value in values.values()}) > 1
    triples = [(who, id_, value) for id_, values in shared.items() for who, value in values.items()]
    return Agreement(
        label,
        len(shared),
        len(people),
        1 - len(disputed) / len(shared),
        _kappa(shared, pairs) if varied else None,
        _interval(kappas(tables, weights)) if varied else None,
        float(AnnotationTask(triples, distance).alpha()) if varied else None,
        _interval(alphas(coincidences(shared, width), weights, costs)) if varied else None,
        disputed,
    )


def _pairs(shared: Said) -> list[tuple[str, str]]:
    return sorted({pair for values in shared.values() for pair in combinations(sorted(values), 2)})


def _kappa(shared: Said, pairs: Sequence[tuple[str, str]]) -> float | None:
    """NLTK's Cohen's kappa of each pair on what both labelled, weighed by how much that is."""
    figures, sizes = [], []
    for one, other in pairs:
        both = {id_: v for id_, v in shared.items() if one in v and other in v}
        if len({v[who] for v in both.values() for who in (one, other)}) > 1:
            triples = [(who, id_, v[who]) for id_, v in both.items() for who in (one, other)]
            figures.append(float(AnnotationTask(triples).kappa_pairwise(one, other)))
            sizes.append(len(both))
    return float(np.average(figures, weights=sizes)) if figures else None


def _tables(shared: Said, pairs: Sequence[tuple[str, str]], width: int) -> Counts:
    """Confusions of shape (pairs, comments, width, width)."""
    tables = np.zeros((len(pairs), len(shared), width, width))
    for p, (one, other) in enumerate(pairs):
        for i, values in enumerate(shared.values()):
            if one in values and other in values:
                tables[p, i, values[one], values[other]] = 1
    return tables


def kappas(tables: Counts, weights: Counts) -> Counts:
    """Weighed mean kappa of every resample; ``weights`` of shape (resamples, comments)."""
    total, share = np.zeros(len(weights)), np.zeros(len(weights))
    for table in tables:
        confusion = np.tensordot(weights, table, axes=1)
        size = confusion.sum(axis=(1, 2))
        with np.errstate(invalid="ignore", divide="ignore"):
            observed = np.trace(confusion, axis1=1, axis2=2) / size
            expected = (confusion.sum(axis=1) * confusion.sum(axis=2)).sum(axis=1) / size**2
            kappa = (observed - expected) / (1 - expected)
        sound = np.isfinite(kappa)
        total[sound] += kappa[sound] * size[sound]
        share[sound] += size[sound]
    with np.errstate(invalid="ignore"):
        return np.asarray(total / share, np.float64)


def coincidences(shared: Said, width: int) -> Counts:
    """Pairs of values given to each comment, each weighed by 1 / (readers - 1): (comments, width, width)."""
    found = np.zeros((len(shared), width, width))
    for i, values in enumerate(shared.values()):
        counts = np.bincount(list(values.values()), minlength=width).astype(np.float64)
        found[i] = (np.outer(counts, counts) - np.diag(counts)) / (len(values) - 1)
    return found


def alphas(found: Counts, weights: Counts, costs: Counts) -> Counts:
    """Krippendorff's alpha of every resample."""
    coincidence = np.tensordot(weights, found, axes=1)
    margins = coincidence.sum(axis=1)
    size = margins.sum(axis=1)
    observed = (coincidence * costs).sum(axis=(1, 2)) / size
    expected = np.einsum("ri,rj,ij->r", margins, margins, costs) / (size * (size - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - observed / expected, np.float64)


def _interval(figures: Counts) -> tuple[float, float] | None:
    sound = figures[np.isfinite(figures)]
    if not len(sound):
        return None
    low, high = np.percentile(sound, [2.5, 97.5])
    return float(low), float(high)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _rounds(bounds: tuple[float, float] | None) -> list[float] | None:
    return None if bounds is None else [round(bound, 4) for bound in bounds]
