"""UTF-8 or Windows-1252: decided once per CSV file, before its first row."""

import codecs
from collections import Counter
from typing import BinaryIO, Final

FALLBACK: Final = "cp1252"

# Bytes that Windows-1252 uses for French and its neighbours. 0xC3 and 0xC2 are left out on purpose:
# they start nearly every accented letter of UTF-8, so a cut UTF-8 letter is not taken for "Ã".
_LETTERS: Final = frozenset(
    "àâäæçéèêëîïôöœùûüÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜáíóúñßÑ«»‘’“”–—…€°·§²³\u00a0•".encode(FALLBACK)
) - {0xC2, 0xC3}
_ASCII: Final = bytes(range(128))
_SCAN: Final = 256 * 2**20
_BLOCK: Final = 2**20


def detect_encoding(stream: BinaryIO) -> str:
    r"""Name the codec of a delimited text file, read from its start.

    A file is Windows-1252 when its accented lines are not UTF-8 and their bytes are French
    letters there; a few bad lines in a UTF-8 file leave it UTF-8, and are rejected one by one.

    >>> import io
    >>> detect_encoding(io.BytesIO(b"text\nd\xe9j\xe0 vu\n"))
    'cp1252'
    >>> detect_encoding(io.BytesIO("text\ndéjà vu\n".encode() + b"cut \xc3\n"))
    'utf-8-sig'
    """
    block = stream.read(_BLOCK)
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" in block:
        return "utf-16"
    good = bad = scanned = 0
    high: Counter[int] = Counter()
    rest = b""
    while block and scanned < _SCAN:
        scanned += len(block)
        head, newline, tail = (rest + block).rpartition(b"\n")
        block = stream.read(_BLOCK)
        # A "line" without any newline for a whole block is judged where it is cut: one bad line at most.
        lines, rest = (head, tail) if newline else (tail, b"")
        good, bad = _judge(lines, good, bad, high)
    good, bad = _judge(rest, good, bad, high)
    if bad == 0 or (good and bad <= 10 * good):
        return "utf-8-sig"
    french = sum(count for byte, count in high.items() if byte in _LETTERS)
    return FALLBACK if french >= 0.9 * high.total() else "utf-8-sig"


def _judge(lines: bytes, good: int, bad: int, high: Counter[int]) -> tuple[int, int]:
    if lines.isascii():
        return good, bad
    for line in lines.splitlines():
        if line.isascii():
            continue
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
            high.update(line.translate(None, _ASCII))
    return good, bad
