"""Who works in this session, and what they may do."""

from dataclasses import dataclass
from typing import Final, Literal

from data.store.accounts import Role
from training.review import settings

Act = Literal["decide", "label", "batch", "policy", "promote", "export", "accounts"]

_MODERATOR: Final[frozenset[Act]] = frozenset({"decide", "label", "batch"})
_ACTS: Final[dict[Role, frozenset[Act]]] = {
    "lecture": frozenset(),
    "moderateur": _MODERATOR,
    "responsable": _MODERATOR | {"policy", "promote", "export", "accounts"},
}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone at work: the name kept with their decisions, and their role.

    >>> camille = Person("Camille", "moderateur", single_user=False)
    >>> camille.may("decide"), camille.may("promote")
    (True, False)
    """

    name: str
    role: Role
    single_user: bool
    """Whether the app has no accounts: whoever sits at this machine may do everything."""

    def may(self, act: Act) -> bool:
        return act in _ACTS[self.role]


def current() -> Person:
    """Who works in this session."""
    return Person(settings.moderator_name(), "responsable", single_user=True)
