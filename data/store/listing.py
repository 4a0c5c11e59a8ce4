"""The store's lists of what is to be labelled."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Self

from data.record import Comment, Labels
from data.store import intake, reading, tasks
from data.store.records import QueueItem
from data.store.session import Session
from data.store.tasks import Draft, Task


class Listing(Session):
    """What to label next, who may, and what they said."""

    def pool(self: Self) -> Iterator[tuple[Comment, dict[str, Any]]]:
        """Scored comments that nobody labelled and no list holds, with their scores."""
        after: int | None = -1
        while after is not None:
            with self._reading() as connection:
                found, after = tasks.pool_page(connection, after, intake.BATCH)
            yield from found

    def read_once(self) -> list[tuple[str, str]]:
        """Comment id and annotator of comments that one person labelled in the app."""
        return self._read(tasks.read_once)

    def list_tasks(self, drafts: Sequence[Draft]) -> int:
        """Put comments on the list; returns how many were not on it for the same purpose."""
        return self._write(tasks.add, drafts)

    def next_task(self, annotator: str, exclude: Collection[int] = ()) -> tuple[Task, QueueItem] | None:
        """Choose the first task of the list that ``annotator`` may do, with its comment."""
        with self._reading() as connection:
            found = tasks.next_task(connection, annotator, exclude)
            return None if found is None else (found, reading.item(connection, found.comment_id))

    def waiting_tasks(self, annotator: str) -> int:
        """How many tasks of the list ``annotator`` may do."""
        return self._read(tasks.waiting, annotator)

    def finish_task(self, task: Task, labels: Labels, *, annotator: str, version: int) -> None:
        """Record what ``annotator`` said in a task.

        Raises
        ------
        ConflictError
            If the task was done, or its comment changed, meanwhile; nothing is written.
        """
        self._write(tasks.finish, task, labels, annotator=annotator, version=version)

    def repeats(self) -> list[tuple[str, str, Labels, Labels]]:
        """Comment id, annotator, first and second word of every repeat that was done."""
        return self._read(tasks.repeats)
