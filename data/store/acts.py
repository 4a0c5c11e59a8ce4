"""Acts of a browser, each applied exactly once however often it is sent.

The browser names every act with an id of its own making and sends it again until it is told what
came of it. The id is kept beside the journal rows that the act wrote, in the same transaction.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    Text,
    select,
    update,
)

from data.errors import ConflictError, InputError
from data.record import Labels
from data.store import batches, deciding, reading
from data.store.deciding import named
from data.store.records import QueueItem, Verdict
from data.store.tables import METADATA, decision, upsert

ActKind = Literal["approve", "reject", "skip", "escalate", "label", "undo"]
ACT_KINDS: Final[tuple[ActKind, ...]] = get_args(ActKind)
SAME_TEXT: Final = "identiques"
"""Rule under which the journal keeps the comments decided with one that says the same."""

_NAME: Final = re.compile(r"[0-9a-zA-Z-]{8,64}")

_ROW: Final = BigInteger().with_variant(Integer, "sqlite")

act = Table(
    "act",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("decision", _ROW, ForeignKey("decision.id")),
    Column("others", _ROW, ForeignKey("decision.id")),
)
"""``decision`` is the journal row of the comment, ``others`` one row of the batch beside it."""

STATEMENTS: Final = (
    """CREATE TABLE act (
        id TEXT PRIMARY KEY, decision BIGINT REFERENCES decision (id),
        others BIGINT REFERENCES decision (id))""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a moderator did with a comment as it was on screen.

    ``others`` are (id, version) of comments of the same text that the verdict holds for too.
    ``undoes`` is the id of the act to take back; without it, and without a ``comment_id``, an act
    of kind ``undo`` takes back the moderator's latest one.

    Raises
    ------
    InputError
        For an id that no browser of ours makes.
    """

    id: str
    kind: ActKind
    comment_id: str = ""
    version: int = 0
    labels: Labels = field(default_factory=Labels)
    reason: str | None = None
    others: tuple[tuple[str, int], ...] = ()
    undoes: str | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.id) or self.kind not in ACT_KINDS:
            raise InputError("an act that cannot be read", fix="reload the page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """The comment after an act; ``None`` when there was nothing to undo, or it was erased since.

    ``already`` says that the act had been applied before; ``left`` are the ids among ``others``
    that someone else had decided, held or erased.
    """

    item: QueueItem | None
    already: bool = False
    left: tuple[str, ...] = ()


def perform(connection: Connection, given: Act, moderator: str) -> Performed:
    """Apply an act unless it was applied before.

    Raises
    ------
    ConflictError
        If the comment changed, or someone else holds it, or another act came after the one to
        take back; nothing is written.
    """
    who = named(moderator)
    # the same act sent through two windows waits here for the one that came first
    fresh = upsert(connection, act).values(id=given.id).on_conflict_do_nothing().returning(act.c.id)
    if connection.scalar(fresh) is None:
        return Performed(item=_comment_of(connection, given.id), already=True)
    if given.kind == "undo":
        restored = _undo(connection, given, who)
        return Performed(item=None if restored is None else reading.item(connection, restored))
    left = _decide(connection, given, who)
    return Performed(item=reading.item(connection, given.comment_id), left=left)


def _decide(connection: Connection, given: Act, moderator: str) -> tuple[str, ...]:
    verdict: Verdict | None = None if given.kind in ("label", "undo") else given.kind  # type: ignore[assignment]
    deciding.decide(
        connection,
        given.comment_id,
        verdict,
        given.labels,
        moderator=moderator,
        version=given.version,
        bundle=None,
        reason=given.reason,
    )
    _keep(connection, given.id, "decision", given.comment_id, moderator)
    others = [(id_, version) for id_, version in given.others if id_ != given.comment_id]
    if verdict is None or not others:
        return ()
    result = batches.decide_many(
        connection, others, verdict, moderator=moderator, rule=SAME_TEXT, reason=given.reason
    )
    if done := [id_ for id_, _ in others if id_ not in result.conflicts]:
        _keep(connection, given.id, "others", done[0], moderator)
    return result.conflicts


def _undo(connection: Connection, given: Act, moderator: str) -> str | None:
    wanted: list[int | None] = [None]
    if given.undoes:
        row = connection.execute(select(act).where(act.c.id == given.undoes)).mappings().first()
        if row is None:
            raise ConflictError("that act was never recorded: nothing to take back", fix="go on")
        # a batch beside the comment was written after it, and goes first
        wanted = [number for number in (row["others"], row["decision"]) if number is not None]
    restored: str | None = None
    for number in wanted:
        last = deciding.latest(connection, moderator)
        if number is not None and not _same(connection, number, last):
            raise ConflictError(
                "another act of yours came after that one, in another window",
                fix="take that one back first",
            )
        restored = batches.undo_latest(connection, moderator)
    if restored is not None:
        _keep(connection, given.id, "decision", restored, moderator)
    return restored


def _same(connection: Connection, number: int, last: RowMapping | None) -> bool:
    if last is None or number == last["id"]:
        return last is not None
    of_row = connection.scalar(select(decision.c.batch).where(decision.c.id == number))
    return of_row is not None and of_row == last["batch"]


def _comment_of(connection: Connection, act_id: str) -> QueueItem | None:
    query = select(decision.c.comment_id).join(act, act.c.decision == decision.c.id).where(act.c.id == act_id)
    comment_id = connection.scalar(query)
    found = reading.items(connection, [comment_id] if comment_id else [])
    return found[0] if found else None


def _keep(connection: Connection, act_id: str, column: str, comment_id: str, moderator: str) -> None:
    written = (
        select(decision.c.id)
        .where(decision.c.comment_id == comment_id, decision.c.moderator == moderator)
        .order_by(decision.c.id.desc())
        .limit(1)
    )
    row = connection.scalar(written)
    connection.execute(update(act).where(act.c.id == act_id).values({column: row}))
