"""The decision store: comments with their scores, what people decided, and the journal."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from data.record import Comment, Labels
from data.store import batches, deciding, intake, reading, wire
from data.store.acting import Acting
from data.store.erasing import Erasing
from data.store.insights import Insights
from data.store.journalling import Journalling
from data.store.listing import Listing
from data.store.people import People
from data.store.queueing import Queueing
from data.store.records import Decision, ImportSummary, QueueItem, StoredKey, Verdict
from data.store.watching import Watching


class Store(Acting, Erasing, Listing, Queueing, Journalling, Insights, Watching, People):
    """A store on SQLite or PostgreSQL; safe to share between threads.

    Every method raises StoreError, with what to do, when the database is locked, damaged,
    read-only or full. Use it as a context manager or call ``close``.
    """

    def add_scored(self, rows: Iterable[tuple[Comment, Mapping[str, Any]]]) -> int:
        """Add comments with their ``Judgement.columns()``; known ones only get the new scores.

        Rows are taken and committed in batches, so ``rows`` may be long and slow. A text that
        differs from the one stored under its id is kept under an id of its own; a comment that
        was erased stays out. Labels are kept when ``labelled_by`` names who gave them.

        Returns
        -------
        int
            Rows stored.
        """
        stored, pending = 0, iter(rows)
        while batch := list(islice(pending, intake.BATCH)):
            stored += self._write(intake.add_scored_batch, batch)
        return stored

    def next_items(
        self, status: str = "pending", limit: int = 20, exclude: Collection[str] = ()
    ) -> list[QueueItem]:
        """Take the head of the queue: holds, reviews, the rest; the least civil first inside each."""
        with self._reading() as connection:
            return reading.items(connection, reading.queue_ids(connection, status, limit, exclude))

    def item(self, comment_id: str) -> QueueItem:
        """One comment; StoreError when there is none."""
        return self._read(reading.item, comment_id)

    def thread(self, thread_id: str, limit: int = 50, *, around: str | None = None) -> list[QueueItem]:
        """Get a thread's first comments, or those nearest to the id ``around``, oldest first."""
        with self._reading() as connection:
            return reading.items(connection, reading.thread_ids(connection, thread_id, limit, around))

    def counts(self) -> dict[str, int]:
        """Comments per status, and ``flagged``: pending ones whose action is not ``publish``."""
        return self._read(reading.counts)

    def decide(
        self,
        comment_id: str,
        verdict: Verdict,
        *,
        moderator: str,
        version: int,
        labels: Labels | None = None,
        bundle: str | None = None,
        reason: str | None = None,
        statement: str | None = None,
    ) -> QueueItem:
        """Record a verdict on the comment as it was at ``version``, with corrected labels.

        A rejection may have a ``reason`` of :data:`data.reasons.REASONS`, and the ``statement``
        that its author is sent; a reason without one gets the drafted one.

        Raises
        ------
        ConflictError
            If someone decided meanwhile; nothing is written.
        StatementError
            If the statement quotes the comment or names anyone; nothing is written.
        """
        with self._writing() as connection:
            deciding.decide(
                connection,
                comment_id,
                verdict,
                labels or Labels(),
                moderator=moderator,
                version=version,
                bundle=bundle,
                reason=reason,
                statement=statement,
            )
            return reading.item(connection, comment_id)

    def relabel(self, comment_id: str, labels: Labels, *, moderator: str, version: int) -> QueueItem:
        """Record labels alone; raises ConflictError like ``decide``."""
        with self._writing() as connection:
            deciding.decide(
                connection, comment_id, None, labels, moderator=moderator, version=version, bundle=None
            )
            return reading.item(connection, comment_id)

    def undo(self, moderator: str) -> QueueItem | None:
        """Take back this moderator's latest standing act, as often as there are any.

        A batch is one act; the comment returned is the first of it.

        Raises
        ------
        ConflictError
            If someone else acted on that comment after.
        """
        with self._writing() as connection:
            comment_id = batches.undo_latest(connection, moderator)
            return None if comment_id is None else reading.item(connection, comment_id)

    def journal(self, limit: int = 100, comment_id: str | None = None) -> list[Decision]:
        """Get the latest journal rows, newest first."""
        return self._read(reading.journal, limit, comment_id)

    def labelled(self, *, include_skipped: bool = False) -> Iterator[Comment]:
        """Every labelled comment, once per annotator.

        A verdict without severity or incivility counts as incivility 0 (approve) or 1 (reject).
        ``include_skipped`` adds comments that were seen and left without any label.
        """
        after: tuple[int, str] | None = (-1, "")
        while after is not None:
            with self._reading() as connection:
                found, after = reading.labelled_page(
                    connection, after, intake.BATCH, include_skipped=include_skipped
                )
            yield from found

    def import_labels(self, comments: Iterable[Comment], *, annotator: str | None) -> ImportSummary:
        """Take in labelled comments, idempotently by (comment id, annotator).

        Parameters
        ----------
        annotator
            Whose labels they are; ``None`` for what each row's ``labelled_by`` says.
        """
        total, pending = ImportSummary(), iter(comments)
        while batch := list(islice(pending, intake.BATCH)):
            one = self._write(intake.import_batch, batch, annotator)
            total = ImportSummary(
                added=total.added + one.added,
                updated=total.updated + one.updated,
                unchanged=total.unchanged + one.unchanged,
            )
        return total

    def keep_feedback(
        self, community: str, token: str, item: Comment, *, parent_token: str | None = None
    ) -> str | None:
        """Keep what a comment system decided on a comment; the last word on one token wins.

        The comment never enters the queue: its status is ``imported`` and its source ``wire``.

        Returns
        -------
        str or None
            The id it is stored under, ``None`` when it was erased before.
        """
        return self._write(wire.keep_feedback, community, token, item, parent_token)

    def api_keys(self) -> list[StoredKey]:
        """Every key ever made for the HTTP service, revoked ones too."""
        return self._read(wire.api_keys)

    def add_api_key(self, name: str, digest: str, rate: float | None = None) -> None:
        """Keep a new key's SHA-256; StoreError when the name is taken."""
        self._write(wire.add_api_key, name, digest, rate)

    def revoke_api_key(self, name: str) -> None:
        """Refuse a key from now on; StoreError when there is no such key."""
        self._write(wire.revoke_api_key, name)
