"""The site policy as a table that people edit, and what it does to comments that wait."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from data.reasons import suggested
from data.store import QueueFilter, QueueItem, Store, Verdict
from data.store.batches import MAX_RULE
from model.batch_policy import REASON_COLUMN
from model.policy import Policy
from model.policy_file import parse_policy, policy_text
from model.policy_site import Otherwise, RuleAction, Ruling, SitePolicy, SiteRule, section_of

COLUMNS: Final = ("name", "label", "low", "high", "section", "action")
_PAGE: Final = 1000
_BATCH: Final = 20_000
"""Decisions of one transaction; more would keep the database from everyone for too long."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Comments that waited, those whose proposal changed, and those that rules decided."""

    comments: int
    changed: int
    decided: int


def rules_frame(policy: SitePolicy) -> pd.DataFrame:
    """One row a rule, columns as in ``COLUMNS``."""
    rows = [{name: getattr(rule, name) for name in COLUMNS} for rule in policy.rules]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"low": "float64", "high": "float64"}).fillna({"section": ""})


def policy_of(frame: pd.DataFrame, *, otherwise: Otherwise, automatic: bool) -> SitePolicy:
    """Read the policy that a table says; rows without label and action are left out as unfinished.

    Raises
    ------
    InputError
        With the number of the first rule that is wrong.
    """
    rules = []
    for row in frame.to_dict("records"):
        cells = {str(k): v for k, v in row.items() if v is not None and v == v}
        if not cells.get("label") and not cells.get("action"):
            continue
        rules.append(
            SiteRule(
                label=str(cells.get("label", "")),
                action=cells.get("action", ""),
                low=float(cells.get("low", 0.0)),
                high=float(cells.get("high", 1.0)),
                section=str(cells.get("section", "")).strip() or None,
                name=str(cells.get("name", "")).strip(),
            )
        )
    policy = SitePolicy(rules=tuple(rules), otherwise=otherwise, automatic=automatic)
    return parse_policy(policy_text(policy), where="TOML")


def with_lines(
    policy: SitePolicy, lines: Mapping[str, float], *, section: str | None, action: RuleAction
) -> SitePolicy:
    """Add a rule from each threshold up to 1; it replaces the one on the same label and section.

    >>> after = with_lines(SitePolicy(), {"insult": 0.8}, section=None, action="hold")
    >>> with_lines(after, {"insult": 0.7}, section=None, action="hold").rules[0].low
    0.7
    """
    kept = [r for r in policy.rules if not (r.label in lines and r.section == section and r.high == 1)]
    made = [
        SiteRule(label=label, action=action, low=low, section=section)
        for label, low in lines.items()
        if low < 1
    ]
    return replace(policy, rules=(*kept, *made))


def apply(store: Store, policy: SitePolicy, thresholds: Mapping[str, float], *, moderator: str) -> Applied:
    """Give every pending comment the policy's proposal; decide where the policy decides by itself.

    Decisions are batches by rule, in ``moderator``'s name with the rule as the journal's, so that
    they can be taken back. A rejection has the reason that its scores point to, or else the
    label of its rule, and so the drafted statement for its author.
    """
    propose = Policy.of(thresholds).action
    comments = changed = 0
    alone: dict[tuple[Verdict, str, str | None], list[tuple[str, int]]] = {}
    for page in _pending(store):
        news = []
        for item in page:
            if (found := _ruled(item, policy, propose)) is None:
                continue
            comments += 1
            scores, ruling = found
            if _news(item, scores):
                changed += scores["action"] != item.scores.get("action")
                news.append((item.comment, scores))
            if ruling.decision is not None:
                act = (ruling.decision, ruling.reason, _motive(ruling, policy, scores))
                alone.setdefault(act, []).append((item.comment.id, item.version))
        store.add_scored(news)
    decided = 0
    for (verdict, why, motive), seen in alone.items():
        rule = f"policy: {why}"
        rule = rule if len(rule) <= MAX_RULE else rule[: MAX_RULE - 1] + "…"
        for start in range(0, len(seen), _BATCH):
            part = seen[start : start + _BATCH]
            done = store.decide_many(part, verdict, moderator=moderator, rule=rule, reason=motive)
            decided += done.done
    return Applied(comments, changed, decided)


def _motive(ruling: Ruling, policy: SitePolicy, scores: Mapping[str, Any]) -> str | None:
    if ruling.decision != "reject":
        return None
    return suggested(scores) or suggested({policy.rules[n - 1].label: 1.0 for n in ruling.rules})


def _ruled(item: QueueItem, policy: SitePolicy, propose: Any) -> tuple[dict[str, Any], Ruling] | None:
    scores = item.scores
    incivility, intolerable = scores.get("incivility"), scores.get("p_intolerable")
    if incivility is None or intolerable is None:
        return None
    ruling = policy.decide(scores, propose(incivility, intolerable), section_of(item.comment.extra))
    return {**scores, "action": ruling.action, REASON_COLUMN: ruling.reason}, ruling


def _news(item: QueueItem, scores: Mapping[str, Any]) -> bool:
    """Whether the row must be written: a comment that no rule ever met keeps the row that it has."""
    if scores["action"] != item.scores.get("action") or REASON_COLUMN in item.scores:
        return scores != item.scores
    return not str(scores[REASON_COLUMN]).startswith("no rule")


def _pending(store: Store) -> Iterator[Sequence[QueueItem]]:
    after: str | None = None
    seen: set[str] = set()
    while page := store.queue(QueueFilter(), "age", _PAGE, after):
        # new scores may move a comment without a date to the end, where it would be met again
        fresh = [item for item in page if item.comment.id not in seen]
        if not fresh:
            return
        seen.update(item.comment.id for item in fresh)
        yield fresh
        after = page[-1].comment.id
