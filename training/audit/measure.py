"""Everything this package measures of one bundle, as one dictionary ready for JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from data.embedded import embedded_comments
from data.record import Comment
from model.bundle import Bundle
from model.scorer import Scorer
from training.audit.bias import identity_bias, named_in_rows
from training.audit.functions import function_accuracies
from training.audit.obfuscation import disguisable, recall_losses
from training.audit.pairs import stance_moves, viewpoint_gaps
from training.judge import Judge

EMBEDDED: Final = "embedded"
EMBEDDED_SAMPLE: Final = 200

Progress = Callable[[str], None]


def audit(
    judge: Judge, progress: Progress, corpora: Mapping[str, Sequence[Comment]] | None = None
) -> dict[str, Any]:
    """Measure bias, disguise, viewpoint, stance pairs and HateCheck's functions.

    Parameters
    ----------
    corpora
        Labelled comments by name; bias by the words in them and disguise are measured there too.
        Disguise is always measured on a fixed sample of the embedded corpus: its recall may be
        in-sample, its loss is not what training optimised.

    Returns
    -------
    dict
        ``bias``, ``named`` (by corpus), ``viewpoint``, ``stance_pairs``, ``obfuscation`` (by corpus),
        ``functions`` (``None`` without HateCheck).
    """
    progress("measuring bias on sentences")
    report: dict[str, Any] = {"bias": identity_bias(judge)}
    progress("measuring pairs of views and of stances")
    report |= {"viewpoint": viewpoint_gaps(judge), "stance_pairs": stance_moves(judge)}
    report |= {"named": {}, "obfuscation": {}}
    sample = disguisable(embedded_comments(), EMBEDDED_SAMPLE)
    for name, rows in {EMBEDDED: sample, **(corpora or {})}.items():
        progress(f"measuring disguise on {name}")
        report["obfuscation"][name] = recall_losses(disguisable(rows), judge)
        if name != EMBEDDED:
            chances = np.array([j.incivility for j in judge.score_many(rows)], np.float64)
            report["named"][name] = named_in_rows(rows, chances)
    progress("measuring HateCheck's functions")
    return report | {"functions": function_accuracies(judge)}


def audited(bundle: Bundle, progress: Progress) -> Bundle:
    """Give the bundle with what was measured of it in its manifest, under ``metrics["audit"]``."""
    metrics = {**bundle.manifest.metrics, "audit": audit(Scorer(bundle), progress)}
    return replace(bundle, manifest=replace(bundle.manifest, metrics=metrics))
