"""API keys: known by their SHA-256 only, and how often each may ask."""

import fcntl
import hashlib
import mmap
import secrets
import struct
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from model.serving.wire_errors import bad_key, missing_key, rate_limited

OPEN: Final = "-"
"""Key name in logs and metrics where no key is needed."""

_SLOT: Final = struct.Struct("dd")
_SLOTS: Final = 4_096


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key at rest. ``rate`` is requests per second, ``None`` for the service's default."""

    id: int
    name: str
    digest: str
    rate: float | None
    revoked: bool


def new_key() -> str:
    """Draw a key: 256 random bits, so that its plain hash cannot be searched."""
    return "ct_" + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """Hash a key as it is kept.

    >>> len(digest("ct_x"))
    64
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class Buckets:
    """Token buckets in memory that forked workers share, one a key; a second's worth may be saved up.

    A POSIX file lock guards them, which the system lifts when the process that holds it is killed.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SLOT.size * _SLOTS)
        self._lock = tempfile.TemporaryFile(prefix="courtois-rate-")  # noqa: SIM115

    def close(self) -> None:
        """Give the memory and the lock back."""
        self._memory.close()
        self._lock.close()

    def take(self, slot: int, rate: float) -> bool:
        """Take one token from a bucket that fills with ``rate`` a second."""
        at = (slot % _SLOTS) * _SLOT.size
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            now = time.monotonic()
            tokens, last = _SLOT.unpack_from(self._memory, at)
            most = max(1.0, rate)
            tokens = most if last == 0 else min(most, tokens + (now - last) * rate)
            taken = tokens >= 1
            _SLOT.pack_into(self._memory, at, tokens - 1 if taken else tokens, now)
            return taken
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)


class Keyring:
    """Who may ask.

    Parameters
    ----------
    read
        Gives all keys ever made, revoked ones too: once there was one, asking needs one.
    rate
        Requests per second of a key that has no rate of its own, and of all keyless clients
        together; ``None`` for no limit.
    """

    def __init__(
        self, read: Callable[[], list[ApiKey]], buckets: Buckets | None, *, rate: float | None = None
    ) -> None:
        self._read, self._buckets, self._rate = read, buckets, rate
        self._keys: Mapping[str, ApiKey] = {}
        self.refresh()

    @property
    def required(self) -> bool:
        return bool(self._keys)

    def refresh(self) -> None:
        """Read the keys again."""
        self._keys = {key.digest: key for key in self._read()}

    def admit(self, given: str | None) -> str:
        """Say whose request it is.

        Returns
        -------
        str
            The key's name, for logs and metrics.

        Raises
        ------
        WireError
            For a missing, unknown or revoked key, or one that asks too often.
        """
        name, slot, rate = OPEN, 0, self._rate
        if self._keys:
            if not given:
                raise missing_key()
            key = self._keys.get(digest(given))
            if key is None or key.revoked:
                raise bad_key()
            name, slot, rate = key.name, key.id, self._rate if key.rate is None else key.rate
        if rate and self._buckets is not None and not self._buckets.take(slot, rate):
            raise rate_limited(rate)
        return name
