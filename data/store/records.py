"""What the store hands out: queue items, journal rows and counts of an import."""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from data.record import Comment, Labels

Verdict = Literal["approve", "reject", "skip", "escalate"]
Status = Literal["pending", "approved", "rejected", "skipped", "to_review", "imported"]
Kind = Literal["approve", "reject", "skip", "escalate", "label", "justify", "undo", "erase"]

STATUS_OF: Final[dict[Verdict, Status]] = {
    "approve": "approved",
    "reject": "rejected",
    "skip": "skipped",
    "escalate": "to_review",
}
STATUSES: Final[tuple[Status, ...]] = get_args(Status)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """A comment as the moderator meets it.

    ``comment.author`` is a keyed hash and ``comment.labels`` is empty: what people said is in
    ``labels`` (all annotators, the latest word wins). ``version`` must be given back with a
    decision. ``status`` is ``imported`` for a comment that only ever came with labels.
    """

    comment: Comment
    scores: dict[str, Any]
    parent: Comment | None
    status: Status
    version: int
    labels: Labels
    decided_by: str | None
    decided_at: str | None
    site: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row of the journal, which is only ever added to.

    ``labels`` are those given with this decision; ``undoes`` is the id of the decision that a
    row of kind ``undo`` takes back. ``batch`` is shared by the rows of one act on many comments,
    which ``rule`` chose.
    """

    id: int
    comment_id: str
    kind: Kind
    moderator: str
    decided_at: str
    labels: Labels
    bundle: str | None
    previous_status: str | None
    undoes: int | None
    batch: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """How many labelled rows were new, changed something, or said nothing new."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """An API key as it is kept: its SHA-256, never the key.

    ``rate`` is requests per second, ``None`` where the service's default holds.
    """

    id: int
    name: str
    digest: str
    rate: float | None
    created_at: str
    revoked_at: str | None
