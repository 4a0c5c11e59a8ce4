"""Gold labels and probabilities head by head, and their figures."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from data.record import Comment
from data.taxonomy import STANCES, SUBTYPES
from model.judgement import Judgement
from model.policy import stance_divisors
from training.metrics import Figures, Floats, Integers, binary_figures, class_figures
from training.report_slices import Head, column
from training.splits import groups

HEADS: Final = ("incivility", "p_impolite", "p_intolerable", *SUBTYPES)
"""The 0/1 heads, in the report's order; ``stance`` follows."""

Rows = npt.NDArray[np.bool_]


class MeasuredHeads:
    """Gold labels and probabilities of every head that the corpus labels."""

    def __init__(
        self,
        comments: Sequence[Comment],
        judgements: Sequence[Judgement],
        thresholds: Mapping[str, float],
        resamples: int,
        seed: int,
    ) -> None:
        self.resamples, self.seed = resamples, seed
        self.stance_divisors = stance_divisors(thresholds)
        self.group: Integers = groups(comments)
        self.binary: dict[str, Head] = {}
        for name in HEADS:
            chances = column([_chance(j, name) for j in judgements])
            gold = np.where(np.isnan(chances), np.nan, column([_gold(c, name) for c in comments]))
            if not np.isnan(gold).all():
                self.binary[name] = gold, chances, threshold_of(thresholds, name)
        pairs = zip(comments, judgements, strict=True)
        stances = [c.labels.stance if j.stance_probabilities else None for c, j in pairs]
        self.stance = np.array([STANCES.index(s) if s else -1 for s in stances], np.int64)
        given = sum(c.labels.stance is not None for c in comments)
        self.stance_without_target = given - int((self.stance >= 0).sum())
        self.stance_chances: Floats = np.array(
            [[j.stance_probabilities.get(s, 0.0) for s in STANCES] for j in judgements], np.float64
        )
        targeted = (self.stance >= 0).any()
        self.stance_group: Integers = groups(comments, by_target=True) if targeted else self.group

    def heads(self, kept: Rows) -> dict[str, Figures]:
        """Figures of the heads on the rows of the mask ``kept``."""
        figures = {}
        for name, (gold, chances, threshold) in self.binary.items():
            rows = kept & ~np.isnan(gold)
            if rows.any():
                figures[name] = binary_figures(
                    gold[rows], chances[rows], threshold, self.group[rows], **self._settings
                )
        rows = kept & (self.stance >= 0)
        if rows.any():
            figures["stance"] = self._stance(rows)
        return figures

    def _stance(self, rows: Rows) -> Figures:
        """Free choice of the three stances, and choice among those that the corpus has."""
        gold, chances, group = self.stance[rows], self.stance_chances[rows], self.stance_group[rows]
        divisors = self.stance_divisors
        figures = class_figures(gold, chances, STANCES, group, divisors=divisors, **self._settings)
        present = np.unique(gold)
        if 1 < len(present) < len(STANCES):
            names = [STANCES[k] for k in present]
            fewer = class_figures(
                np.searchsorted(present, gold),
                chances[:, present],
                names,
                group,
                divisors=[divisors[k] for k in present],
                **self._settings,
            )
            named = ("accuracy", "macro_f1")
            among = {name: fewer[name] for name in named} | {"ci95": {n: fewer["ci95"][n] for n in named}}
            figures["among_labelled_classes"] = among
        return figures

    @property
    def _settings(self) -> dict[str, int]:
        return {"resamples": self.resamples, "seed": self.seed}


def threshold_of(thresholds: Mapping[str, float], head: str) -> float:
    """Look up the decision threshold of a head; incivility is the bundle's ``p_uncivil``.

    >>> threshold_of({"p_uncivil": 0.4}, "incivility"), threshold_of({}, "insult")
    (0.4, 0.5)
    """
    return float(thresholds.get("p_uncivil" if head == "incivility" else head, 0.5))


def _gold(comment: Comment, head: str) -> int | None:
    labels = comment.labels
    if head == "incivility":
        return labels.uncivil
    if head in SUBTYPES:
        value: int | None = getattr(labels, head)
        return value
    return None if labels.severity is None else int(labels.severity >= (1 if head == "p_impolite" else 3))


def _chance(judgement: Judgement, head: str) -> float | None:
    if head in SUBTYPES:
        return judgement.subtypes.get(head)
    chance: float = getattr(judgement, head)
    return chance
