"""A newsroom's policy over scored rows, where their sections are known: after the workers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from data.errors import InputError
from data.record import Comment
from model.batch_chunks import Scored
from model.policy import Policy
from model.policy_site import SitePolicy, section_of

REASON_COLUMN: Final = "action_reason"
"""Column that says which rule made the action; only there when a policy is given."""

Propose = Callable[[float, float], str]
"""The bundle's own proposal from P(severity >= 2) and P(severity >= 3)."""


def ruled(
    groups: Iterable[list[Scored]], site: SitePolicy | None, thresholds: Mapping[str, float]
) -> Iterator[list[Scored]]:
    """Replace each row's action by the policy's, and say why in ``action_reason``.

    Without a policy the groups pass as they are. ``thresholds`` are the bundle's.

    The scores that repeated comments share stay as they are: their sections may differ.

    Raises
    ------
    InputError
        When the input has a column of that name already.
    """
    if site is None:
        yield from groups
        return
    propose = Policy.of(thresholds).action
    for group in groups:
        yield [_chunk(scored, site, propose) for scored in group]


def ruled_columns(
    columns: Mapping[str, Any], comment: Comment, site: SitePolicy, propose: Propose
) -> dict[str, Any]:
    """Scored columns of one comment under the policy.

    The bundle's proposal is made anew from the scores, never taken from ``action``, which an
    earlier policy may have written.
    """
    proposed = propose(columns["p_uncivil"], columns["p_intolerable"])
    ruling = site.decide(columns, proposed, section_of(comment.extra))
    return {**columns, "action": ruling.action, REASON_COLUMN: ruling.reason}


def _chunk(scored: Scored, site: SitePolicy, propose: Propose) -> Scored:
    chunk = scored.chunk
    for row in chunk.rows:
        if REASON_COLUMN in row.values:
            raise InputError(
                f"has a column {REASON_COLUMN}, which the policy writes",
                where=chunk.source,
                fix="rename it, or leave out --policy",
            )
    pairs = zip(chunk.comments, scored.columns, strict=True)
    return Scored(chunk, [ruled_columns(columns, comment, site, propose) for comment, columns in pairs])
