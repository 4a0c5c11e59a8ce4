"""What is kept of each record: some numbers, never text, so that a million comments fit in memory."""

import hashlib
from array import array
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.migration.coral_record import (
    APPROVED,
    BANNED,
    EXTERNAL,
    REJECTED,
    STAFF,
    CoralAct,
    CoralComment,
    CoralFlag,
)

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

UNDECIDED, KEPT, REFUSED, RULE, OTHER, EARLIER = range(6)
"""Verdicts: none, approved and rejected by a moderator, set by a rule, rejected for another reason
than incivility, taken on an earlier revision."""

_MODELS: Final = 100
"""Names of models told apart; an export has one or two."""


def digest(value: str) -> int:
    """Eight bytes for an id; 0 for none."""
    if not value:
        return 0
    content = value.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True)


class _Columns:
    """Growing columns of numbers by name."""

    def __init__(self, **codes: str) -> None:
        self.held = {name: array(code) for name, code in codes.items()}

    def add(self, **values: Any) -> None:
        for name, value in values.items():
            self.held[name].append(value)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {name: np.frombuffer(column, column.typecode) for name, column in self.held.items()}

    def __len__(self) -> int:
        return len(next(iter(self.held.values())))


@dataclass(slots=True)
class Table:
    """Numbers of all comments, acts and flags of an export."""

    models: list[str] = field(default_factory=list)
    comments: _Columns = field(
        default_factory=lambda: _Columns(
            place="q", key="q", story="q", revision="q", status="b", flags="b", model="h", calls="h",
            revisions="h", created="q", revised="q", deleted="b", bytes="l", old="d", new="d",
        )
    )  # fmt: skip
    acts: _Columns = field(
        default_factory=lambda: _Columns(key="q", revision="q", status="b", person="b", other="b", at="q")
    )
    flags: _Columns = field(default_factory=lambda: _Columns(key="q", bits="b"))

    def add(self, place: int, comment: CoralComment, new: float) -> None:
        """Keep a comment; ``new`` is NaN where it cannot be scored."""
        self.comments.add(
            place=place,
            key=digest(comment.id),
            story=digest(comment.story or comment.id),
            revision=digest(comment.revision),
            status=comment.status,
            flags=comment.flags,
            model=self._model(comment.model),
            calls=min(comment.calls, 2**15 - 1),
            revisions=min(comment.revisions, 2**15 - 1),
            created=comment.created,
            revised=comment.revised,
            deleted=comment.deleted,
            bytes=len(comment.text.encode("utf-8", "surrogatepass")) if comment.text.strip() else 0,
            old=float("nan") if comment.score is None else comment.score,
            new=new,
        )
        for act in comment.acts:
            self.add_act(act)

    def add_act(self, act: CoralAct) -> None:
        self.acts.add(
            key=digest(act.comment),
            revision=digest(act.revision),
            status=act.status,
            person=act.person,
            other=act.other_reason,
            at=act.at,
        )

    def add_flag(self, flag: CoralFlag) -> None:
        if flag.bits:
            self.flags.add(key=digest(flag.comment), bits=flag.bits)

    def _model(self, name: str) -> int:
        if name not in self.models:
            if len(self.models) >= _MODELS:
                return _MODELS - 1
            self.models.append(name)
        return self.models.index(name)

    def latest(self) -> dict[str, npt.NDArray[Any]]:
        """Columns of each comment once, as its newest record has it, with ``verdict``; by key."""
        columns = self.comments.arrays()
        order = np.lexsort((columns["place"], columns["revised"], columns["key"]))
        keys = columns["key"][order]
        last = order[np.append(keys[1:] != keys[:-1], True)] if len(order) else order
        found = {name: column[last] for name, column in columns.items()}
        found["flags"] = self._flagged(found["key"], found["flags"])
        found["verdict"] = self._verdicts(found)
        return found

    def _flagged(self, keys: Integers, flags: npt.NDArray[Any]) -> npt.NDArray[Any]:
        flags, held = flags.copy(), self.flags.arrays()
        places, known = _find(keys, held["key"])
        np.bitwise_or.at(flags, places[known], held["bits"][known])
        return flags

    def _verdicts(self, found: dict[str, npt.NDArray[Any]]) -> npt.NDArray[np.int8]:
        status, flags = found["status"], found["flags"]
        verdict = np.full(len(status), UNDECIDED, np.int8)
        verdict[status == APPROVED], verdict[status == REJECTED] = KEPT, REFUSED
        decided = verdict != UNDECIDED
        if len(self.acts):
            acts = self.acts.arrays()
            places, known = _find(found["key"], acts["key"])
            known[known] = acts["status"][known] == status[places[known]]
            order = np.flatnonzero(known)
            order = order[np.lexsort((order, acts["at"][order]))]
            last = np.full(len(status), -1, np.int64)
            last[places[order]] = order  # of several, the newest is written last
            act = np.where(last >= 0, last, 0)
            verdict[decided & ((last < 0) | (acts["person"][act] == 0))] = RULE
            person = decided & (verdict != RULE)
            verdict[person & (acts["other"][act] == 1)] = OTHER
            named = (acts["revision"][act] != 0) & (found["revision"] != 0)
            verdict[person & named & (acts["revision"][act] != found["revision"])] = EARLIER
        else:
            verdict[decided & ((flags & (BANNED | STAFF | EXTERNAL)) > 0)] = RULE
        return verdict


def _find(keys: Integers, wanted: Integers) -> tuple[Integers, Booleans]:
    """Places of ``wanted`` in sorted ``keys``, and whether they are there at all."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted
