"""Passwords: which ones are good enough, and how they are kept (Argon2id)."""

import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data.errors import InputError

SHORTEST: Final = 12
LONGEST: Final = 1024

_HASHER: Final = PasswordHasher()
# each takes 64 MiB for a moment: a flood of wrong passwords must not take the machine's memory
_AT_ONCE: Final = threading.BoundedSemaphore(2)


def hashed(password: str, *, name: str = "") -> str:
    """Hash a new password, salted.

    Raises
    ------
    InputError
        If it is too short, too long, too plain, or holds the account's name.
    """
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise InputError(
            "the password is too short" if len(plain) < SHORTEST else "the password is too long",
            fix=f"use {SHORTEST} to {LONGEST} characters, a sentence for example",
        )
    if len(set(plain)) < 6 or (len(name) > 3 and name.casefold() in plain.casefold()):
        raise InputError("the password is easily guessed", fix="use a sentence, without the account's name")
    with _AT_ONCE:
        return _HASHER.hash(plain)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; takes as long when there is none."""
    plain = _plain(password)
    with _AT_ONCE:
        try:
            right = _HASHER.verify(kept or _decoy(), plain)
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def outdated(kept: str) -> bool:
    """Whether the library now asks for more work than this hash took."""
    return _HASHER.check_needs_rehash(kept)


def renewed(password: str) -> str:
    """Hash again a password that was accepted before."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(password))


def _plain(password: str) -> str:
    # the same keys give other code points on other systems
    return unicodedata.normalize("NFKC", password)[: LONGEST + 1].encode("utf-8", "replace").decode()


@cache
def _decoy() -> str:
    return _HASHER.hash("no account has this password")
