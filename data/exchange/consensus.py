"""One set of labels out of what several people said of a comment."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from data.record import CONSENSUS, Comment, Labels
from data.taxonomy import LABEL_COLUMNS, UNCIVIL


def resolved(labelled: Iterable[Comment]) -> Iterator[Comment]:
    """One row per comment out of rows that stand together, one per annotator.

    Each label is the majority's; a tie goes to whoever spoke last. Whether the comment is uncivil
    is voted on by all, then its severity by those whose severity agrees with that. Rows of earlier
    consensus are heard only where no person is. A word given blind breaks ties whenever it was spoken:
    its row is the one that measures, and keeps the mark of the blind share.

    >>> said = [("a", 0), ("b", 2), ("c", 3)]
    >>> rows = [Comment(id="1", text="x", labels=Labels(severity=s), labelled_by=a) for a, s in said]
    >>> [(c.labels.severity, c.labelled_by) for c in resolved(rows)]
    [(3, 'consensus')]
    """
    for _, rows in groupby(labelled, key=lambda comment: comment.id):
        yield consensus(list(rows))


def consensus(rows: Sequence[Comment]) -> Comment:
    """What the annotators of one comment say together."""
    rows = [row for row in rows if row.labelled_by != CONSENSUS] or rows
    rows = sorted(rows, key=lambda row: (row.drawn_blind, spoke(row)))
    last = rows[-1]
    if len(rows) == 1:
        return last
    given: dict[str, Any] = {name: _vote([getattr(r.labels, name) for r in rows]) for name in LABEL_COLUMNS}
    uncivil = _vote([row.labels.uncivil for row in rows])
    severities = [r.labels.severity for r in rows if r.labels.severity is not None]
    agreeing = [level for level in severities if int(level >= UNCIVIL) == uncivil]
    given["severity"] = _vote(agreeing)
    given["incivility"] = uncivil if given["severity"] is None or given["incivility"] is not None else None
    sources = {row.source for row in rows}
    return replace(
        last,
        labels=Labels(**given),
        labelled_by=CONSENSUS,
        source=last.source if len(sources) == 1 else CONSENSUS,
        extra={**last.extra, "annotators": len(rows)},
    )


def spoke(row: Comment) -> tuple[datetime, str]:
    """When a row was labelled, and by whom; what has no readable date comes first.

    >>> spoke(Comment(id="1", text="x", labelled_at="2026-11-22T10:00:00+01:00", labelled_by="a"))
    (datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.timezone.utc), 'a')
    """
    try:
        when = datetime.fromisoformat(row.labelled_at or "")
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        when = datetime.min.replace(tzinfo=UTC)
    return when, row.labelled_by or ""


def _vote(said: Sequence[Any]) -> Any:
    """Commonest value, the last of the commonest; ``said`` is in the order it was said, blind words last."""
    votes = Counter(value for value in said if value is not None)
    most = max(votes.values(), default=0)
    return next((value for value in reversed(said) if value is not None and votes[value] == most), None)
