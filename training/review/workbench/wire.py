"""What the browser's half of the workbench says, read as carefully as any other input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from data.errors import InputError
from data.reasons import REASONS
from data.record import parse_labels
from data.store.acts import ACT_KINDS, Act

MAX_HELD: Final = 400
"""Most comments that a browser may hold at once."""

MAX_ACTS: Final = 500
"""Most acts taken from one message; the browser sends the rest with the next."""

MAX_NEAR: Final = 6
"""Most comments whose surroundings are asked for at once."""

_MAX_ID: Final = 4000
_MAX_TOKEN: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One message of the browser.

    ``me`` is whose acts it carries: a tab may have changed hands since.
    ``seq`` counts the messages of one ``mount``, a page's life. ``have`` are the comments it holds
    of the queue named ``queue``, ``want`` how many more it has room for (as many as make a first
    page, when it does not say), ``near`` those on screen or next, ``log`` the acts that nobody
    acknowledged yet, oldest first, and ``unreadable`` the ids of acts that make no sense.
    """

    mount: str = ""
    seq: int = 0
    me: str = ""
    queue: str = ""
    config: bool = True
    beat: bool = False
    view: str | None = None
    want: int | None = None
    have: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    full: str | None = None
    log: tuple[Act, ...] = ()
    unreadable: tuple[str, ...] = field(default=())


def read_ask(given: object) -> Ask:
    """Read a message; what cannot be read in it counts as not said.

    >>> read_ask({"mount": "m1", "seq": 3, "have": ["a", 5, "b"]}).have
    ('a', 'b')
    >>> read_ask("nonsense") == Ask()
    True
    """
    if not isinstance(given, Mapping):
        return Ask()
    acts, unreadable = _log(given.get("log"))
    seq, want = given.get("seq"), given.get("want")
    return Ask(
        mount=_text(given.get("mount")) or "",
        seq=seq if type(seq) is int and seq >= 0 else 0,
        me=str(given.get("me") or ""),
        queue=_text(given.get("queue")) or "",
        config=given.get("config") is not False,
        beat=given.get("beat") is True,
        want=want if type(want) is int else None,
        view=_text(given.get("view")),
        have=_ids(given.get("have"), MAX_HELD),
        near=_ids(given.get("near"), MAX_NEAR),
        full=next(iter(_ids([given.get("full")], 1)), None),
        log=acts,
        unreadable=unreadable,
    )


def _log(given: object) -> tuple[tuple[Act, ...], tuple[str, ...]]:
    acts: list[Act] = []
    unreadable: list[str] = []
    for entry in _sequence(given)[:MAX_ACTS]:
        try:
            acts.append(read_act(entry))
        except InputError:
            if isinstance(entry, Mapping) and (name := _text(entry.get("id"))):
                unreadable.append(name)
    return tuple(acts), tuple(unreadable)


def read_act(given: object) -> Act:
    """Read one act of the browser's log.

    Raises
    ------
    InputError
        For an act without sense: nothing is guessed.
    """
    if not isinstance(given, Mapping):
        raise InputError("an act that is no object", fix="reload the page")
    kind, version = given.get("kind"), given.get("version", 0)
    comment, reason = given.get("comment", ""), given.get("reason")
    if kind not in ACT_KINDS or type(version) is not int or not isinstance(comment, str):
        raise InputError("an act that cannot be read", fix="reload the page")
    if (not comment and kind != "undo") or len(comment) > _MAX_ID:
        raise InputError("an act on no comment", fix="reload the page")
    if reason is not None and reason not in REASONS:
        raise InputError("a rejection for no known reason", fix="reload the page")
    labels = given.get("labels")
    return Act(
        id=_text(given.get("id")) or "",
        kind=cast(Any, kind),
        comment_id=comment,
        version=version,
        labels=parse_labels(labels if isinstance(labels, Mapping) else {}),
        reason=reason if kind == "reject" else None,
        others=_others(given.get("others")),
        undoes=_text(given.get("undoes")),
    )


def _others(given: object) -> tuple[tuple[str, int], ...]:
    pairs = [pair for pair in _sequence(given)[:MAX_HELD] if len(_sequence(pair)) == 2]
    return tuple((id_, at) for id_, at in pairs if isinstance(id_, str) and type(at) is int)


def _ids(given: object, most: int) -> tuple[str, ...]:
    found = [id_ for id_ in _sequence(given)[:most] if isinstance(id_, str) and 0 < len(id_) <= _MAX_ID]
    return tuple(dict.fromkeys(found))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _MAX_TOKEN else None


def _sequence(given: object) -> Sequence[Any]:
    return given if isinstance(given, (list, tuple)) else ()
