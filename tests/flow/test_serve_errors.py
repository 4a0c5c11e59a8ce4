"""Documented errors of the wire, word for word."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serve_rig import Rig, running

from model.serving.service import Settings

ASKED: dict[str, Any] = {"requestedAttributes": {"TOXICITY": {}}, "languages": ["fr"]}


@pytest.fixture(scope="module")
def rig(small_folder: Path) -> Iterator[Rig]:
    with running(small_folder) as found:
        yield found


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


def test_any_language_is_french_where_the_site_says_so(small_folder: Path) -> None:
    with running(small_folder, settings=Settings(any_language=True)) as rig:
        status, answer = rig.analyze(**asking("Quel abruti", "TOXICITY", languages=["en"]))
        assert (status, answer["languages"]) == (200, ["en"])
        assert rig.analyze(**asking(ENGLISH, "TOXICITY"))[0] == 200
        assert rig.analyze(**asking("a", "SPAM"))[0] == 400
