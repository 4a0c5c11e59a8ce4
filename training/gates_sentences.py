"""Gates on sentences written for them: groups named, views taken, targets changed, words disguised."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from data.embedded import embedded_comments
from data.record import Comment
from training.audit.obfuscation import disguisable, recall_losses
from training.audit.pairs import stance_moves, viewpoint_gaps
from training.audit.sentences import identity_sentences as audited_sentences
from training.gate import Gate
from training.judge import Judge
from training.probes import identity_sentences

_NEUTRAL: Final = 0.02
"""Rise of the share of neutral identity sentences flagged that is no loss: one term moves few of them."""
_PAIRS: Final = 0.02
"""Rise of the mean gap of incivility between opposite views that is no loss."""
_STANCES: Final = 0.04
"""Fall of the accuracy on stance pairs that is no loss: about one standard error."""
_LOSS: Final = 0.02
"""Rise of the mean loss of recall under disguise that is no loss."""
_FRAMES: Final = 4
"""Every so many frames of the audit's sentences are asked, so that the gate stays quick."""
_DISGUISED: Final = 60


def neutral_sentences() -> list[tuple[str, Comment]]:
    """Kind and sentence: every term of the lexicon in few frames, published terms in many."""
    audited = [
        ("published", s.comment)
        for s in audited_sentences()
        if s.neutral and s.published and s.frame % _FRAMES == 0
    ]
    return [*identity_sentences(), *audited]


def identity_gate(candidate: Judge, current: Judge) -> Gate:
    """Share of neutral sentences with an identity term that are flagged as uncivil or as an attack."""
    kinds, sentences = zip(*neutral_sentences(), strict=True)
    before, after = _flagged(current, sentences), _flagged(candidate, sentences)
    by_kind = {kind: float(after[np.array(kinds) == kind].mean()) for kind in dict.fromkeys(kinds)}
    worst = max(by_kind, key=lambda kind: by_kind[kind])
    return Gate(
        name="identity",
        passed=bool(after.mean() <= before.mean() + _NEUTRAL),
        current=float(before.mean()),
        candidate=float(after.mean()),
        detail=f"share of {len(sentences)} neutral sentences flagged; most for {worst} {by_kind[worst]:.1%}",
    )


def viewpoint_gate(candidate: Judge, current: Judge) -> Gate:
    """Mean gap of incivility between two sentences of one civility that take opposite sides."""
    before, after = viewpoint_gaps(current)["all"], viewpoint_gaps(candidate)["all"]
    return Gate(
        name="viewpoint",
        passed=after["gap"] <= before["gap"] + _PAIRS,
        current=before["gap"],
        candidate=after["gap"],
        detail=f"mean gap over {after['n']} pairs of opposite views; {after['actions']} pairs get different "
        "actions",
    )


def stance_gate(candidate: Judge, current: Judge) -> Gate:
    """Accuracy of stance on pairs whose target, its polarity or the parent is changed."""
    before, after = stance_moves(current)["all"], stance_moves(candidate)["all"]
    return Gate(
        name="stance_pairs",
        passed=after["accuracy"] >= before["accuracy"] - _STANCES,
        current=before["accuracy"],
        candidate=after["accuracy"],
        detail=f"accuracy on {after['n']} pairs with another target or parent; {after['moved']:.0%} are "
        "answered differently",
    )


def disguise_gate(candidate: Judge, current: Judge) -> Gate:
    """Mean loss of recall over the ways of disguising offending words, on embedded comments."""
    rows = disguisable(embedded_comments(), _DISGUISED)
    losses = [
        {row["kind"]: row["loss"] for row in recall_losses(rows, judge, everywhere=False)}
        for judge in (current, candidate)
    ]
    before, after = (float(np.mean(list(found.values()))) for found in losses)
    worst = max(losses[1], key=lambda kind: losses[1][kind])
    return Gate(
        name="disguise",
        passed=after <= before + _LOSS,
        current=before,
        candidate=after,
        detail=f"mean loss of recall over {len(losses[1])} disguises of {len(rows)} comments; most by "
        f"{worst} {losses[1][worst]:+.2f}",
    )


def _flagged(judge: Judge, sentences: Sequence[Comment]) -> np.ndarray:
    return np.array(
        [
            j.action != "publish" or j.subtypes["identity_attack"] >= judge.thresholds["identity_attack"]
            for j in judge.score_many(sentences)
        ]
    )
