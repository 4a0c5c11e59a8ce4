"""Hostile requests, by the thousand: what each is answered must be documented."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable

from bench.load import HOST, score_of

KINDS = {
    "COMMENT_EMPTY", "COMMENT_TOO_LONG", "NO_REQUESTED_ATTRIBUTES", "INVALID_REQUEST", "NOT_FOUND",
    "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE", "METHOD_NOT_ALLOWED", "REQUEST_TIMEOUT", "RATE_LIMIT_EXCEEDED",
}  # fmt: skip
CODES = {400, 404, 405, 408, 429}

_ODD = ["\x00", "\u202e", "\u200b", "😀", "\ud800", "é", "\n", "'", '"', "\\", "<script>", "%00", "𝕒"]


def _post(body: bytes, path: bytes = b"/v1alpha1/comments:analyze", extra: bytes = b"") -> bytes:
    return b"POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Length: %d\r\n\r\n%s" % (path, extra, len(body), body)


def _asking(text: object, **more: object) -> bytes:
    content = {
        "comment": {"text": text},
        "requestedAttributes": {"TOXICITY": {}},
        "languages": ["fr"],
        **more,
    }
    return json.dumps(content).encode()


def _odd_text(draw: random.Random) -> bytes:
    return _post(_asking("".join(draw.choices(_ODD, k=draw.randint(1, 200)))))


def _cut(draw: random.Random) -> bytes:
    whole = _asking("Quel abruti")
    return _post(whole[: draw.randrange(len(whole))])


def _flipped(draw: random.Random) -> bytes:
    body = bytearray(_asking("Quel abruti 😀", clientToken="t"))
    for _ in range(draw.randint(1, 4)):
        body[draw.randrange(len(body))] = draw.randrange(256)
    return _post(bytes(body))


def _wrong_types(draw: random.Random) -> bytes:
    junk: list[object] = [None, 1, -1.5, True, [], {}, [[]], "x", {"text": 1}, 10**30]
    fields = ("comment", "requestedAttributes", "languages", "context", "spanAnnotations", "clientToken")
    return _post(_asking("a", **{draw.choice(fields): draw.choice(junk)}))


def _nested(draw: random.Random) -> bytes:
    depth = draw.randint(100, 60_000)
    return _post(draw.choice([b"[", b'{"a":', b'{"comment":[']) * depth)


def _sized(draw: random.Random) -> bytes:
    size = draw.choice([20_479, 20_480, 20_481, 40_000])
    return _post(_asking(draw.choice(["a" * size, "é" * (size // 2) + "a" * (size % 2)])))


def _names(draw: random.Random) -> bytes:
    names = ["TOXICITY@1", "NICE", "SPAM", "STANCE", "@", "TOXICITY" * 500, "\ud800", "threat"]
    return _post(_asking("a", requestedAttributes={draw.choice(names): {}}))


def _contexts(draw: random.Random) -> bytes:
    entries = [{"text": "a" * draw.choice([1, 1_000, 1_100_000])}]
    pair = {"article": {"text": "b"}}
    both: dict[str, object] = {"entries": entries, "articleAndParentComment": pair}
    return _post(_asking("a", context=both if draw.random() < 0.7 else {"entries": entries}))


def _heads(draw: random.Random) -> bytes:
    extra = b"X-Big: " + b"a" * draw.choice([1_000, 70_000, 300_000]) + b"\r\n"
    return _post(_asking("a"), extra=extra)


def _no_http(draw: random.Random) -> bytes:
    return draw.randbytes(draw.randint(4, 400)) + b"\r\n\r\n"


def _paths(draw: random.Random) -> bytes:
    paths = [b"/", b"/../../etc/passwd", b"/comments:analyse", b"//", b"/%ff%fe", b"/health", b"/x?key=%00"]
    return _post(b"", path=draw.choice(paths))


def _too_much(draw: random.Random) -> bytes:
    return b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % draw.randint(
        2_500_001, 10**12
    )


def _broken_utf8(draw: random.Random) -> bytes:
    return _post(_asking("QQ").replace(b"QQ", draw.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80"])))


def _slow(draw: random.Random) -> bytes:
    return _post(_asking("a" * 500))[: -draw.randint(1, 400)]


MAKERS: tuple[tuple[Callable[[random.Random], bytes], int], ...] = (
    (_odd_text, 20), (_cut, 15), (_flipped, 15), (_wrong_types, 15), (_nested, 5), (_sized, 2), (_names, 10),
    (_contexts, 4), (_heads, 4), (_no_http, 5), (_paths, 5), (_too_much, 3), (_broken_utf8, 10),
)  # fmt: skip


async def attack(port: int, count: int, *, at_once: int = 12, slow: int = 8, seed: int = 7) -> Counter[str]:
    """Send ``count`` hostile requests, ``slow`` of them never finished.

    Returns
    -------
    Counter
        How often each answer came; unexpected ones begin with ``!``.
    """
    draw = random.Random(seed)
    makers, weights = zip(*MAKERS, strict=True)
    pending = [draw.choices(makers, weights)[0](draw) for _ in range(count - slow)]
    found: Counter[str] = Counter()

    async def work() -> None:
        while pending:
            found[await _answer(port, pending.pop())] += 1

    async def dawdle() -> None:
        found[await _answer(port, _slow(draw))] += 1

    await asyncio.gather(*(work() for _ in range(at_once)), *(dawdle() for _ in range(slow)))
    return found


async def _answer(port: int, sent: bytes) -> str:
    try:
        async with asyncio.timeout(60):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(sent)
                head = await reader.readuntil(b"\r\n\r\n")
                sizes = [x for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")]
                body = await reader.readexactly(int(sizes[0][15:]))
            finally:
                writer.close()
    except (OSError, asyncio.IncompleteReadError) as error:
        # A head that is too large, or no HTTP at all, may be cut off before it is answered.
        cut = len(sent) > 60_000 or not sent.startswith(b"POST")
        return "cut off" if cut else f"!{type(error).__name__}"
    except TimeoutError:
        return "!hangs"
    return _said(int(head[9:12]), body)


def _said(status: int, body: bytes) -> str:
    try:
        if status == 200:
            return "200" if 0 <= score_of(body) <= 1 else "!200 without a number"
        detail = json.loads(body)["error"]["details"][0]
        kind = detail.get("errorType") or detail["reason"]
    except (ValueError, KeyError, IndexError, TypeError):
        return f"!{status} without its shape"
    return f"{status} {kind}" if status in CODES and kind in KINDS else f"!{status} {kind}"
