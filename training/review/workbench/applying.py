"""The browser's log of acts, applied one by one, and what the moderator is told of each."""

from dataclasses import dataclass
from typing import Any, Final

from data.errors import ConflictError, InputError, LeaseLostError, StoreError
from data.store import QueueItem, Store
from data.store.acts import Act, Performed
from data.store.records import STATUS_OF
from training.review.language import say
from training.review.people import Person
from training.review.workbench.cards import card
from training.review.workbench.wire import Ask

Ack = dict[str, Any]

LEASE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Applied:
    """Acknowledgements, in the order of the log; ``error`` where the store gave up half way.

    An act without an acknowledgement stays in the browser's log and comes again.
    """

    acks: tuple[Ack, ...] = ()
    error: str | None = None


def apply_log(store: Store, ask: Ask, person: Person) -> Applied:
    """Apply every act of a message exactly once; stop where the store cannot write."""
    acks = [_ack(name, "refused", say("queue.unreadable")) for name in ask.unreadable]
    for act in ask.log:
        try:
            acks.append(_applied(store, act, person))
        except StoreError as error:
            if not _erased(store, act.comment_id):
                return Applied(tuple(acks), say("queue.error.store", what=str(error)))
            acks.append(_ack(act.id, "conflict", say("queue.conflict.gone"), comment=act.comment_id))
    return Applied(tuple(acks))


def _applied(store: Store, act: Act, person: Person) -> Ack:
    if not person.may("label" if act.kind == "label" else "decide"):
        return _ack(act.id, "refused", say("queue.may_not"), comment=act.comment_id)
    try:
        done = store.perform(act, moderator=person.name)
    except ConflictError as error:
        return _conflict(store, act, person, error)
    except InputError as error:
        return _ack(act.id, "refused", str(error), comment=act.comment_id)
    return _done(store, act, done, person)


def _done(store: Store, act: Act, done: Performed, person: Person) -> Ack:
    if done.item is None:
        state = "done" if done.already else "nothing"
        return _ack(act.id, state, None if done.already else say("queue.undo.nothing"))
    ack = _ack(act.id, "done", None, comment=done.item.comment.id)
    ack |= {"v": done.item.version, "status": done.item.status}
    if done.left:
        ack["message"] = say("queue.same.left", n=len(done.left))
    if act.kind == "undo":
        # taken back, it is on screen again: nobody else should get it meanwhile
        ack["item"] = card(_held(store, done.item, person))
    return ack


def _held(store: Store, item: QueueItem, person: Person) -> QueueItem:
    try:
        return store.claim(person.name, item.comment.id, LEASE_SECONDS)
    except LeaseLostError:
        return item


def _conflict(store: Store, act: Act, person: Person, error: ConflictError) -> Ack:
    if act.kind == "undo":
        return _ack(act.id, "conflict", say("queue.conflict.undo"), comment=act.comment_id)
    found = store.item(act.comment_id)
    who = found.decided_by or say("queue.someone")
    status = say(f"status.{found.status}")
    ack = _ack(act.id, "conflict", "", comment=act.comment_id) | {"v": found.version, "status": found.status}
    if isinstance(error, LeaseLostError):
        return ack | {"message": say("queue.conflict.lease"), "lost": True}
    if found.decided_by == person.name and act.kind in STATUS_OF and found.status == STATUS_OF[act.kind]:
        return ack | {"state": "done", "message": None}  # decided so in another window: as wished
    if found.decided_by == person.name and found.status != "pending":
        return ack | {"message": say("queue.conflict.self", status=status)}
    if found.status != "pending":
        return ack | {"message": say("queue.conflict.other", who=who, status=status)}
    return ack | {"message": say("queue.conflict.changed"), "item": card(found)}


def _erased(store: Store, comment_id: str) -> bool:
    """Whether the store can be read, and lacks the comment."""
    try:
        store.item(comment_id)
    except StoreError:
        return _readable(store, comment_id)
    return False


def _readable(store: Store, comment_id: str) -> bool:
    try:
        store.journal(1, comment_id)
    except StoreError:
        return False
    return True


def _ack(act_id: str, state: str, message: str | None, *, comment: str | None = None) -> Ack:
    return {"act": act_id, "state": state, "message": message, "comment": comment}
