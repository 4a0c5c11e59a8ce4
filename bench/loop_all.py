"""What all labels of a public set would give, benchmark included: cross-validated, for information.

Each fold's candidate learns from the other folds, annotated and benchmark rows alike, with thresholds
chosen inside them; every row is scored by the one candidate that has not learnt from it. It answers
"what would 1,201 labels give", not "how good is the product": the curve alone keeps the benchmark
unseen.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.exchange import export_labels
from data.record import Comment, Labels
from model.scorer import Scorer
from training.metrics import binary_figures
from training.splits import grouped_folds, groups

FOLDS: Final = 5

Run = Callable[..., Any]


def all_labels(
    labels: Sequence[Comment],
    benchmark: Sequence[Comment],
    work: Path,
    run: Run,
    *,
    base: str = "shipped",
    folds: int = FOLDS,
) -> dict[str, Any]:
    """Cross-validate the retraining over both sets; threads, authors and like texts stay together.

    Parameters
    ----------
    run
        Runs ``courtois`` with the words given.

    Returns
    -------
    dict
        ``k`` rows in all, ``folds``, ``trained_on`` (rows of each fold's candidate), ``n`` benchmark rows,
        and on these ``accuracy`` (each at its own candidate's threshold), ``auc`` and ``ece`` with
        intervals.
    """
    rows = [replace(c, labels=Labels(incivility=c.labels.uncivil)) for c in (*labels, *benchmark)]
    chances, verdicts = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    trained_on = []
    for number, (train, test) in enumerate(grouped_folds(groups(rows), folds), 1):
        export, candidate = work / f"fold-{number}.jsonl", work / f"fold-{number}"
        kept = [rows[i] for i in train]
        export_labels(lambda kept=kept: iter(kept), export)  # type: ignore[misc]
        words = ("--base", base, "--against", base, "--allow-benchmark")
        run("retrain", str(export), *words, "-o", str(candidate))
        scorer = Scorer.load(candidate)
        found = [j.incivility for j in scorer.score_many([replace(rows[i], labels=Labels()) for i in test])]
        chances[test] = found
        verdicts[test] = np.array(found) >= scorer.thresholds["p_uncivil"]
        trained_on.append(len(kept))
    measured = slice(len(labels), None)
    gold = [int(c.labels.uncivil or 0) for c in benchmark]
    ranked = binary_figures(gold, chances[measured].tolist(), 0.5)
    decided = binary_figures(gold, verdicts[measured].tolist(), 0.5)
    return {
        "k": len(rows),
        "folds": len(trained_on),
        "trained_on": trained_on,
        "n": len(benchmark),
        "accuracy": decided["accuracy"],
        "accuracy_ci95": decided["ci95"]["accuracy"],
        "auc": ranked["auc"],
        "auc_ci95": ranked["ci95"]["auc"],
        "ece": ranked["ece"],
    }
