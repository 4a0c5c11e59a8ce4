"""The work queue of a team: pages, leases, batches, saved views."""

from collections.abc import Collection, Sequence

from data.store import batches, leases, reading, views, work
from data.store.deciding import named
from data.store.filters import Order, QueueFilter
from data.store.queue_records import AuthorHistory, BatchResult, Facets, SavedView
from data.store.records import QueueItem, Verdict
from data.store.session import Session


class Queueing(Session):
    """What the workbench asks of the store beside the single decision."""

    def queue(
        self, filter: QueueFilter, order: Order = "risk", limit: int = 20, after: str | None = None
    ) -> list[QueueItem]:
        """Get a page of the queue, past the comment with id ``after``.

        Raises
        ------
        StoreError
            If ``after`` was erased meanwhile.
        """
        with self._reading() as connection:
            page = work.page_query(connection, filter, order, limit, after=after)
            return reading.items(connection, work.ids_of(connection, list(connection.scalars(page))))

    def status_counts(self, filter: QueueFilter) -> dict[str, int]:
        """Comments per status under the filter's other conditions; every status has its number."""
        return self._read(work.status_counts, filter)

    def facets(self, threads: int = 500) -> Facets:
        """Sites, sections and the ``threads`` largest threads, with their numbers of comments."""
        return self._read(work.facets, threads)

    def lease(
        self,
        moderator: str,
        filter: QueueFilter,
        order: Order = "risk",
        limit: int = 20,
        seconds: float = 120,
        *,
        exclude: Collection[str] = (),
    ) -> list[QueueItem]:
        """Take the first comments that no one else holds, for ``seconds``; renews one's own.

        Parameters
        ----------
        exclude
            Ids to pass over.
        """
        with self._writing() as connection:
            who = named(moderator)
            taken = leases.take(connection, who, filter, order, limit, seconds=seconds, exclude=exclude)
            return reading.items(connection, work.ids_of(connection, taken))

    def claim(self, moderator: str, comment_id: str, seconds: float = 120) -> QueueItem:
        """Take one comment by its id, whatever its status.

        Raises
        ------
        LeaseLostError
            If another moderator holds it.
        """
        with self._writing() as connection:
            leases.claim(connection, comment_id, named(moderator), seconds)
            return reading.item(connection, comment_id)

    def renew(self, moderator: str, ids: Collection[str], seconds: float = 120) -> set[str]:
        """Prolong one's leases.

        Returns
        -------
        set of str
            Ids that are still held: also those that ran out while nobody else took them.
        """
        return self._write(leases.renew, named(moderator), ids, seconds)

    def release(self, moderator: str, ids: Collection[str] | None = None) -> None:
        """Give up one's leases on ``ids``, or all of them."""
        self._write(leases.release, named(moderator), ids)

    def duplicates(self, comment_id: str, limit: int = 200) -> list[QueueItem]:
        """Other pending comments that say the same but for case, accents and punctuation."""
        with self._reading() as connection:
            return reading.items(connection, work.duplicate_ids(connection, comment_id, limit))

    def decide_many(
        self,
        seen: Sequence[tuple[str, int]],
        verdict: Verdict,
        *,
        moderator: str,
        rule: str,
        reason: str | None = None,
    ) -> BatchResult:
        """Decide comments, given as (id, version), as one act that ``undo`` takes back whole.

        What changed meanwhile, or is held by someone else, is left alone and told. No training
        label is made of it.

        Parameters
        ----------
        rule
            How the comments were chosen, for the journal.
        reason
            Code of the reason of a rejection; its drafted statement goes into every row.
        """
        return self._write(batches.decide_many, seen, verdict, moderator=moderator, rule=rule, reason=reason)

    def undo_batch(self, batch: str, moderator: str) -> BatchResult:
        """Take back one's own batch by its name; comments decided again since stay and are told.

        Raises
        ------
        ConflictError
            If nothing of it is left to take back.
        """
        return self._write(batches.undo_batch, batch, moderator)[1]

    def author_history(self, author_hash: str, recent: int = 5) -> AuthorHistory:
        """What was decided on a pseudonymous author's comments."""
        with self._reading() as connection:
            tally = work.author_counts(connection, author_hash)
            latest = reading.items(connection, work.author_recent(connection, author_hash, recent))
        approved, rejected = tally.get("approved", 0), tally.get("rejected", 0)
        decided = approved + rejected
        rate = rejected / decided if decided else None
        return AuthorHistory(
            decided=decided, approved=approved, rejected=rejected, rate=rate, recent=tuple(latest)
        )

    def histogram(self, label: str, filter: QueueFilter, bins: int = 50) -> list[int]:
        """Comments per equal slice of a label's probability from 0 to 1."""
        return self._read(work.histogram, label, filter, bins)

    def ids_in_range(
        self, label: str, low: float, high: float, filter: QueueFilter, limit: int = 10_000
    ) -> list[tuple[str, int]]:
        """Get (id, version) of comments whose score is within the range, ends included, highest first."""
        return self._read(work.ids_in_range, label, low, high, filter, limit)

    def beside(
        self, label: str, line: float, filter: QueueFilter, limit: int = 5
    ) -> tuple[list[QueueItem], list[QueueItem]]:
        """Get the comments nearest to a line: under it, and on or above it, nearest first."""
        with self._reading() as connection:
            under, above = work.beside(connection, label, line, filter, limit)
            return reading.items(connection, under), reading.items(connection, above)

    def pace(self, moderator: str | None = None, days: float = 30) -> list[float]:
        """Seconds between consecutive decisions of a person, or of everyone; pauses and batches cut."""
        return self._read(work.pace, moderator, days)

    def save_view(self, owner: str, name: str, filter: QueueFilter, order: Order = "risk") -> None:
        """Keep a filter under a name, over the owner's view of that name."""
        self._write(views.save, owner, name, filter, order)

    def views(self, owner: str) -> list[SavedView]:
        """Views of one owner, by name."""
        return self._read(views.listed, owner)

    def drop_view(self, owner: str, name: str) -> None:
        """Forget a view; one that is not there is no error."""
        self._write(views.drop, owner, name)
