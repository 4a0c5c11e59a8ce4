"""HateCheck's functional tests, where the corpus is on the machine; nothing is ever trained on it."""

from typing import Any, Final

import numpy as np

from data.corpora import load_corpus
from training.guard import kept_for_evaluation
from training.judge import Judge
from training.metrics import binary_figures
from training.report_heads import threshold_of
from training.report_slices import column, functionalities

CORPUS: Final = "hatecheck_fr"

PROTECTED: Final = {
    "identity mention": ("ident_neutral_nh", "ident_pos_nh"),
    "counter-speech": ("counter_quote_nh", "counter_ref_nh"),
    "reclaimed use": ("slur_reclaimed_nh",),
}
"""What must not be flagged, by the tests that try it; the French cases have no reclaimed slur."""


def function_accuracies(judge: Judge) -> dict[str, Any] | None:
    """Accuracy by function for incivility and identity attack; ``None`` where HateCheck is absent.

    Returns
    -------
    dict or None
        ``functions`` (rows of name, ``n`` and accuracy by head), ``macro_f1`` by head, and
        ``protected``: by head, accuracy on each group of :data:`PROTECTED` that has cases.
    """
    if CORPUS not in kept_for_evaluation():
        return None
    comments = load_corpus(CORPUS)
    judged = judge.score_many(comments)
    chances = {
        "incivility": np.array([j.incivility for j in judged], np.float64),
        "identity_attack": np.array([j.subtypes["identity_attack"] for j in judged], np.float64),
    }
    gold = {
        "incivility": column([c.labels.uncivil for c in comments]),
        "identity_attack": column([c.labels.identity_attack for c in comments]),
    }
    heads = {h: (gold[h], chances[h], threshold_of(judge.thresholds, h)) for h in gold}
    names = np.array([str(c.extra.get("functionality")) for c in comments])
    macro, protected = {}, {}
    for head, (labels, scores, threshold) in heads.items():
        known = ~np.isnan(labels)
        macro[head] = binary_figures(labels[known], scores[known], threshold, resamples=0)["macro_f1"]
        right = (scores >= threshold) == (labels == 1)
        groups = {group: known & np.isin(names, tests) for group, tests in PROTECTED.items()}
        protected[head] = {g: round(float(right[rows].mean()), 6) for g, rows in groups.items() if rows.any()}
    return {
        "functions": functionalities(comments, heads) or [],
        "macro_f1": macro,
        "protected": protected,
    }
