"""A candidate bundle from a newsroom's own labels, on top of a base bundle, compared with it."""

import hashlib
import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from data.errors import InputError
from data.record import Comment
from data.taxonomy import STANCES
from model.bundle import Bundle
from model.features.space import Rows
from model.features.stance import stance_rows
from model.heads import HeadSet
from model.scorer import INCIVILITY_HEADS
from training.calibrate import stance_thresholds
from training.compare import Comparison, compare_binary, compare_stance
from training.config import TrainConfig
from training.fit import PACKAGES, fit_fast, fit_thresholds, heldout
from training.learn import Fitted, Prepared, Progress, fit_incivility, fit_stance
from training.operating import operating_curves
from training.reading import prepare_many
from training.recent import latest_comparison, learnt_from, score_histogram, unseen_comparison
from training.splits import groups

FEWEST: Final = 30
"""Labelled comments below which nothing can be learnt and measured."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bundle fitted on labels, and how it compares with its base on rows out of fold."""

    bundle: Bundle
    comparisons: tuple[Comparison, ...]
    doubted: tuple[Comment, ...] = ()
    """Comments whose incivility label looks wrong, the worst first."""

    @property
    def failed(self) -> tuple[Comparison, ...]:
        """Heads that lose against the base."""
        return tuple(c for c in self.comparisons if not c.passed)


def retrain(
    comments: Sequence[Comment],
    base: Bundle,
    corpora: Sequence[Mapping[str, Any]],
    config: TrainConfig,
    progress: Progress,
    *,
    against: Bundle | None = None,
) -> Candidate:
    """Adapt ``base`` to the labels of ``comments``.

    Each label that has enough rows gets views of its own, weighed against the base's head by
    cross-validation inside the labels; heads without labels stay the base's. Same input and seed
    give the same bundle. ``against`` is another bundle to compare with, on labels that are later
    than those it has learnt from.

    Raises
    ------
    InputError
        For too few labels, or labels of one value only.
    """
    if len(comments) < FEWEST:
        raise InputError(
            f"{len(comments)} labelled comments, at least {FEWEST} are needed", fix="label more comments"
        )
    data = prepare_many(comments, base.space, progress)
    everything = np.ones(len(comments), bool)
    incivility = fit_incivility(data, everything, config, base.incivility, progress)
    stance = fit_stance(data, config, base.stance, progress)
    if incivility is None and stance is None:
        raise InputError(
            "no label has enough rows of both values, in more than one thread",
            fix="label more comments of the rarer value",
        )
    progress("comparing with the base")
    comparisons: list[Comparison] = []
    thresholds = dict(base.manifest.thresholds)
    if incivility and incivility.base:
        before = incivility.base.logits[:, [base.incivility.names.index(n) for n in incivility.labels]]
        fitted = fit_thresholds(incivility, everything)
        comparisons += compare_binary(comments, incivility, before, base.manifest.thresholds, fitted)
        thresholds |= fitted
    if stance:
        known, rows = _stance_rows(data)
        fitted = stance_thresholds(stance.out_of_fold, stance.labels)
        chosen = [comments[i] for i in known]
        before = base.stance.logits(rows)
        comparisons.append(compare_stance(chosen, stance, before, base.manifest.thresholds, fitted))
        thresholds |= fitted
    fast, tiers = base.fast, base.manifest.tiers
    if incivility:
        fast, tiers = fit_fast(data, incivility, everything, config, thresholds)
    doubts = incivility.doubts if incivility else None
    manifest = replace(
        base.manifest,
        version=_version(base, comments, config),
        courtois=importlib.metadata.version("courtois"),
        packages={name: importlib.metadata.version(name) for name in PACKAGES},
        thresholds=thresholds,
        corpora=(*base.manifest.corpora, *corpora),
        metrics={
            "heldout": heldout(comments, incivility, stance, everything, thresholds),
            "operating": operating_curves(
                incivility.out_of_fold, incivility.labels, everything, groups(comments)
            )
            if incivility
            else {},
            "comparison": [c.as_dict() for c in comparisons],
            "labels": learnt_from(comments),
            "latest": latest_comparison(data, config, base, progress),
            "against": unseen_comparison(data, incivility, thresholds, against, progress)
            if against
            else None,
            **score_histogram(incivility, comments),
            "doubts": doubts.figures() if doubts else None,
        },
        settings=asdict(config),
        base=base.manifest.full_name,
        tiers=tiers,
    )
    heads = _over(base.incivility, incivility, INCIVILITY_HEADS)
    return Candidate(
        Bundle(manifest, base.space, heads, stance.heads.compact() if stance else base.stance, fast),
        tuple(comparisons),
        tuple(comments[i] for i in doubts.rows) if doubts else (),
    )


def _over(base: HeadSet, fitted: Fitted | None, names: Sequence[str]) -> HeadSet:
    """The fitted heads where there are any, else the base's, in the order of ``names``."""
    if fitted is None:
        return base
    kept = [name for name in names if name not in fitted.labels]
    whole = base.take(kept).spread(names).plus(fitted.heads.spread(names)) if kept else fitted.heads
    return whole.rounded().compact()


def _stance_rows(data: Prepared) -> tuple[list[int], Rows]:
    """Numbers and stance rows of the comments that carry a stance."""
    known = [i for i, c in enumerate(data.comments) if c.labels.stance in STANCES and c.stance_target]
    rows = data.rows.at(np.array(known))
    return known, replace(rows, dense=stance_rows(data.space, rows.dense, [data.comments[i] for i in known]))


def _version(base: Bundle, comments: Sequence[Comment], config: TrainConfig) -> str:
    """The base's version and a digest of what was added to it: the same input gives the same version."""
    total = hashlib.sha256(repr(asdict(config)).encode())
    for comment in comments:
        content = (
            comment.id,
            comment.text,
            comment.stance_target,
            comment.parent_text,
            sorted(comment.labels.given().items()),
        )
        total.update(repr(content).encode("utf-8", "surrogatepass"))
    return f"{base.manifest.version.split('+')[0]}+{total.hexdigest()[:8]}"
