"""What the scorer says of one comment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.taxonomy import SUBTYPES, Stance


@dataclass(frozen=True, slots=True)
class Reason:
    """A stretch of the comment and what it adds to one label's log-odds.

    ``begin`` and ``end`` count Python code points of the original text, ``end`` exclusive.
    A reason over the whole text is what no single stretch accounts for.
    """

    label: str
    begin: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Calibrated probabilities of every head, the proposed action, and why.

    ``p_impolite``, ``p_uncivil`` and ``p_intolerable`` are P(severity >= 1, 2, 3) and never
    cross. ``stance`` is ``None`` when the comment has no target. ``action_reason`` says which rule
    of the site's policy made the action; it is empty without one, and no output column.
    """

    p_impolite: float
    p_uncivil: float
    p_intolerable: float
    severity: int
    subtypes: Mapping[str, float]
    stance: Stance | None
    stance_probabilities: Mapping[str, float]
    action: str
    bundle: str
    reasons: tuple[Reason, ...] | None = None
    action_reason: str = ""

    @property
    def incivility(self) -> float:
        """P(severity >= 2)."""
        return self.p_uncivil

    def columns(self) -> dict[str, Any]:
        """The scored output columns, in contract order; ``None`` where a cell is empty."""
        reasons = None
        if self.reasons is not None:
            reasons = json.dumps(
                [
                    {"label": r.label, "begin": r.begin, "end": r.end, "weight": round(r.weight, 4)}
                    for r in self.reasons
                ]
            )
        return {
            "incivility": self.p_uncivil,
            "p_impolite": self.p_impolite,
            "p_uncivil": self.p_uncivil,
            "p_intolerable": self.p_intolerable,
            "severity": self.severity,
            **{name: self.subtypes.get(name) for name in SUBTYPES},
            "stance": self.stance,
            **{f"stance_{s}": self.stance_probabilities.get(s) for s in ("favor", "against", "none")},
            "action": self.action,
            "reasons": reasons,
            "bundle": self.bundle,
        }
