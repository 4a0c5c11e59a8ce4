"""The store's journal: searched, exported, and the reasons that are given after the act."""

from collections.abc import Iterator

from data.reasons import Origin
from data.reasons.dsa import Stated
from data.store import intake, journal, journal_acts, journal_statements
from data.store.journal_records import JournalEntry, JournalFacets, JournalFilter
from data.store.journal_statements import Unstated
from data.store.session import Session


class Journalling(Session):
    """What was done, by whom, under which rule, and why."""

    def search_journal(
        self, conditions: JournalFilter, *, limit: int = 50, before: int | None = None
    ) -> list[JournalEntry]:
        """Get rows of the journal, newest first, from the one before row ``before`` on.

        Raises
        ------
        InputError
            For a date that is none.
        """
        return self._read(journal.page, conditions, limit, before=before)

    def count_journal(self, conditions: JournalFilter) -> int:
        """How many rows there are; more than ``journal.COUNTED`` counts as one more than that."""
        return self._read(journal.count, conditions)

    def journal_entries(self, conditions: JournalFilter) -> Iterator[JournalEntry]:
        """Every row, oldest first, read in batches."""
        after = 0
        while found := self._read(journal.page, conditions, intake.BATCH, after=after):
            yield from found
            after = found[-1].id

    def journal_facets(self) -> JournalFacets:
        """Moderators, bundles and reasons that the journal names."""
        return self._read(journal.facets)

    def justify(
        self,
        comment_id: str,
        *,
        moderator: str,
        reason: str,
        statement: str | None = None,
        origin: Origin = "voluntary",
    ) -> None:
        """Give, or replace, the reason and statement of a rejection that stands.

        The journal gets a row of its own for it. Without ``statement`` it is the drafted one.

        Raises
        ------
        ConflictError
            If the comment is not rejected, or no longer; nothing is written.
        StatementError
            If the statement quotes the comment or names anyone; nothing is written.
        """
        self._write(
            journal_acts.justify,
            comment_id,
            moderator=moderator,
            reason=reason,
            statement=statement,
            origin=origin,
        )

    def draft_statement(self, comment_id: str, reason: str, *, origin: Origin = "voluntary") -> str:
        """Write the statement of a standing rejection, for someone to edit."""
        return self._read(journal_acts.drafted, comment_id, reason, origin)

    def statements(self, conditions: JournalFilter) -> Iterator[Stated | Unstated]:
        """Every rejection that was not taken back, oldest first, with its statement as it stands.

        Of ``conditions`` only the dates count.
        """
        name = self._write(journal_statements.store_id)
        after: int | None = 0
        while after is not None:
            found, after = self._read(journal_statements.statements, conditions, name, after, intake.BATCH)
            yield from found

    def unreasoned(self) -> int:
        """How many comments are rejected today without a reason."""
        return self._read(journal_statements.unreasoned)
