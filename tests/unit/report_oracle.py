"""A scorer that knows the answers, and comments to measure it on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from data.record import Comment, Labels
from data.taxonomy import SUBTYPES
from model.judgement import Judgement
from training.evaluation import Corpus, evaluate

HOSTILE = "<script>alert(1)</script>\x1b[2J|`x`\n# \"'.csv"

SECRET = "texte-secret"


@dataclass
class Oracle:
    """Knows a hidden number of each comment and judges by it."""

    bundle_name: str = "oracle@1"
    thresholds: dict[str, float] = field(default_factory=lambda: {"p_uncivil": 0.5, "p_impolite": 0.3})

    def score_many(self, comments: Sequence[Comment]) -> list[Judgement]:
        return [self._judge(float(c.extra["p"]), c) for c in comments]

    def _judge(self, p: float, comment: Comment) -> Judgement:
        stance = {"favor": p, "against": 1 - p, "none": 0.0} if comment.stance_target else {}
        return Judgement(
            p_impolite=p,
            p_uncivil=p,
            p_intolerable=p / 2,
            severity=int(p * 3.99),
            subtypes=dict.fromkeys(SUBTYPES, p),
            stance=None,
            stance_probabilities=stance,
            action="review" if p >= 0.5 else "publish",
            bundle=self.bundle_name,
        )


def comment(number: int, p: float, labels: Labels, **fields: Any) -> Comment:
    extra = {"p": p, **fields.pop("extra", {})}
    own = {"id": f"c:{number}", "text": f"{SECRET} {number}", "thread_id": str(number // 3)}
    return Comment(**own, labels=labels, extra=extra, **fields)


def mixed(count: int = 60) -> list[Comment]:
    random = np.random.default_rng(4)
    rows = []
    for i in range(count):
        severity = i % 4
        p = float(np.clip(severity / 3 + random.normal(0, 0.25), 0, 1))
        labels = Labels(
            severity=severity, insult=severity // 2, stance="favor" if severity > 1 else "against"
        )
        rows.append(comment(i, p, labels, target="le projet", source="a" if i % 2 else HOSTILE))
    return rows


def report(comments: Sequence[Comment] | None = None, **options: Any) -> dict[str, Any]:
    corpus = Corpus(name=options.pop("name", "essai"), comments=mixed() if comments is None else comments)
    return evaluate(corpus, Oracle(), resamples=options.pop("resamples", 50), **options)
