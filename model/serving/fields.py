"""Reading a JSON body whose shape nobody promised: bounded, typed, and never echoed."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from model.serving.wire_errors import WireError, invalid

T = TypeVar("T")

LONGEST_TOKEN: Final = 4_000
"""Characters of ``clientToken`` and ``communityId``."""


def parse_object(body: bytes) -> Mapping[str, Any]:
    """Read a JSON object; an empty body is an empty one.

    Raises
    ------
    WireError
        For what is no UTF-8, no JSON, nested too deeply, or no object.
    """
    if not body.strip():
        return {}
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid("Invalid JSON payload received.") from None
    if not isinstance(value, dict):
        raise invalid("Invalid JSON payload received. The body must be an object.")
    return value


def _no_constant(name: str) -> float:
    raise ValueError(name)


def get(holder: Mapping[str, Any], name: str, kind: type[T], where: str = "") -> T | None:
    """Read a field by its JSON name (``doNotStore``) or its protocol name (``do_not_store``).

    Absent and null are ``None``.

    >>> get({"do_not_store": True}, "doNotStore", bool)
    True

    Raises
    ------
    WireError
        For a value of another type.
    """
    snake = _snake(name)
    value = holder[name] if holder.get(name) is not None else holder.get(snake)
    if value is None:
        return None
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise wrong_type(f"{where}{snake}")
    return value


@lru_cache(maxsize=64)
def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def texts(holder: Mapping[str, Any], name: str) -> list[str]:
    """Read a list of strings."""
    found = get(holder, name, list) or []
    if not all(isinstance(item, str) for item in found):
        raise wrong_type(name)
    return found


def token(holder: Mapping[str, Any], name: str) -> str | None:
    """Read a short string of the client's own.

    Raises
    ------
    WireError
        When it is too long to be one.
    """
    value = get(holder, name, str)
    if value is not None and len(value) > LONGEST_TOKEN:
        raise invalid(f"Invalid value at '{name}': at most {LONGEST_TOKEN} characters.")
    return value


def number(holder: Mapping[str, Any], name: str, where: str = "") -> float | None:
    """Read a finite number."""
    value: int | float | None = get(holder, name, int | float, where)  # type: ignore[arg-type]
    if value is None:
        return None
    try:
        return float(value)
    except OverflowError:
        raise wrong_type(f"{where}{name}") from None


def wrong_type(where: str) -> WireError:
    return invalid(f"Invalid value at '{where}': wrong type.")
