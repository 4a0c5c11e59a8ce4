"""Suggestions and keys, over the wire."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serve_rig import Rig, running

from data.record import Labels
from model.serving.keys import ApiKey, digest

ASKED: dict[str, Any] = {"requestedAttributes": {"TOXICITY": {}}, "languages": ["fr"]}


@pytest.fixture(scope="module")
def rig(small_folder: Path) -> Iterator[Rig]:
    with running(small_folder) as found:
        yield found


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
