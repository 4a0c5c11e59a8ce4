"""What the store is made to forget: one comment on request, old ones by age."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, func, select

from data.store import privacy
from data.store.intake import BATCH
from data.store.session import Session
from data.store.tables import comment
from data.store.texts import storable

RETENTION: Final = "retention"
"""Whom the journal names for comments that were erased by age."""


class Erasing(Session):
    """Erasure for good; the journal keeps that it happened, and no text."""

    def erase(self, comment_id: str, *, by: str = "store") -> bool:
        """Forget one comment for good; False when there is none."""
        erased = self._write(privacy.erase, [storable(comment_id)], by=by) > 0
        self._scrub(erased)
        return erased

    def untouched(self, before: datetime) -> dict[str, int]:
        """Comments per status that ``purge`` would forget."""
        return self._read(_tally, _stored(before))

    def purge(self, before: datetime) -> int:
        """Forget every comment that nobody added or touched since ``before`` (naive means UTC).

        Returns
        -------
        int
            Comments erased.
        """
        limit, purged = _stored(before), 0
        while erased := self._write(_erase_some, limit):
            purged += erased
        self._scrub(purged > 0)
        return purged


def _stored(before: datetime) -> str:
    moment = before.replace(tzinfo=UTC) if before.tzinfo is None else before.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")


def _tally(connection: Connection, limit: str) -> dict[str, int]:
    query = (
        select(comment.c.status, func.count().label("held"))
        .where(comment.c.touched_at < limit)
        .group_by(comment.c.status)
        .order_by(comment.c.status)
    )
    return {row.status: row.held for row in connection.execute(query)}


def _erase_some(connection: Connection, limit: str) -> int:
    # chosen and erased in one transaction, locked: one that is decided meanwhile is not old any more
    query = select(comment.c.id).where(comment.c.touched_at < limit).order_by(comment.c.seq).limit(BATCH)
    return privacy.erase(connection, list(connection.scalars(query.with_for_update())), by=RETENTION)
