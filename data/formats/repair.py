"""UTF-8 that a strict parser can read: bytes that are none become marks which give them back."""

import base64
import codecs
import io
import re
from typing import Any, BinaryIO, Final

from data.errors import InputError
from data.formats.source import MAX_LINE

_FIRST: Final = 0xF700
# A block of the private use area: a bad byte 0x80-0xFF becomes U+F780-U+F7FF and can be told from text.
_MARKS: Final = re.compile("[\uf780-\uf7ff]")
# XML allows no control character but these three; exports hold others, which no reader ever sees.
_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
_BLANKS: Final = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(_FIRST + byte) for byte in bad), error.end


codecs.register_error("courtois-mark", _mark)


class MarkedStream(io.RawIOBase):
    r"""Valid UTF-8 whatever comes in, and never more than ``MAX_LINE`` bytes for one record.

    Parameters
    ----------
    stream
        Where bytes come from.
    source
        Its name, for messages.
    blank_controls
        Turn control characters into spaces, as XML needs.

    >>> MarkedStream(io.BytesIO(b"caf\xe9"), "a.json").read().decode() == "caf" + chr(0xF7E9)
    True
    """

    def __init__(self, stream: BinaryIO, source: str, *, blank_controls: bool = False) -> None:
        self._stream, self._source, self._blank = stream, source, blank_controls
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("courtois-mark")
        self._rest = b""
        self._taken = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def record_ends(self) -> None:
        """Start counting the next record."""
        self._taken = 0

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            block = self._stream.read(2**16)
            self._ended = not block
            text = self._decoder.decode(block, final=self._ended)
            self._rest = text.encode().translate(_BLANKS) if self._blank else text.encode()
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        self._taken += size
        if self._taken > MAX_LINE:
            raise InputError(
                f"a record longer than {MAX_LINE} bytes", where=self._source, fix="is it a dump?"
            )
        return size


def marked(text: str) -> bool:
    """Whether a string holds bytes that were not UTF-8."""
    return not text.isascii() and _MARKS.search(text) is not None


def original(value: Any) -> Any:
    r"""Give a value back as it was read: strings with marks as their bytes, in base64.

    >>> original({"a": "caf\uf7e9", "b": [1]})
    {'a': {'base64': 'Y2Fm6Q=='}, 'b': [1]}
    """
    if isinstance(value, dict):
        return {name: original(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [original(inner) for inner in value]
    if isinstance(value, str) and marked(value):
        raw = b"".join(
            bytes([ord(letter) - _FIRST]) if _MARKS.match(letter) else letter.encode() for letter in value
        )
        return {"base64": base64.b64encode(raw).decode("ascii")}
    return value
