"""What a candidate must not lose against the bundle in use before it takes its place."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from data.corpora import load_corpus
from data.embedded import embedded_comments
from model.manifest import Manifest
from training.blind import resting_on
from training.gate import Gate as Gate
from training.gates_sentences import disguise_gate, identity_gate, stance_gate, viewpoint_gate
from training.guard import kept_for_evaluation
from training.judge import Judge
from training.metrics import binary_figures
from training.probes import identity_sentences
from training.report_slices import column

Progress = Callable[[str], None]

FUNCTIONS: Final = "hatecheck_fr"

_FUNCTIONS: Final = 0.03
"""Fall of the mean accuracy over HateCheck's functions that is no loss."""
_SLOWER: Final = 1.5
_TIMED: Final = 192
_ROUNDS: Final = 3
_EVERY: Final = 8


def quality_gate(manifest: Manifest, current: str) -> Gate:
    """Read the candidate's comparison with the bundle in use out of its manifest."""
    metrics = manifest.metrics
    against = metrics.get("against") or {}
    if manifest.base == current:
        heads = list(metrics.get("comparison") or ())
    elif against.get("bundle") == current:
        heads = list(against.get("heads") or ())
    else:
        heads = []
    latest = [metrics["latest"]] if manifest.base == current and metrics.get("latest") else []
    if not heads:
        return Gate(
            name="quality",
            passed=False,
            detail=f"never measured against {current} on labels new to it: retrain with --against {current}",
        )
    lost = [f"{h['head']} {h['difference']:+.3f} {h['measure']}" for h in heads if not h["passed"]]
    lost += [f"latest comments {h['difference']:+.3f} {h['measure']}" for h in latest if not h["passed"]]
    first: Mapping[str, Any] = next((h for h in heads if h["head"] == "p_uncivil"), heads[0])
    won = ", ".join(f"{h['head']} {h['difference']:+.3f}" for h in heads)
    rows = resting_on(first)
    return Gate(
        name="quality",
        passed=not lost,
        current=first["base"],
        candidate=first["candidate"],
        detail=f"{first['head']} {first['measure']}{rows and f' on {rows}'}; "
        + ("lost: " + ", ".join(lost) if lost else won),
    )


def functions_gate(candidate: Judge, current: Judge) -> Gate:
    """Mean accuracy over HateCheck's functions, of incivility and of identity attack."""
    if FUNCTIONS not in kept_for_evaluation():
        return Gate(name="hatecheck", passed=None, detail=f"not measured: {FUNCTIONS} is not on this machine")
    rows = load_corpus(FUNCTIONS)
    names = np.array([str(c.extra.get("functionality")) for c in rows])
    gold = {
        "p_uncivil": column([c.labels.uncivil for c in rows]),
        "identity_attack": column([c.labels.identity_attack for c in rows]),
    }

    def accuracies(judge: Judge) -> dict[str, float]:
        judged = judge.score_many(rows)
        chances = {
            "p_uncivil": np.array([j.incivility for j in judged]),
            "identity_attack": np.array([j.subtypes["identity_attack"] for j in judged]),
        }
        found = {}
        for head, truth in gold.items():
            right = (chances[head] >= judge.thresholds[head]) == (truth == 1)
            for name in np.unique(names[~np.isnan(truth)]):
                found[f"{name} ({head})"] = float(right[(names == name) & ~np.isnan(truth)].mean())
        return found

    before, after = accuracies(current), accuracies(candidate)
    worst = min(before, key=lambda kind: after[kind] - before[kind])
    means = [float(np.mean(list(values.values()))) for values in (before, after)]
    return Gate(
        name="hatecheck",
        passed=means[1] >= means[0] - _FUNCTIONS,
        current=means[0],
        candidate=means[1],
        detail=f"mean accuracy of {len(before)} functions; "
        f"least gain {worst} {after[worst] - before[worst]:+.2f}",
    )


def speed_gate(candidate: Judge, current: Judge, *, clock: Callable[[], float] = time.perf_counter) -> Gate:
    """Comments a second, best of three runs taken in turn so that both meet the same machine."""
    rows = [comment for _, comment in identity_sentences()[:_TIMED]]
    best = {"current": np.inf, "candidate": np.inf}
    for _ in range(_ROUNDS):
        for name, judge in (("current", current), ("candidate", candidate)):
            start = clock()
            judge.score_many(rows)
            best[name] = min(best[name], clock() - start)
    rates = {name: len(rows) / max(seconds, 1e-9) for name, seconds in best.items()}
    return Gate(
        name="speed",
        passed=best["candidate"] <= _SLOWER * best["current"],
        current=rates["current"],
        candidate=rates["candidate"],
        detail="comments a second",
    )


def embedded_note(candidate: Judge, current: Judge) -> Gate:
    """Incivility AUC on a sample of the embedded corpus, which has trained the shipped bundle."""
    rows = [c for c in embedded_comments()[::_EVERY] if c.labels.uncivil is not None]
    gold = [int(c.labels.uncivil or 0) for c in rows]
    areas = [
        binary_figures(gold, [j.incivility for j in judge.score_many(rows)], 0.5, resamples=0)["auc"]
        for judge in (current, candidate)
    ]
    return Gate(
        name="embedded",
        passed=None,
        current=areas[0],
        candidate=areas[1],
        detail=f"incivility AUC on {len(rows)} embedded comments that bundles have learnt from: no gate",
    )


def measure_gates(
    manifest: Manifest, candidate: Judge, current: Judge, progress: Progress
) -> tuple[Gate, ...]:
    """Run every gate; the quality comparison comes from the manifest, the rest is scored now."""
    gates = [quality_gate(manifest, current.bundle_name)]
    for name, gate in (
        ("HateCheck", functions_gate),
        ("neutral identity sentences", identity_gate),
        ("opposite views", viewpoint_gate),
        ("stance pairs", stance_gate),
        ("disguised words", disguise_gate),
        ("speed", speed_gate),
        ("the embedded corpus", embedded_note),
    ):
        progress(f"measuring {name}")
        gates.append(gate(candidate, current))
    return tuple(gates)
