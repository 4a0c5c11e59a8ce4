"""JSON bytes that are passed on while they are not nested beyond reason.

The array parser spends memory on the square of the depth, so that a few hundred kilobytes of
brackets would take the machine down before it found them wrong.
"""

import io
import re
from typing import Any, BinaryIO, Final

from data.errors import InputError

MAX_DEPTH: Final = 256
"""Four times what a row may have: a row between the two is set aside, not the file."""

_TOKENS: Final = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)
_BLOCK: Final = 2**16


class ShallowStream(io.RawIOBase):
    r"""Bytes of ``stream``, which end with an InputError where they nest too deeply.

    >>> ShallowStream(io.BytesIO(b'[{"a": "[[["}]'), "a.json").read()
    b'[{"a": "[[["}]'
    """

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream, self._source = stream, source
        self._rest, self._cut = b"", b""
        self._depth = 0
        self._quoted = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            block = self._stream.read(_BLOCK)
            self._look(self._cut + block)
            self._rest = block
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _look(self, block: bytes) -> None:
        # a backslash at the very end belongs to the next block's first character
        odd = (len(block) - len(block.rstrip(b"\\"))) % 2
        self._cut = b"\\" if odd else b""
        for token in _TOKENS.findall(block[: len(block) - odd]):
            if token == b'"':
                self._quoted = not self._quoted
            elif not self._quoted and len(token) == 1:
                self._depth += 1 if token in b"[{" else -1
                if self._depth > MAX_DEPTH:
                    raise InputError(
                        "nested too deeply for comments",
                        where=self._source,
                        fix="export it again",
                    )
