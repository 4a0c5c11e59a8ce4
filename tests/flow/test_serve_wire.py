"""The wire, as its clients meet it: every documented answer, over a real socket."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serve_rig import Rig, running

from data.record import Comment
from model.scorer import Scorer

CORAL = (
    "POST /v1alpha1/comments:analyze?key=cle-secrete HTTP/1.1\r\n"
    "Accept: application/json, text/plain, */*\r\n"
    "Content-Type: application/json\r\n"
    "User-Agent: Coral Perspective/9.11.8\r\n"
    "Content-Length: 133\r\n"
    "Host: 127.0.0.1:8765\r\n"
    "Connection: keep-alive\r\n"
    "\r\n"
    '{"comment":{"text":"T\'es vraiment un abruti, é à 😀"},"doNotStore":true,'
    '"requestedAttributes":{"TOXICITY":{}},"languages":["fr"]}'
).encode()
"""Byte for byte what Coral 9.11.8 sends."""

ASKED: dict[str, Any] = {"requestedAttributes": {"TOXICITY": {}}, "languages": ["fr"]}


@pytest.fixture(scope="module")
def rig(small_folder: Path) -> Iterator[Rig]:
    with running(small_folder) as found:
        yield found


def test_what_coral_sends_and_reads(rig: Rig, small_scorer: Scorer) -> None:
    head, _, body = rig.raw(CORAL).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nconnection: close" not in head.lower()
    value = json.loads(body)["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
    assert type(value) is float
    wanted = small_scorer.score(Comment(id="", text="T'es vraiment un abruti, é à 😀"))
    assert value == pytest.approx(wanted.incivility, abs=1e-4)


def test_a_connection_serves_many_requests(rig: Rig) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=30)
    connection.connect()
    local = connection.sock.getsockname()
    for text, wanted in (("Merci", 200), ("", 400), ("Bravo", 200)):
        connection.request("POST", "/comments:analyze", json.dumps({"comment": {"text": text}, **ASKED}))
        answer = connection.getresponse()
        answer.read()
        assert answer.status == wanted
        assert connection.sock.getsockname() == local
    connection.close()


@pytest.mark.parametrize(
    "path",
    ["/comments:analyze", "/v1alpha1/comments:analyze", "/t/mon-site/v1alpha1/comments:analyze",
     "/v1alpha1/comments%3Aanalyze", "/v1alpha1/comments:analyze?key=&alt=json&%24.xgafv=2"],
)  # fmt: skip
def test_any_prefix(rig: Rig, path: str) -> None:
    status, _, answer = rig.send(path, {"comment": {"text": "Merci"}, **ASKED})
    assert (status, list(answer["attributeScores"])) == (200, ["TOXICITY"])


def test_perspective_attributes_are_the_heads(rig: Rig, small_scorer: Scorer) -> None:
    text = "Ferme-la, espèce d'abruti, on va te trouver."
    names = ["TOXICITY", "SEVERE_TOXICITY", "INSULT", "PROFANITY", "IDENTITY_ATTACK", "THREAT"]
    own = ["INCIVILITY", "ASPERSION", "LYING_ACCUSATION", "THREAT_EXPERIMENTAL", "TOXICITY@1"]
    status, answer = rig.analyze(
        comment={"text": text}, languages=["fr-FR"], requestedAttributes={n: {} for n in names + own}
    )
    assert status == 200
    got = {n: s["summaryScore"]["value"] for n, s in answer["attributeScores"].items()}
    judged = small_scorer.score(Comment(id="", text=text))
    assert got["SEVERE_TOXICITY"] == pytest.approx(judged.p_intolerable, abs=1e-4)
    for name in ("INSULT", "PROFANITY", "IDENTITY_ATTACK", "THREAT", "ASPERSION", "LYING_ACCUSATION"):
        assert got[name] == pytest.approx(judged.subtypes[name.lower()], abs=1e-4)
    assert got["TOXICITY"] == got["INCIVILITY"] == got["TOXICITY@1"]
    assert got["THREAT"] == got["THREAT_EXPERIMENTAL"]
    assert set(got) == {*names, *own}


def test_stance_needs_and_reads_the_context(rig: Rig, small_scorer: Scorer) -> None:
    body = {"comment": {"text": "Fermer la piscine, quelle honte."}, "languages": ["fr"]}
    names = ("STANCE", "STANCE_FAVOR", "STANCE_AGAINST", "STANCE_NONE")
    status, answer = rig.analyze(**body, requestedAttributes={"STANCE": {}})
    assert (status, answer["error"]["details"][0]["errorType"]) == (400, "INVALID_REQUEST")
    title = "La ville ferme la piscine"
    pair = {"articleAndParentComment": {"article": {"text": f"{title}\nUn long texte"}}}
    for context in (pair, {"entries": [{"text": title}]}):
        status, answer = rig.analyze(**body, context=context, requestedAttributes={key: {} for key in names})
        got = [answer["attributeScores"][n]["summaryScore"]["value"] for n in names]
        judged = small_scorer.score(Comment(id="", text=body["comment"]["text"], target=title))
        assert sum(got[1:]) == pytest.approx(1, abs=1e-4)
        assert got[2] == pytest.approx(judged.stance_probabilities["against"], abs=1e-4)
        assert got[0] == pytest.approx(got[1] + got[3] / 2, abs=1e-4)


def test_one_whole_span_by_default_in_utf16(rig: Rig) -> None:
    scored = rig.score("😀 é")
    assert scored["spanScores"] == [{"begin": 0, "end": 4, "score": scored["summaryScore"]}]


def test_spans_are_the_words_that_speak(rig: Rig) -> None:
    text = "😀😀 Quel abruti, ce maire ! 😀"
    scored = rig.score(text, "INSULT", spanAnnotations=True)
    units = text.encode("utf-16-le")
    words = {
        units[2 * s["begin"] : 2 * s["end"]].decode("utf-16-le"): s["score"]["value"]
        for s in scored["spanScores"]
    }
    assert max(words, key=lambda word: words[word]) == "abruti"
    assert all(0 <= value <= 1 for value in words.values())


def test_thresholds_leave_scores_out(rig: Rig) -> None:
    status, answer = rig.analyze(
        comment={"text": "Merci"},
        languages=["fr"],
        requestedAttributes={"TOXICITY": {"scoreThreshold": 1}, "INSULT": {"scoreType": "PROBABILITY"}},
    )
    assert (status, list(answer["attributeScores"])) == (200, ["INSULT"])


def test_languages_and_tokens_come_back(rig: Rig) -> None:
    _, answer = rig.analyze(
        comment={"text": "Merci pour cet article très complet."}, requestedAttributes={"TOXICITY": {}},
        clientToken="jeton-é-\ud800",
    )  # fmt: skip
    assert (answer["languages"], answer["detectedLanguages"]) == (["fr"], ["fr"])
    assert answer["clientToken"] == "jeton-é-\ud800"


@pytest.mark.parametrize(
    "text", ["mdr", "c koi ce torchon", "👍", "va te fair foutre", "jé pa conpri", "stop", "+1", "no comment"]
)
def test_short_and_misspelt_french_is_never_refused(rig: Rig, text: str) -> None:
    status, answer = rig.analyze(comment={"text": text}, requestedAttributes={"TOXICITY": {}})
    assert (status, answer.get("languages")) == (200, ["fr"])


def test_paths_and_verbs(rig: Rig) -> None:
    assert rig.send("/health", None)[2] == {"status": "ok", "bundle": "petit@1"}
    status, _, answer = rig.send("/nothing", None)
    assert (status, answer["error"]["status"]) == (404, "NOT_FOUND")
    status, _, answer = rig.send("/comments:analyze", None)
    assert (status, answer["error"]["details"][0]["reason"]) == (405, "METHOD_NOT_ALLOWED")


def test_metrics_count_by_attribute_status_and_key(rig: Rig) -> None:
    rig.score("Merci")
    status, headers, text = rig.send("/metrics", None)
    assert (status, headers["content-type"].split(";")[0]) == (200, "text/plain")
    names = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if not line.startswith("#")}
    counted = {f"courtois_{name}_total" for name in ("requests", "attributes", "errors")}
    assert counted | {"courtois_slow_ratio", "courtois_request_seconds_bucket"} <= names
    assert 'courtois_attributes_total{attribute="TOXICITY",key="-",status="200"}' in text
