"""A newsroom's own policy: which score, in which section, proposes what, and why.

Rules never name a stance: what somebody is for or against is no ground for holding a comment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from data.taxonomy import SUBTYPES

RuleAction = Literal["publish", "review", "hold", "approve", "reject"]
Otherwise = Literal["bundle", "publish", "review", "hold"]

RULE_ACTIONS: Final[tuple[RuleAction, ...]] = get_args(RuleAction)
OTHERWISE: Final[tuple[Otherwise, ...]] = get_args(Otherwise)
RULE_LABELS: Final = ("incivility", "p_impolite", "p_intolerable", *SUBTYPES)
"""Scores that a rule may speak of, by their output column."""

AUTOMATIC: Final[Mapping[str, str]] = {"approve": "publish", "reject": "hold"}
"""Decisions that no person takes, and the proposal that each makes where people still decide."""

CONFLICT: Final = "review"

_SECTION_COLUMNS: Final = ("section", "rubrique")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """One rule: ``low <= score < high`` of ``label`` (1 included) in ``section`` proposes ``action``.

    ``section`` is ``None`` for all sections, those of comments without one too.
    """

    label: str
    action: RuleAction
    low: float = 0.0
    high: float = 1.0
    section: str | None = None
    name: str = ""

    def meets(self, scores: Mapping[str, Any], section: str | None) -> bool:
        """Whether the rule speaks of a comment.

        >>> SiteRule(label="insult", action="hold", low=0.8).meets({"insult": 1.0}, None)
        True
        """
        score = scores.get(self.label)
        if not isinstance(score, int | float) or (self.section and _folded(self.section) != _folded(section)):
            return False
        return self.low <= score < self.high or score == self.high == 1

    @property
    def text(self) -> str:
        """The rule in one line, for logs and files.

        >>> SiteRule(label="insult", action="hold", low=0.8, section="Sports").text
        'insult 0.8–1 in section Sports → hold'
        """
        where = f" in section {self.section}" if self.section else ""
        return f"{self.label} {self.low:g}–{self.high:g}{where} → {self.action}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is proposed for a comment, and why.

    ``decision`` is ``approve`` or ``reject`` where the policy decides without a person; ``rules``
    are the numbers, from 1, of the rules that met the comment; with ``conflict`` they disagreed.
    """

    action: str
    rules: tuple[int, ...] = ()
    conflict: bool = False
    decision: Literal["approve", "reject"] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePolicy:
    """Rules in order; ``otherwise`` is what holds where no rule meets a comment.

    ``bundle`` there means what the bundle's own policy proposes. With ``automatic`` false, as it
    is unless someone switches it on, no rule decides: rules can only propose.
    """

    rules: Sequence[SiteRule] = ()
    otherwise: Otherwise = "bundle"
    automatic: bool = False

    def decide(self, scores: Mapping[str, Any], proposed: str, section: str | None = None) -> Ruling:
        """Rule on one comment.

        Parameters
        ----------
        scores
            Scored columns of the comment.
        proposed
            What the bundle's own policy proposes.
        section
            Section of the comment's article, where one is known; upper and lower case are alike.

        >>> policy = SitePolicy(rules=[SiteRule(label="insult", low=0.8, action="hold")])
        >>> policy.decide({"insult": 0.9}, "publish").action
        'hold'
        >>> policy.decide({"insult": 0.1}, "publish").reason
        'no rule: the bundle proposes publish'
        """
        met = [(n, rule) for n, rule in enumerate(self.rules, 1) if rule.meets(scores, section)]
        numbers = tuple(n for n, _ in met)
        if not met:
            if self.otherwise == "bundle":
                return Ruling(action=proposed, reason=f"no rule: the bundle proposes {proposed}")
            return Ruling(action=self.otherwise, reason=f"no rule: otherwise {self.otherwise}")
        if len({rule.action for _, rule in met}) > 1:
            said = ", ".join(f"{_called(n, rule)} says {rule.action}" for n, rule in met)
            return Ruling(
                action=CONFLICT, rules=numbers, conflict=True, reason=f"conflict, a person decides: {said}"
            )
        action = met[0][1].action
        reason = ", ".join(f"{_called(n, rule)}: {rule.text}" for n, rule in met)
        if action == "approve" or action == "reject":
            decision = action if self.automatic else None
            return Ruling(action=AUTOMATIC[action], rules=numbers, decision=decision, reason=reason)
        return Ruling(action=action, rules=numbers, reason=reason)

    def conflicts(self) -> list[tuple[int, int]]:
        """Pairs of rules on the same label that would disagree on some comment.

        Rules on different labels can meet one comment as well; there is no telling beforehand.
        """
        rules = list(enumerate(self.rules, 1))
        return [
            (n, m) for i, (n, one) in enumerate(rules) for m, other in rules[i + 1 :] if _clash(one, other)
        ]


def section_of(extra: Mapping[str, Any]) -> str | None:
    """Section in the columns that ride along with a comment.

    >>> section_of({"Rubrique": " Sports "}), section_of({"auteur": "x"})
    ('Sports', None)
    """
    named = {str(name).strip().casefold(): value for name, value in extra.items()}
    for name in _SECTION_COLUMNS:
        value = named.get(name)
        if value is not None and str(value).strip():
            return str(value).strip()
    return None


def _clash(one: SiteRule, other: SiteRule) -> bool:
    if one.action == other.action or one.label != other.label:
        return False
    if one.section and other.section and _folded(one.section) != _folded(other.section):
        return False
    return max(one.low, other.low) < min(one.high, other.high)


def _called(number: int, rule: SiteRule) -> str:
    return f"rule {number} ({rule.name})" if rule.name else f"rule {number}"


def _folded(section: str | None) -> str:
    return (section or "").strip().casefold()
