"""``comments:suggestscore``: a moderator's decision elsewhere becomes a label here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from data.record import Comment, Labels, parse_labels
from model.serving import wire_errors
from model.serving.analyze import comment_text, request_languages
from model.serving.attributes import UNSUPPORTED, find
from model.serving.fields import get, number, parse_object, token

DECIDED: Final = 0.5
"""Suggested score from which the attribute is present."""

_LONGEST_URL: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A label from the wire; ``community`` and ``token`` say which comment it is about."""

    community: str
    token: str
    comment: Comment
    parent_token: str | None
    stored: bool
    languages: tuple[str, ...]
    detected: str

    def response(self) -> dict[str, Any]:
        """What the client reads."""
        answer: dict[str, Any] = {
            "detectedLanguages": [self.detected],
            "requestedLanguages": list(self.languages),
        }
        return answer | ({"clientToken": self.token} if self.token else {})


Sink = Callable[[Suggestion], None]
"""Keeps a suggestion, or raises a CourtoisError; called in a thread."""


def parse_suggestion(body: bytes, *, any_language: bool = False) -> Suggestion:
    """Read the body of a suggestion.

    Raises
    ------
    WireError
        With Perspective's words where it has any.
    """
    raw = parse_object(body)
    text = comment_text(raw)
    languages, detected = request_languages(raw, text, any_language=any_language)
    story = _coral(raw)
    return Suggestion(
        community=token(raw, "communityId") or "",
        token=token(raw, "clientToken") or "",
        comment=Comment(
            id="", text=text, labels=_labels(raw), url=story.get("url"), thread_id=_thread(story.get("url"))
        ),
        parent_token=story.get("parent"),
        stored=not get(raw, "doNotStore", bool),
        languages=tuple(languages),
        detected=detected,
    )


def _labels(raw: Mapping[str, Any]) -> Labels:
    scores = get(raw, "attributeScores", dict) or {}
    given: dict[str, Any] = {}
    for name, score in scores.items():
        attribute, _ = find(name)
        if attribute is None and name.partition("@")[0] not in UNSUPPORTED:
            raise wire_errors.unknown_attribute(name)
        value = _value(score)
        if attribute is not None:
            given |= _label(attribute.name, value >= DECIDED)
    labels = parse_labels(given)
    if not labels:
        raise wire_errors.invalid(
            "Missing attribute_scores that can be learnt from", "NO_REQUESTED_ATTRIBUTES"
        )
    return labels


def _label(attribute: str, present: bool) -> dict[str, Any]:
    """What a suggestion says in our labels; not severe leaves the severity open.

    >>> _label("TOXICITY", True), _label("SEVERE_TOXICITY", False)
    ({'incivility': 1}, {})
    """
    if attribute in ("TOXICITY", "INCIVILITY"):
        return {"incivility": int(present)}
    if attribute == "SEVERE_TOXICITY":
        return {"severity": 3} if present else {}
    if attribute.startswith("STANCE"):  # says nothing without its target, which no client sends back
        return {}
    return {attribute.lower(): int(present)}


def _value(score: Any) -> float:
    if not isinstance(score, dict):
        raise wire_errors.invalid("Invalid value at 'attribute_scores': wrong type.")
    summary = get(score, "summaryScore", dict, "attribute_scores.") or {}
    value = number(summary, "value", "attribute_scores.summary_score.")
    if value is None or not 0 <= value <= 1:
        raise wire_errors.invalid("Invalid value at 'attribute_scores.summary_score.value': from 0 to 1.")
    return value


def _coral(raw: Mapping[str, Any]) -> dict[str, str]:
    """Page and parent that Coral writes as JSON inside the first context entry; anything else is no harm."""
    context = get(raw, "context", dict) or {}
    entries = get(context, "entries", list, "context.") or []
    first = entries[0] if entries and isinstance(entries[0], dict) else {}
    text = get(first, "text", str, "context.") or ""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        inner = json.loads(text[: _LONGEST_URL * 4])
    except (ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    url, parent = inner.get("url"), inner.get("reply_to_id_Coral_comment_id")
    if isinstance(url, str) and 0 < len(url) <= _LONGEST_URL:
        found["url"] = url
    if isinstance(parent, str) and 0 < len(parent) <= 200:
        found["parent"] = f"comment:{parent}"
    return found


def _thread(url: str | None) -> str | None:
    """The page that a comment's address stands on: the thread.

    >>> _thread("https://site.fr/a?commentID=c1#x")
    'https://site.fr/a'
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
