"""Cells on their way out: JSON-ready values, text cells, and cells that a spreadsheet would run."""

import base64
import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


def plain(value: Any) -> Any:
    """Reduce a Python or Arrow value to what JSON can hold; NaN becomes ``None``.

    >>> plain({"a": float("nan"), "b": (1, b"x")})
    {'a': None, 'b': [1, 'x']}
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else (value if math.isfinite(value) else str(value))
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode("ascii")}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return plain(value.item()) if hasattr(value, "item") else str(value)


def dumps(value: Any) -> str:
    """JSON on one line, letters kept as they are."""
    return json.dumps(plain(value), ensure_ascii=False)


def as_text(value: Any) -> str | None:
    """Fill a cell of a string column: strings as they are, anything else JSON-encoded.

    >>> as_text("oui"), as_text(None), as_text([1, "é"])
    ('oui', None, '[1, "é"]')
    """
    if value is None or isinstance(value, str):
        return value
    reduced = plain(value)
    return reduced if reduced is None or isinstance(reduced, str) else json.dumps(reduced, ensure_ascii=False)


def spreadsheet_cell(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Numbers, also those held as text, are left alone.

    >>> [spreadsheet_cell(v) for v in ("=1+1", "-12.5", -3, "@moi", "oui")]
    ["'=1+1", '-12.5', -3, "'@moi", 'oui']
    """
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value
