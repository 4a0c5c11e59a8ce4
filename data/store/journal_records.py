"""What is asked of the journal, and what it answers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, get_args

from data.errors import InputError
from data.reasons import Origin
from data.record import Labels
from data.store.records import Kind

Source = Literal["human", "rule"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

NO_REASON: Final = "none"
"""Asks for rejections that nobody gave a reason for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFilter:
    """Conditions on rows of the journal; ``None`` is none.

    ``since`` and ``until`` are ISO dates of this machine's time zone, both included. ``article`` is
    part of a title or address, or the id of a thread; ``text`` is part of a statement or rule.
    """

    moderator: str | None = None
    kind: Kind | None = None
    source: Source | None = None
    reason: str | None = None
    since: str | None = None
    until: str | None = None
    comment_id: str | None = None
    article: str | None = None
    text: str | None = None
    bundle: str | None = None

    def moments(self) -> tuple[str | None, str | None]:
        """First moment and first moment past the end, as the journal writes them.

        Raises
        ------
        InputError
            For what is no date.
        """
        first = None if self.since is None else midnight(parsed_day(self.since))
        past = None if self.until is None else midnight(parsed_day(self.until) + timedelta(days=1))
        return first, past


def parsed_day(given: str) -> date:
    """Read YYYY-MM-DD; InputError for anything else."""
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise InputError(f"no date {given!r:.40}", fix="write it as YYYY-MM-DD") from error


def midnight(day: date) -> str:
    """Tell when a day of this machine's time zone begins, as the store writes moments."""
    try:
        return datetime.combine(day, time()).astimezone(UTC).isoformat(timespec="milliseconds")
    except (OverflowError, ValueError) as error:
        raise InputError(f"no date that can be asked for: {day}", fix="use a year like 2026") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One row of the journal, with what is known of its comment today."""

    id: int
    decided_at: str
    kind: Kind
    moderator: str
    rule: str | None
    """The rule behind an act that no person chose comment by comment."""
    batch: str | None
    comment_id: str
    article_title: str | None
    thread_id: str | None
    labels: Labels
    reason: str | None
    statement: str | None
    origin: Origin | None
    proposed: str | None
    """Action that the model proposed at the time."""
    bundle: str | None
    previous_status: str | None
    previous_by: str | None
    previous_at: str | None
    undoes: int | None
    undone_by: int | None
    """Row that took this one back."""
    erased: bool
    """Whether the comment is no longer there."""

    @property
    def source(self) -> Source:
        return "human" if self.rule is None else "rule"


@dataclass(frozen=True, slots=True)
class JournalFacets:
    """Values that the journal holds, for menus."""

    moderators: list[str]
    bundles: list[str]
    reasons: list[str]
