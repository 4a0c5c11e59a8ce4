"""The request of ``comments:analyze``, checked as Perspective checks it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.record import Comment
from model.serving import wire_errors
from model.serving.attributes import UNSUPPORTED, Attribute, find
from model.serving.fields import get, number, parse_object, texts, token
from model.serving.language import FRENCH, detect, is_french

MAX_TEXT_BYTES: Final = 20_480
"""UTF-8 bytes of a comment."""

_MAX_CONTEXT_BYTES: Final = 1 << 20
_MAX_TARGET: Final = 500
"""Characters of the article that serve as the target of stance: its title, or its first words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One requested attribute: the client's own spelling, what it means, and its threshold."""

    name: str
    attribute: Attribute
    threshold: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzeRequest:
    """A request that can be scored."""

    comment: Comment
    wanted: Sequence[Wanted]
    spans: bool
    languages: Sequence[str]
    detected: str
    client_token: str | None


def parse_analyze(body: bytes, *, version: str, any_language: bool = False) -> AnalyzeRequest:
    """Read the body of a request.

    Parameters
    ----------
    version
        Of the bundle that will score; attributes pinned to another one are refused.
    any_language
        Take every comment for French, whatever the request or the text says.

    Raises
    ------
    WireError
        With Perspective's own words for it.
    """
    raw = parse_object(body)
    text = comment_text(raw)
    asked = get(raw, "requestedAttributes", dict)
    if not asked:
        raise wire_errors.no_attributes()
    target, parent = _context(raw)
    languages, detected = request_languages(raw, text, any_language=any_language)
    french = any_language or any(map(is_french, languages))
    drop = get(raw, "dropUnsupportedAttributes", bool) or False
    wanted: list[Wanted] = []
    refused: wire_errors.WireError | None = None
    for name, settings in asked.items():
        attribute, pinned = find(name)
        known = attribute is not None or name.partition("@")[0] in UNSUPPORTED
        if not known or (pinned is not None and pinned != version):
            raise wire_errors.unknown_attribute(name)
        if attribute is None or not french:
            unsupported = wire_errors.language_not_supported(
                name, requested=texts(raw, "languages"), detected=[detected]
            )
            if not drop:
                raise unsupported
            refused = refused or unsupported
            continue
        if attribute.needs_target and target is None:
            raise wire_errors.invalid(f"Attribute {name} needs the article or target in context")
        wanted.append(Wanted(name, attribute, _threshold(name, settings)))
    if not wanted:
        raise refused or wire_errors.no_attributes()
    return AnalyzeRequest(
        comment=Comment(id="", text=text, target=target, parent_text=parent),
        wanted=wanted,
        spans=get(raw, "spanAnnotations", bool) or False,
        languages=languages,
        detected=detected,
        client_token=token(raw, "clientToken"),
    )


def comment_text(raw: Mapping[str, Any]) -> str:
    """Read ``comment.text``.

    Raises
    ------
    WireError
        When it is absent, blank, too long or not plain text.
    """
    comment = get(raw, "comment", dict) or {}
    kind = get(comment, "type", str, "comment.")
    if kind not in (None, "", "PLAIN_TEXT", "TEXT_TYPE_UNSPECIFIED"):
        raise wire_errors.invalid("Currently, only 'PLAIN_TEXT' comments are supported")
    text = get(comment, "text", str, "comment.") or ""
    if not text.strip():
        raise wire_errors.empty_comment()
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise wire_errors.too_long()
    return text


def request_languages(
    raw: Mapping[str, Any], text: str, *, any_language: bool = False
) -> tuple[list[str], str]:
    """Give the languages the request names, else the detected one; and the detected one."""
    detected = detect(text)
    named = texts(raw, "languages")
    if any_language:
        return named or [FRENCH], FRENCH
    return named or [detected], detected


def _threshold(name: str, settings: Any) -> float | None:
    if settings is None:
        return None
    if not isinstance(settings, dict):
        raise wire_errors.invalid("Invalid value at 'requested_attributes': wrong type.")
    kind = get(settings, "scoreType", str, "requested_attributes.")
    if kind not in (None, "", "PROBABILITY", "SCORE_TYPE_UNSPECIFIED"):
        raise wire_errors.invalid(
            f"Requested score type {wire_errors.shown(kind or '')} is not supported by attribute {name}"
        )
    return number(settings, "scoreThreshold", "requested_attributes.")


def _context(raw: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Target of stance and parent, from either form of context."""
    context = get(raw, "context", dict) or {}
    entries = get(context, "entries", list, "context.")
    pair = get(context, "articleAndParentComment", dict, "context.")
    if entries is not None and pair is not None:
        raise wire_errors.invalid(
            "Only one of context.entries and context.article_and_parent_comment may be given"
        )
    if pair is not None:
        held = [get(pair, name, dict, "context.") for name in ("article", "parentComment")]
    else:
        held = list(entries or [])
    found = [_context_text(entry) for entry in held]
    article, parent = (*found, None, None)[:2]
    return (article.strip().split("\n")[0][:_MAX_TARGET].strip() or None if article else None), parent


def _context_text(entry: Any) -> str | None:
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise wire_errors.invalid("Invalid value at 'context': wrong type.")
    text = get(entry, "text", str, "context.")
    if text and len(text.encode("utf-8", "surrogatepass")) > _MAX_CONTEXT_BYTES:
        raise wire_errors.invalid("Context text too long.")
    return text
