"""JSON Lines: one object a line, bad lines set aside one by one."""

import base64
import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from data.errors import InputError
from data.formats.rows import Rejection, Row
from data.formats.source import MAX_LINE

MAX_DEPTH: Final = 64
"""Deepest nesting of a value that is read."""


def jsonl_rows(stream: BinaryIO, source: str) -> Iterator[Row | Rejection]:
    """Read objects line by line; blank lines are skipped.

    Raises
    ------
    InputError
        For a line beyond ``MAX_LINE``.
    """
    number = line = 0
    while raw := stream.readline(MAX_LINE + 1):
        line += 1
        if len(raw) > MAX_LINE:
            raise InputError(
                f"line longer than {MAX_LINE} bytes", where=f"{source}:{line}", fix="is it a dump?"
            )
        if line == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if not raw.strip():
            continue
        try:
            yield Row(source, number, line, _parse(raw))
        except UnicodeDecodeError:
            cells = {"base64": base64.b64encode(raw).decode("ascii")}
            yield Rejection(source, number, line, None, "not valid UTF-8", cells)
        except UnicodeEncodeError:
            yield Rejection(source, number, line, None, "half of a surrogate pair", raw.decode())
        except json.JSONDecodeError as error:
            reason = f"not valid JSON (character {error.colno}: {error.msg})"
            yield Rejection(source, number, line, None, reason, raw.decode())
        except RecursionError:
            yield Rejection(source, number, line, None, "nested too deeply", raw.decode())
        except ValueError:
            yield Rejection(source, number, line, None, "not a JSON object", raw.decode())
        number += 1


def _parse(raw: bytes) -> dict[str, Any]:
    value = json.loads(raw.decode())
    if not isinstance(value, dict):
        raise ValueError
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _check_depth(value, MAX_DEPTH)
    if b"\\ud" in raw.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _check_depth(value: Any, left: int) -> None:
    """Refuse nesting that would exhaust the stack of whoever writes the row again."""
    if left == 0:
        raise RecursionError
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_depth(inner, left - 1)
