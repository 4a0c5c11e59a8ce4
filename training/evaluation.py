"""Score a labelled corpus and measure every head that it labels.

The report of one corpus is a dictionary ready for JSON:

``corpus``, ``n`` (labelled comments), ``bundle``
    What was measured; ``rows_set_aside``, ``unlabelled`` and ``stance_without_target`` count what
    was not, and ``bootstrap`` says how intervals were drawn.
each measured head, at the top level under its own name and again in ``heads``
    ``incivility`` (severity >= 2), ``p_impolite`` (>= 1), ``p_intolerable`` (>= 3), the subtypes and
    ``stance``, as far as the corpus labels them. Each has ``auc``, ``average_precision``,
    ``accuracy``, ``macro_f1``, ``precision``, ``recall``, ``ece``, ``brier`` and ``threshold``, with
    ``ci95`` (figure name to [low, high]) and ``support``; what is undefined is null.
``details``
    By 0/1 head: operating points, recall at 1 % false positives, precision of the queue's head,
    reliability bins, curve and histogram.
``severity``, ``actions``, ``slices``, ``functionalities``
    The confusion of severities, the proposed actions, incivility by length, source and reply, and
    accuracy by HateCheck's functionalities.
``comparison``, ``published``
    Other systems on the same rows with McNemar's test, and results as published.
``tier``
    For the fast tier, its cost against the full one on these rows (`training.tier_cost`).
``leaks``, ``without_leaks``, ``heldout``
    Rows seen in training, the figures without them, and the bundle's own held-out figures when
    the corpus trained it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from data.errors import InputError
from data.record import Comment
from model.judgement import Judgement
from training.judge import Judge
from training.metrics import RESAMPLES
from training.report_heads import MeasuredHeads
from training.report_leaks import Leaks
from training.report_peers import compare
from training.report_points import head_details
from training.report_published import PUBLISHED
from training.report_slices import actions, functionalities, severity_table, slices
from training.tier_cost import tier_cost

_BATCH: Final = 512

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Labelled comments to measure on, and what was left out of them."""

    name: str
    comments: Sequence[Comment]
    rows_set_aside: int = 0
    unlabelled: int = 0
    digest: str = ""


def evaluate(
    corpus: Corpus,
    judge: Judge,
    *,
    full: Judge | None = None,
    leaks: Leaks | None = None,
    peers: pd.DataFrame | None = None,
    heldout: Mapping[str, Any] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    progress: Told = lambda count: None,
) -> dict[str, Any]:
    """Measure ``judge`` on ``corpus``; the report is described at the top of this module.

    Parameters
    ----------
    full
        The full tier's judge, when ``judge`` is the fast tier's: what that costs is added.
    leaks
        What ``training.report_leaks.find_leaks`` found; figures without those rows are added.
    peers
        ``data.corpora.peer_predictions()`` where other systems judged the same rows.
    heldout
        ``manifest.metrics["heldout"]``, shown when the corpus trained the bundle.
    progress
        Called with the number of comments judged so far, first by one judge and then by both.

    Raises
    ------
    InputError
        When no comment carries a label.
    """
    comments = [c for c in corpus.comments if c.labels]
    if not comments:
        raise InputError(
            "no labelled comment", where=corpus.name, fix="fill severity, incivility, a subtype or stance"
        )
    judgements = _judged(comments, judge, progress)
    if full is not None:  # only rows that the encoder read have a stance, and they are not like the rest
        judgements = [replace(j, stance=None, stance_probabilities={}) for j in judgements]
    measured = MeasuredHeads(comments, judgements, judge.thresholds, resamples, seed)
    everything = np.ones(len(comments), bool)
    heads, binary = measured.heads(everything), measured.binary
    report: dict[str, Any] = {
        "corpus": corpus.name,
        "n": len(comments),
        "bundle": judge.bundle_name,
        "rows_set_aside": corpus.rows_set_aside,
        "unlabelled": corpus.unlabelled,
        "stance_without_target": 0 if full else measured.stance_without_target,
        "bootstrap": {"resamples": resamples, "seed": seed, "groups": len(np.unique(measured.group))},
        "heads": heads,
        **heads,
        "details": {
            name: head_details(gold[~np.isnan(gold)], chances[~np.isnan(gold)])
            for name, (gold, chances, _) in binary.items()
        },
        "severity": severity_table(comments, judgements),
        "functionalities": functionalities(comments, binary),
        "published": list(PUBLISHED.get(corpus.name, ())),
    }
    if full is not None:
        others = _judged(comments, full, lambda count: progress(len(comments) + count))
        as_full = MeasuredHeads(comments, others, full.thresholds, resamples, seed).binary
        report["tier"] = tier_cost(judgements, others, binary, as_full)
    if "incivility" in binary:
        gold, chances, threshold = binary["incivility"]
        report["slices"] = slices(comments, binary["incivility"])
        report["actions"] = actions(judgements, gold)
        if peers is not None:
            report["comparison"] = compare(comments, gold, chances, threshold, peers)
    if leaks is not None:
        report["leaks"] = leaks.as_dict()
        if leaks.in_sample:
            report["heldout"] = dict(heldout or {})
        elif leaks.seen.any():
            kept = ~leaks.seen[[bool(c.labels) for c in corpus.comments]]
            report["without_leaks"] = {"n": int(kept.sum()), "heads": measured.heads(kept)}
    return report


def _judged(comments: Sequence[Comment], judge: Judge, progress: Told) -> list[Judgement]:
    judgements: list[Judgement] = []
    for start in range(0, len(comments), _BATCH):
        judgements += judge.score_many(comments[start : start + _BATCH])
        progress(len(judgements))
    return judgements
