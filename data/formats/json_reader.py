"""A ``.json`` file: an array read item by item, or one object a line as databases export them."""

import io
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO, Final, cast

import ijson

from data.errors import InputError
from data.formats.jsonl_reader import MAX_DEPTH, jsonl_rows
from data.formats.repair import MarkedStream, marked, original
from data.formats.rows import Rejection, Row
from data.formats.shallow import ShallowStream

_PEEK: Final = 2**12
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def json_rows(stream: BinaryIO, source: str) -> Iterator[Row | Rejection]:
    """Read an array of objects with memory for one of them, or fall back to JSON Lines.

    ``line`` of a row is its 1-based place in the array.

    Raises
    ------
    InputError
        For an array that is cut short, not valid JSON or nested beyond all reason: what follows cannot
        be read. The message names the last whole item.
    """
    buffered = cast(io.BufferedReader, stream)
    head = buffered.peek(_PEEK)[:_PEEK].removeprefix(_BYTE_ORDER_MARK).lstrip()
    if head.startswith(b"["):
        yield from _array(buffered, source)
    else:
        yield from jsonl_rows(buffered, source)


def _array(stream: BinaryIO, source: str) -> Iterator[Row | Rejection]:
    shallow = io.BufferedReader(ShallowStream(stream, source), 2**16)
    bytes_in = MarkedStream(cast(BinaryIO, shallow), source)
    items = ijson.items(io.BufferedReader(bytes_in, 2**16), "item", buf_size=2**14)
    for number in itertools.count():
        try:
            value = next(items, _END)
        except ijson.JSONError as error:
            # The library's own message quotes the comment.
            raise InputError(
                f"not a whole JSON array: cut short or not valid after item {number}",
                where=source,
                fix="export it again, or as JSON Lines, where one bad line costs one row",
            ) from error
        if value is _END:
            return
        bytes_in.record_ends()
        yield _row(value, number, source)


_END: Final = object()


def _row(value: Any, number: int, source: str) -> Row | Rejection:
    state = _State()
    try:
        value = _plain(value, state, MAX_DEPTH)
    except RecursionError:
        return Rejection(source, number, number + 1, None, "nested too deeply", None)
    if not isinstance(value, dict):
        return Rejection(source, number, number + 1, None, "not a JSON object", original(value))
    if state.bad:
        return Rejection(source, number, number + 1, None, "not valid UTF-8", original(value))
    return Row(source, number, number + 1, value)


class _State:
    bad = False


def _plain(value: Any, state: _State, left: int) -> Any:
    """Floats instead of decimals; notes bytes that were no UTF-8."""
    if isinstance(value, str):
        state.bad = state.bad or marked(value)
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (dict, list)):
        if left == 0:
            raise RecursionError
        if isinstance(value, list):
            return [_plain(inner, state, left - 1) for inner in value]
        for name, inner in value.items():
            state.bad = state.bad or marked(name)
            value[name] = _plain(inner, state, left - 1)
    return value
