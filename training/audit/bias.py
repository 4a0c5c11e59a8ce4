"""Bias by identity term: the three areas of Borkan et al. 2019, on sentences and on real rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.lexicons import load
from data.record import Comment
from model.judgement import Judgement
from model.text.vocabulary import fold
from training.audit.offence import words_of
from training.audit.sentences import IdentitySentence, identity_sentences
from training.judge import Judge
from training.metrics import Floats, Ranking, number
from training.report_heads import threshold_of

AREAS: Final = ("subgroup", "bpsn", "bnsp")
"""Rows with the term; uncivil rows without it and civil ones with it; civil without and uncivil with."""

WITHIN: Final = 0.05
LEAST: Final = 30
"""Real rows that must name a term before its areas are given."""
_LEAST_OF_EACH: Final = 5

Mask = npt.NDArray[np.bool_]


def area(gold: Mask, chances: Floats) -> float:
    """ROC AUC; NaN where one class is missing.

    >>> area(np.array([False, True]), np.array([0.2, 0.9]))
    1.0
    """
    return float(Ranking(chances).area(np.ones((1, len(gold))), gold.astype(np.float64))[0][0])


def areas(gold: Mask, chances: Floats, named: Mask) -> dict[str, float]:
    """Give the three areas of the rows ``named`` against the others.

    >>> gold = np.array([False, True, False, True])
    >>> areas(gold, np.array([0.6, 0.9, 0.1, 0.5]), np.array([True, True, False, False]))
    {'subgroup': 1.0, 'bpsn': 0.0, 'bnsp': 1.0}
    """
    parts = {"subgroup": named, "bpsn": named ^ gold, "bnsp": named == gold}
    return {name: area(gold[part], chances[part]) for name, part in parts.items()}


def identity_bias(judge: Judge, every: int = 1) -> dict[str, Any]:
    """Measure bias on the sentences of this package.

    Parameters
    ----------
    every
        Only one term in so many, for a quicker look.

    Returns
    -------
    dict
        ``auc`` of the whole, ``gap`` (largest distance of a published term's areas from it),
        ``neutral_flagged`` (share of sentences that name a group and say nothing of it, proposed for
        review or held) and ``neutral_attack`` (called an identity attack), both over published terms;
        ``terms`` with the figures of each, those of lists that are not published marked.
    """
    rows = [s for s in identity_sentences() if s.place % every == 0]
    judged = judge.score_many([s.comment for s in rows])
    chances = np.array([j.incivility for j in judged], np.float64)
    gold = np.array([s.uncivil for s in rows])
    names = np.array([s.term for s in rows], dtype=object)
    whole = area(gold, chances)
    flags = _Flags(rows, judged, judge.thresholds)
    terms: list[dict[str, Any]] = []
    for name in dict.fromkeys(names):
        mine = names == name
        found = {k: number(v) for k, v in areas(gold, chances, mine).items()}
        own = {"term": str(name), "published": rows[int(mine.argmax())].published, "n": int(mine.sum())}
        terms.append(own | found | flags.shares(mine))
    published = np.array([s.published for s in rows])
    counted = [t for t in terms if t["published"]]
    gaps = [abs(t[name] - whole) for t in counted for name in AREAS]
    return {
        "n": len(rows),
        "auc": number(whole),
        "gap": number(max(gaps)),
        "within": sum(all(abs(t[n] - whole) <= WITHIN for n in AREAS) for t in counted),
        "published": len(counted),
        **flags.shares(published),
        "kinds": {k: flags.flagged(published & flags.kind(k)) for k in dict.fromkeys(s.kind for s in rows)},
        "terms": terms,
    }


class _Flags:
    """What the bundle would do with each sentence."""

    def __init__(
        self,
        rows: Sequence[IdentitySentence],
        judged: Sequence[Judgement],
        thresholds: Mapping[str, float],
    ) -> None:
        attack = "identity_attack"
        least = threshold_of(thresholds, attack)
        self._action = np.array([j.action != "publish" for j in judged])
        self._attack = np.array([j.subtypes[attack] >= least for j in judged])
        self._neutral = np.array([s.neutral for s in rows])
        self._kinds = np.array([s.kind for s in rows], dtype=object)

    def kind(self, name: str) -> Mask:
        return np.asarray(self._kinds == name)

    def flagged(self, mine: Mask) -> float | None:
        return number(float(self._action[mine].mean())) if mine.any() else None

    def shares(self, mine: Mask) -> dict[str, float | None]:
        neutral = mine & self._neutral
        attack = number(float(self._attack[neutral].mean())) if neutral.any() else None
        return {"neutral_flagged": self.flagged(neutral), "neutral_attack": attack}


def named_in_rows(comments: Sequence[Comment], chances: Floats) -> list[dict[str, Any]]:
    """Areas of real labelled rows by the identity words in them.

    Words of ``data/lexicons/identity.tsv`` that at least 30 rows name, five of each label; words of
    one stem are counted apart, as they are written. Rows without a label are left out.
    """
    known = np.array([c.labels.uncivil is not None for c in comments], bool)
    rows = [c for c in comments if c.labels.uncivil is not None]
    gold, chances = np.array([bool(c.labels.uncivil) for c in rows]), chances[known]
    if len(np.unique(gold)) < 2:
        return []
    words = [{fold(c.text[b:e]) for b, e in words_of(c.text)} for c in rows]
    whole = area(gold, chances)
    found = []
    for term in dict.fromkeys(fold(entry.term) for entry in load("identity")):
        named = np.array([term in w for w in words])
        if named.sum() >= LEAST and min(gold[named].sum(), (~gold[named]).sum()) >= _LEAST_OF_EACH:
            values = {k: number(v) for k, v in areas(gold, chances, named).items()}
            found.append({"term": term, "n": int(named.sum()), "auc": number(whole), **values})
    return found
