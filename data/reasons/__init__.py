"""Why comments are rejected, and what their authors are told."""

from data.reasons.codes import REASONS, suggested
from data.reasons.drafting import ORIGINS, Decided, Origin, draft, look_up
from data.reasons.kinds import RejectionReason
from data.reasons.personal import MAX_STATEMENT, MEANINGS, Problem, StatementError, problems, refuse

__all__ = [
    "MAX_STATEMENT",
    "MEANINGS",
    "ORIGINS",
    "REASONS",
    "Decided",
    "Origin",
    "Problem",
    "RejectionReason",
    "StatementError",
    "draft",
    "look_up",
    "problems",
    "refuse",
    "suggested",
]
