"""Hostile requests: only documented errors, no traceback, never a 200 without a number."""

import json
import logging
import math
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serve_rig import HOST, Rig, running

from model.serving import protocol, receiving
from model.serving.service import Settings

DOCUMENTED = {
    400: {"COMMENT_EMPTY", "COMMENT_TOO_LONG", "NO_REQUESTED_ATTRIBUTES", "INVALID_REQUEST",
          "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"},
    404: {"NOT_FOUND"}, 405: {"METHOD_NOT_ALLOWED"}, 408: {"REQUEST_TIMEOUT"},
}  # fmt: skip

words = st.text(max_size=30)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    ["TOXICITY", "INSULT", "STANCE", "SPAM", "TOXICITY@1", "TOXICITY@", "@1", "THREAT_EXPERIMENTAL", ""]
)
entry = st.fixed_dictionaries({}, optional={"text": words | junk, "type": st.just("PLAIN_TEXT") | junk})
parameters = st.fixed_dictionaries(
    {}, optional={"scoreType": st.just("PROBABILITY") | junk, "scoreThreshold": st.floats(0, 1) | junk}
)
summary = st.fixed_dictionaries({"value": junk})
request = st.fixed_dictionaries(
    {},
    optional={
        "comment": entry | junk,
        "context": st.fixed_dictionaries(
            {}, optional={"entries": st.lists(entry, max_size=2) | junk, "articleAndParentComment": junk}
        ) | junk,
        "requestedAttributes": st.dictionaries(names | words, parameters | junk, max_size=3) | junk,
        "languages": st.lists(st.sampled_from(["fr", "en", "fr_CA", ""]) | words, max_size=3) | junk,
        "spanAnnotations": st.booleans() | junk,
        "dropUnsupportedAttributes": st.booleans() | junk,
        "clientToken": words | junk,
        "communityId": words | junk,
        "attributeScores": st.dictionaries(
            names | words, st.fixed_dictionaries({"summaryScore": summary}) | junk, max_size=2
        ) | junk,
        "doNotStore": st.booleans() | junk,
    },
)  # fmt: skip
near_json = st.text(alphabet='{}[]",:0e\\ud8 ', max_size=60).map(str.encode)


@pytest.fixture(scope="module")
def rig(small_folder: Path) -> Iterator[Rig]:
    with running(small_folder) as found:
        yield found


def check(status: int, answer: Any, body: Any) -> None:
    """An answer is a number for every attribute, or a documented error."""
    if status != 200:
        error = answer["error"]
        assert error["code"] == status
        detail = error["details"][0]
        assert detail.get("errorType", detail.get("reason")) in DOCUMENTED[status]
        return
    if "attributeScores" in answer:
        asked = body.get("requestedAttributes") or body["requested_attributes"]
        for name, settings_ in asked.items():
            scored = answer["attributeScores"].get(name)
            if scored is None:
                assert body.get("dropUnsupportedAttributes") or settings_["scoreThreshold"] > 0
                continue
            value = scored["summaryScore"]["value"]
            assert type(value) is float
            assert math.isfinite(value)
            assert 0 <= value <= 1
            size = len(body["comment"]["text"].encode("utf-16-le", "surrogatepass")) // 2
            assert scored["spanScores"]
            assert all(0 <= s["begin"] <= s["end"] <= size for s in scored["spanScores"])


@pytest.mark.parametrize("method", ["analyze", "suggestscore"])
@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(body=request)
def test_any_fields(rig: Rig, caplog: pytest.LogCaptureFixture, method: str, body: dict[str, Any]) -> None:
    raw = json.dumps(body)
    status, _, answer = rig.send(f"/v1alpha1/comments:{method}", raw)
    check(status, answer, json.loads(raw) if status == 200 else body)
    assert [r for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR] == []


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=80) | near_json)
def test_any_bytes(rig: Rig, body: bytes) -> None:
    status, _, answer = rig.send("/v1alpha1/comments:analyze", body)
    assert status == 400
    check(status, answer, None)


NASTY = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"comment":' + b'{"text":' * 5_000 + b'"a"' + b"}" * 5_001,
    b'{"comment":{"text":"\xff\xfe"}}',
    b"\xef\xbb\xbf{}",
    b'{"comment":{"text":NaN}}',
    b'{"comment":{"text":1' + b"0" * 5_000 + b"}}",
    b"null",
    b"[]",
    b'"' + b"a" * 50_000 + b'"',
    json.dumps({"comment": {"text": "a"}, "requestedAttributes": {"A" * 100_000: {}}}).encode(),
    json.dumps(
        {"comment": {"text": "a"}, "requestedAttributes": {f"A{i}": {} for i in range(9_000)}}
    ).encode(),
    b"x" * (receiving.MAX_BODY + 1),
]


@pytest.mark.parametrize("body", NASTY, ids=range(len(NASTY)))
def test_nasty_bodies(rig: Rig, body: bytes) -> None:
    status, _, answer = rig.send("/v1alpha1/comments:analyze", body)
    assert status == 400
    check(status, answer, None)
    assert len(json.dumps(answer)) < 2_000


@pytest.mark.parametrize("text", ["\ud83d", "\x00\x01", "\u202e\u200b\u200d", "🤡" * 5_120, "a\ud800" * 300])
def test_odd_texts_are_scored(rig: Rig, text: str) -> None:
    for spans in (False, True):
        scored = rig.score(text, spanAnnotations=spans and len(text) < 1_000)
        assert 0 <= scored["summaryScore"]["value"] <= 1


RAW = [
    b"GET\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50,
    b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 400 + b"\r\n\r\n",
    b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"POST /\xff\xfe/comments:analyze HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    b"POST /comments:analyze HTTP/1.1\r\nHost: \x01<script>\r\nContent-Length: 0\r\n\r\n",
]


@pytest.mark.parametrize("sent", RAW, ids=range(len(RAW)))
def test_broken_http_is_answered_in_json_or_cut_off(rig: Rig, sent: bytes) -> None:
    received = rig.raw(sent)
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    check(status, json.loads(body), None)
    assert rig.score("Merci")["summaryScore"]["value"] >= 0


def test_slow_clients(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_PATIENCE", 0.3)
    monkeypatch.setattr(receiving.read_body, "__kwdefaults__", {"limit": receiving.MAX_BODY, "patience": 0.3})
    with running(small_folder) as rig:
        silent = socket.create_connection((HOST, rig.port), timeout=20)
        half = socket.create_connection((HOST, rig.port), timeout=20)
        half.sendall(b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\n")
        answer = rig.raw(b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{")
        assert answer.startswith(b"HTTP/1.1 408 ")
        for connection in (silent, half):
            try:
                assert connection.recv(1) == b""
            except ConnectionResetError:
                pass
            finally:
                connection.close()
        assert rig.score("Merci")["summaryScore"]["value"] >= 0


def test_too_many_connections_are_told_so(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "MAX_CONNECTIONS", 3)
    with running(small_folder) as rig:
        held = [socket.create_connection((HOST, rig.port), timeout=20) for _ in range(3)]
        refused = rig.raw(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        assert refused.startswith(b"HTTP/1.1 429 ")
        assert b"RATE_LIMIT_EXCEEDED" in refused
        for connection in held:
            connection.close()


def test_a_full_queue_is_told_so(small_folder: Path) -> None:
    with running(small_folder, settings=Settings(queue=0)) as rig:
        status, headers, answer = rig.send(
            "/comments:analyze", {"comment": {"text": "a"}, "requestedAttributes": {"TOXICITY": {}}}
        )
        error = answer["error"]
        assert (status, error["status"], headers["retry-after"]) == (429, "RESOURCE_EXHAUSTED", "1")
        assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"


def test_a_fault_of_ours_is_named_without_the_text(
    small_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from model.serving.logs import Discreet

    def broken(suggestion: object) -> None:
        raise ValueError("SECRET")

    body = {
        "comment": {"text": "SECRET"},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
    }
    with running(small_folder, sink=broken) as rig:
        status, _, answer = rig.send("/comments:suggestscore", body)
    assert (status, answer["error"]["status"]) == (500, "INTERNAL")
    shown = [Discreet().format(record) for record in caplog.records]
    assert any("ValueError at test_serve_hostile.py" in line for line in shown)
    assert "SECRET" not in "".join(shown) + json.dumps(answer)
