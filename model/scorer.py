"""Comments in, judgements out."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from data.errors import BundleError, InputError
from data.record import Comment
from data.taxonomy import STANCES, SUBTYPES, Stance
from model.bundle import Bundle, load_bundle
from model.encoder import Vectors
from model.explain import explain
from model.features.space import Read, Rows, read_text, side_by_side
from model.features.stance import stance_rows
from model.heads import probability, softmax
from model.installed import resolve
from model.judgement import Judgement
from model.policy import INCIVILITY_HEADS, LEVELS, Policy, severity_level, stance_divisors
from model.policy_site import SitePolicy, section_of
from model.tier import FAST_MARK, LexicalHeads, TierName

_BATCH: Final = 512
"""Comments whose features are held at once."""


class Scorer:
    """A loaded bundle, ready to judge; ``site`` is the newsroom's policy, where it has one.

    ``tier="fast"`` leaves to the lexical heads what they are sure of: such a judgement's bundle name
    ends in ``/fast``, and it has no stance. The sentence encoder judges the rest as ever.

    >>> scorer = Scorer.load()
    >>> scorer.score(Comment(id="1", text="Merci pour cet article.")).action
    'publish'
    """

    def __init__(
        self,
        bundle: Bundle,
        policy: Policy | None = None,
        site: SitePolicy | None = None,
        *,
        tier: TierName = "full",
    ) -> None:
        if tier == "fast" and bundle.fast is None:
            raise BundleError(
                "has no fast tier",
                where=bundle.manifest.full_name,
                fix="score with --tier full, or retrain with this courtois and more labels",
            )
        self.bundle = bundle
        self.bundle_name = bundle.manifest.full_name
        self.thresholds = bundle.manifest.thresholds
        self.policy = policy or Policy.of(self.thresholds)
        self.site = site
        self.tier: TierName = tier

    @classmethod
    def load(cls, bundle: Path | None = None, tier: TierName = "full") -> "Scorer":
        """Verify and read a bundle: a folder, or a name and version that is installed.

        Without one, the bundle in use: the one promoted, else the shipped one.

        Raises
        ------
        BundleError
            When the bundle cannot be trusted or read, or has no such tier.
        """
        return cls(load_bundle(resolve(bundle)), tier=tier)

    @property
    def tier_figures(self) -> Mapping[str, float]:
        """What the fast tier costs on held-out rows; empty in the full tier."""
        return self.bundle.manifest.tiers["fast"]["heldout"] if self.tier == "fast" else {}

    def score(self, comment: Comment, *, spans: bool = False) -> Judgement:
        """Judge one comment; with ``spans``, say why, which only the full tier can."""
        return self.score_many([comment], spans=spans)[0]

    def score_many(self, comments: Sequence[Comment], *, spans: bool = False) -> list[Judgement]:
        """Judge many comments, in order; each as if it were alone.

        Raises
        ------
        InputError
            When reasons are asked of the fast tier.
        """
        if spans and self.tier == "fast":
            raise InputError("has no reasons", where="the fast tier", fix="use the full tier")
        judgements: list[Judgement] = []
        for start in range(0, len(comments), _BATCH):
            with _unswept():
                judgements += self._score_batch(comments[start : start + _BATCH], spans=spans)
        return judgements

    def _score_batch(self, comments: Sequence[Comment], *, spans: bool) -> list[Judgement]:
        reads = [read_text(c.text) for c in comments]
        if self.tier == "fast" and self.bundle.fast is not None:
            judgements = self._judged_fast(comments, reads, self.bundle.fast)
        else:
            rows = self.bundle.space.rows(reads)
            logits = never_crossing(self.bundle.incivility.logits(rows))
            judgements = self._judged(comments, rows, logits)
        if self.site:
            judgements = [_ruled(j, c, self.site) for j, c in zip(judgements, comments, strict=True)]
        if spans:
            judgements = [self._explained(*each) for each in zip(judgements, reads, logits, strict=True)]
        return judgements

    def _judged(self, comments: Sequence[Comment], rows: Rows, logits: Vectors) -> list[Judgement]:
        stances = self._stances(comments, rows)
        return [self._judge(p, s) for p, s in zip(probability(logits), stances, strict=True)]

    def _judged_fast(
        self, comments: Sequence[Comment], reads: Sequence[Read], fast: LexicalHeads
    ) -> list[Judgement]:
        space, heads = self.bundle.space, self.bundle.incivility
        chars, words = space.grams(reads)
        parts, lexical = heads.grams(chars, words), space.lexical(reads)
        chances = probability(never_crossing(fast.logits(*parts, lexical)))
        asked = fast.uncertain(chances, self.policy)
        judgements = [self._judge(p, None, FAST_MARK) for p in chances]
        at = [int(i) for i in np.flatnonzero(asked)]
        if at:
            sentences = space.encoder.encode([reads[i].sentence for i in at])
            rows = Rows(chars[at], words[at], side_by_side(sentences, lexical[at]))
            logits = never_crossing(heads.summed(parts[0][at], parts[1][at], rows.dense))
            for i, judgement in zip(at, self._judged([comments[i] for i in at], rows, logits), strict=True):
                judgements[i] = judgement
        return judgements

    def _judge(self, chances: Vectors, stances: Vectors | None, mark: str = "") -> Judgement:
        p = dict(zip(INCIVILITY_HEADS, chances.tolist(), strict=True))
        impolite, uncivil, intolerable = (p[name] for name in LEVELS)
        stance = {} if stances is None else dict(zip(STANCES, stances.tolist(), strict=True))
        return Judgement(
            p_impolite=impolite,
            p_uncivil=uncivil,
            p_intolerable=intolerable,
            severity=severity_level(impolite, uncivil, intolerable, self.thresholds),
            subtypes={name: p[name] for name in SUBTYPES},
            stance=self._stance_of(stance) if stance else None,
            stance_probabilities={str(s): value for s, value in stance.items()},
            action=self.policy.action(uncivil, intolerable),
            bundle=self.bundle_name + mark,
        )

    def _stance_of(self, chances: Mapping[Stance, float]) -> Stance:
        """The stance whose probability stands out most against its threshold."""
        divisors = dict(zip(STANCES, stance_divisors(self.thresholds), strict=True))
        return max(STANCES, key=lambda s: chances[s] / divisors[s])

    def _stances(self, comments: Sequence[Comment], rows: Rows) -> list[Vectors | None]:
        """Stance probabilities of each comment that has a target."""
        at = np.array([i for i, c in enumerate(comments) if c.stance_target], np.int64)
        stances: list[Vectors | None] = [None] * len(comments)
        if len(at):
            chosen = [comments[i] for i in at]
            dense = stance_rows(self.bundle.space, rows.dense[at], chosen)
            chances = softmax(self.bundle.stance.logits(replace(rows.at(at), dense=dense)))
            for i, row in zip(at, chances, strict=True):
                stances[i] = row
        return stances

    def _explained(self, judgement: Judgement, read: Read, logits: Vectors) -> Judgement:
        """The judgement with reasons for incivility and for each subtype that reaches its threshold."""
        by_name = dict(zip(INCIVILITY_HEADS, logits.tolist(), strict=True))
        wanted = {"p_uncivil": by_name["p_uncivil"]}
        wanted |= {n: by_name[n] for n in SUBTYPES if judgement.subtypes[n] >= self.thresholds[n]}
        reasons = explain(read, self.bundle.space, self.bundle.incivility, wanted)
        renamed = (replace(r, label="incivility") if r.label == "p_uncivil" else r for r in reasons)
        return replace(judgement, reasons=tuple(renamed))


@contextmanager
def _unswept() -> Iterator[None]:
    """Let Python's collector rest: scoring leaves no cycles, and its walks took a tenth of the time."""
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()


def _ruled(judgement: Judgement, comment: Comment, site: SitePolicy) -> Judgement:
    ruling = site.decide(judgement.columns(), judgement.action, section_of(comment.extra))
    return replace(judgement, action=ruling.action, action_reason=ruling.reason)


def never_crossing(logits: Vectors) -> Vectors:
    """Put P(>= 1) at or above P(>= 2), and P(>= 3) at or below it; incivility itself never moves.

    >>> never_crossing(np.array([[0.0, 1.0, 2.0, -1.0]], np.float32)).tolist()
    [[1.0, 1.0, 1.0, -1.0]]
    """
    ordered = logits.copy()
    ordered[:, 0] = np.maximum(ordered[:, 0], ordered[:, 1])
    ordered[:, 2] = np.minimum(ordered[:, 2], ordered[:, 1])
    return ordered


__all__ = ["INCIVILITY_HEADS", "LEVELS", "Scorer", "never_crossing"]
