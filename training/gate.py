"""What one comparison of a candidate with the bundle in use came to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One comparison: ``passed`` is ``None`` where it only informs or could not be made."""

    name: str
    passed: bool | None
    current: float | None = None
    candidate: float | None = None
    detail: str = ""
