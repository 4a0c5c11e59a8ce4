"""Which of the words on a comment is heard where one is asked for: the blind one, else the latest."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, select

from data.record import CONSENSUS, Labels
from data.store.columns import moment
from data.store.labelling import REVIEW, to_row
from data.store.tables import label
from data.store.tasks import blind_readings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """The one word on a comment that counts; ``at`` is when it was said (ISO, UTC)."""

    said: T
    blind: bool
    at: str


def heard(
    connection: Connection, comment_ids: Collection[str], says: Callable[[Labels], T | None]
) -> dict[str, Heard[T]]:
    """For each comment on which anyone said something, the word that counts.

    A blind reading goes before others, a person before a consensus of several, then the latest
    word. What a rule decided on many comments at once left no label: it is nobody's reading.

    Parameters
    ----------
    comment_ids
        As many as one statement names at most.
    says
        What labels say of the matter in hand; ``None`` where they say nothing.
    """
    blind = blind_readings(connection, comment_ids)
    query = select(label).where(label.c.comment_id.in_(set(comment_ids)))
    best: dict[str, tuple[bool, bool]] = {}
    found: dict[str, Heard[T]] = {}
    for row in connection.execute(query.order_by(label.c.changed_at, label.c.annotator)).mappings():
        said = says(Labels(**to_row(row).effective))  # type: ignore[arg-type]
        if said is None:
            continue
        id_, by_lot = row["comment_id"], read_blind(row, blind)
        rank = (by_lot, row["annotator"] != CONSENSUS)
        if rank >= best.get(id_, rank):
            # an imported date is whatever someone wrote
            at = moment(row["labelled_at"]) or row["changed_at"]
            best[id_], found[id_] = rank, Heard(said, by_lot, at)
    return found


def read_blind(row: Mapping[Any, Any], blind: Collection[tuple[str, str | None]]) -> bool:
    """Whether a label was given blind: by the reader of the blind task, or elsewhere while it is open.

    ``blind`` are the pairs of ``blind_readings``; ``row`` has columns of the table of labels.
    """
    id_ = row["comment_id"]
    return (id_, row["annotator"]) in blind or ((id_, None) in blind and row["source"] != REVIEW)
