"""The wire, as its clients meet it: every documented answer, over a real socket."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serve_rig import Rig, running

from data.record import Comment, Labels
from model.scorer import Scorer
from model.serving.keys import ApiKey, digest

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


ENGLISH = "The government must resign now because nobody trusts it any more."


def asking(text: str, *names: str, **more: Any) -> dict[str, Any]:
    return {"comment": {"text": text}, "requestedAttributes": {key: {} for key in names}, **more}


EMPTY = ("Comment must be non-empty.", "COMMENT_EMPTY")
LONG = ("Comment text too long.", "COMMENT_TOO_LONG")
NONE = ("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
FRENCH = {"languages": ["fr"]}
DROP = {"dropUnsupportedAttributes": True}


def unknown(name: str) -> tuple[str, str]:
    return f"Unknown requested attribute: {name}", "INVALID_REQUEST"


def unsupported(name: str, languages: str) -> tuple[str, str]:
    message = f"Attribute {name} does not support request languages: {languages}"
    return message, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"


WRONG: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({}, EMPTY),
    (asking(" \n", "TOXICITY"), EMPTY),
    (asking("x" * 20_481, "TOXICITY"), LONG),
    (asking("é" * 10_241, "TOXICITY"), LONG),
    ({"comment": {"text": "a"}}, NONE),
    (asking("a"), NONE),
    (asking("a", "NICE"), unknown("NICE")),
    (asking("a", "toxicity"), unknown("toxicity")),
    (asking("a", "TOXICITY@0"), unknown("TOXICITY@0")),
    (asking("a", "ASPERSION_EXPERIMENTAL"), unknown("ASPERSION_EXPERIMENTAL")),
    (
        {**asking("a"), "requestedAttributes": {"TOXICITY": {"scoreType": "RAW"}}, **FRENCH},
        ("Requested score type RAW is not supported by attribute TOXICITY", "INVALID_REQUEST"),
    ),
    (
        {**asking("a", "TOXICITY"), "comment": {"text": "a", "type": "HTML"}},
        ("Currently, only 'PLAIN_TEXT' comments are supported", "INVALID_REQUEST"),
    ),
    (asking("a", "SPAM", **FRENCH), unsupported("SPAM", "fr")),
    (asking("a", "INSULT", languages=["en", "de"]), unsupported("INSULT", "en, de")),
    (asking(ENGLISH, "INSULT"), unsupported("INSULT", "en")),
    (asking(ENGLISH, "INSULT", **DROP), unsupported("INSULT", "en")),
    (asking("a", "SPAM", **FRENCH, **DROP), unsupported("SPAM", "fr")),
]


@pytest.mark.parametrize(("body", "said"), WRONG, ids=range(len(WRONG)))
def test_documented_errors(rig: Rig, body: dict[str, Any], said: tuple[str, str]) -> None:
    message, kind = said
    status, answer = rig.analyze(**body)
    error = answer["error"]
    assert (status, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert error["message"] == message
    detail = error["details"][0]
    assert detail["@type"] == "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
    assert detail["errorType"] == kind
    if kind == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE":
        attribute = next(iter(body["requestedAttributes"]))
        assert detail["languageNotSupportedByAttributeError"]["attribute"] == attribute


def test_an_empty_body_is_an_empty_comment(rig: Rig) -> None:
    status, _, answer = rig.send("/v1alpha1/comments:analyze", b"")
    assert (status, answer["error"]["details"][0]["errorType"]) == (400, "COMMENT_EMPTY")


def test_unsupported_attributes_are_dropped_on_request(rig: Rig) -> None:
    status, answer = rig.analyze(
        comment={"text": "Bonjour"}, languages=["fr"], dropUnsupportedAttributes=True,
        requestedAttributes={"SPAM": {}, "TOXICITY": {}},
    )  # fmt: skip
    assert (status, list(answer["attributeScores"])) == (200, ["TOXICITY"])


def test_text_of_exactly_the_limit_is_scored(rig: Rig) -> None:
    assert 0 <= rig.score("é" * 10_240)["summaryScore"]["value"] <= 1


def test_both_contexts_are_refused(rig: Rig) -> None:
    both = {"entries": [], "articleAndParentComment": {}}
    status, answer = rig.analyze(comment={"text": "a"}, context=both, **ASKED)
    assert (status, answer["error"]["details"][0]["errorType"]) == (400, "INVALID_REQUEST")


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


SUGGESTION = {
    "comment": {"text": "Encore un torchon écrit par des incapables."},
    "context": {"entries": [{"text": json.dumps({
        "url": "https://site.fr/a?commentID=c1",
        "reply_to_id_Coral_comment_id": "c0",
        "Coral_comment_id": "c1",
    })}]},
    "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
    "languages": ["fr"], "communityId": "Coral:https://coral.site.fr", "clientToken": "comment:c1",
}  # fmt: skip


def test_suggestscore_reaches_the_sink(rig: Rig) -> None:
    status, _, answer = rig.send("/v1alpha1/comments:suggestscore?key=K", SUGGESTION)
    assert status == 200
    assert answer == {
        "clientToken": "comment:c1", "detectedLanguages": ["fr"], "requestedLanguages": ["fr"]
    }  # fmt: skip
    kept = rig.kept.pop()
    assert (kept.community, kept.token, kept.parent_token) == (
        "Coral:https://coral.site.fr", "comment:c1", "comment:c0"
    )  # fmt: skip
    assert kept.comment.labels == Labels(incivility=1)
    assert kept.comment.thread_id == "https://site.fr/a"


def test_suggestions_not_to_store_are_not_kept(rig: Rig) -> None:
    for flag in ("doNotStore", "do_not_store"):
        assert rig.send("/comments:suggestscore", {**SUGGESTION, flag: True})[0] == 200
    assert rig.kept == []


@pytest.mark.parametrize("value", [2, -0.1, "1", None, True, 10**400])
def test_suggestions_of_no_score_are_refused(rig: Rig, value: object) -> None:
    wrong = {**SUGGESTION, "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}}}
    status, _, answer = rig.send("/comments:suggestscore", wrong)
    assert (status, answer["error"]["details"][0]["errorType"]) == (400, "INVALID_REQUEST")
    assert rig.kept == []


def test_keys(small_folder: Path) -> None:
    keys = [
        ApiKey(1, "coral", digest("bonne"), None, revoked=False),
        ApiKey(2, "vieux", digest("révoquée"), None, revoked=True),
        ApiKey(3, "lent", digest("lente"), 1.0, revoked=False),
    ]
    body = {"comment": {"text": "Merci"}, **ASKED}
    with running(small_folder, keys=keys) as rig:

        def ask(query: str, **headers: str) -> tuple[int, str | None]:
            status, _, answer = rig.send(f"/comments:analyze{query}", body, **headers)
            return status, None if status == 200 else answer["error"]["details"][0].get("reason")

        assert ask("") == (403, "API_KEY_MISSING")
        assert ask("?key=fausse") == ask("?key=r%C3%A9voqu%C3%A9e") == (400, "API_KEY_INVALID")
        assert ask("?key=bonne") == ask("", **{"X-Goog-Api-Key": "bonne"}) == (200, None)
        assert [ask("?key=lente") for _ in range(3)][-1] == (429, "RATE_LIMIT_EXCEEDED")
        assert ask("?key=bonne") == (200, None)
        assert rig.send("/health", None)[0] == 200
        text = rig.send("/metrics", None)[2]
        assert 'key="coral"' in text
        assert "bonne" not in text
