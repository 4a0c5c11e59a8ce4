"""What the service answers when it cannot score: Google's error shape, word for word.

Perspective's clients read ``error.message``, ``error.details[0]`` and its ``errorType`` or ``reason``.
No message repeats a comment.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_ANALYZE: Final = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"
_SERVICE: Final = "commentanalyzer.googleapis.com"

LONGEST_NAME: Final = 120
"""Characters of a client's own word (an attribute, a language) that an error repeats."""


class WireError(Exception):
    """An answer other than 200.

    Parameters
    ----------
    code, status
        HTTP status and Google's name for it.
    message
        For the client's developer.
    kind
        ``errorType`` or ``reason``: what metrics count.
    """

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        kind: str,
        details: Sequence[Mapping[str, Any]] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code, kind)
        self.code, self.status, self.message, self.kind = code, status, message, kind
        self.details = list(details) or [_reason(kind)]
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The JSON object that is sent.

        >>> WireError(404, "NOT_FOUND", "No such method.", "NOT_FOUND").body()["error"]["code"]
        404
        """
        error = {"code": self.code, "message": self.message, "status": self.status}
        return {"error": {**error, "details": self.details}}


def _reason(kind: str, **metadata: str) -> dict[str, Any]:
    return {
        "@type": _INFO,
        "reason": kind,
        "domain": "googleapis.com",
        "metadata": {"service": _SERVICE, **metadata},
    }


def invalid(message: str, kind: str = "INVALID_REQUEST", **more: Any) -> WireError:
    """A request that Perspective's schema or limits refuse (400)."""
    details = [{"@type": _ANALYZE, "errorType": kind, **more}]
    return WireError(400, "INVALID_ARGUMENT", message, kind, details)


def empty_comment() -> WireError:
    return invalid("Comment must be non-empty.", "COMMENT_EMPTY")


def too_long() -> WireError:
    return invalid("Comment text too long.", "COMMENT_TOO_LONG")


def no_attributes() -> WireError:
    return invalid("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")


def unknown_attribute(name: str) -> WireError:
    return invalid(f"Unknown requested attribute: {shown(name)}")


def language_not_supported(attribute: str, *, requested: Sequence[str], detected: Sequence[str]) -> WireError:
    """The languages were given, or detected, and French is not among them."""
    languages = [shown(language) for language in requested or detected]
    message = f"Attribute {shown(attribute)} does not support request languages: {', '.join(languages[:20])}"
    about: dict[str, Any] = {"attribute": shown(attribute), "detectedLanguages": list(detected)}
    if requested:
        about["requestedLanguages"] = languages[:20]
    return invalid(message, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE", languageNotSupportedByAttributeError=about)


def bad_key() -> WireError:
    message = "API key not valid. Please pass a valid API key."
    return WireError(400, "INVALID_ARGUMENT", message, "API_KEY_INVALID")


def missing_key() -> WireError:
    message = (
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API."
    )
    return WireError(403, "PERMISSION_DENIED", message, "API_KEY_MISSING")


def rate_limited(limit: float) -> WireError:
    """The key asks more often than it may (429)."""
    message = f"Quota exceeded: this key may send {limit:g} requests per second."
    details = [_reason("RATE_LIMIT_EXCEEDED", quota_limit_value=f"{limit:g}", quota_unit="1/s")]
    return WireError(429, "RESOURCE_EXHAUSTED", message, "RATE_LIMIT_EXCEEDED", details, retry_after=1)


def queue_full() -> WireError:
    """More requests wait than can be answered in time (429)."""
    message = "Too many requests are waiting; try again in a moment."
    details = [_reason("RATE_LIMIT_EXCEEDED", quota_limit="queue")]
    return WireError(429, "RESOURCE_EXHAUSTED", message, "QUEUE_FULL", details, retry_after=1)


def not_in_time() -> WireError:
    return WireError(504, "DEADLINE_EXCEEDED", "Not scored in time; try again.", "DEADLINE_EXCEEDED")


def body_not_in_time() -> WireError:
    return WireError(408, "DEADLINE_EXCEEDED", "The request did not arrive in time.", "REQUEST_TIMEOUT")


def body_too_large(limit: int) -> WireError:
    message = f"Request payload size exceeds the limit: {limit} bytes."
    return invalid(message, "INVALID_REQUEST")


def feedback_not_kept() -> WireError:
    message = "The suggestion could not be stored; try again later."
    return WireError(503, "UNAVAILABLE", message, "UNAVAILABLE", retry_after=5)


def not_found() -> WireError:
    return WireError(404, "NOT_FOUND", "No such method.", "NOT_FOUND")


def wrong_method() -> WireError:
    return WireError(405, "INVALID_ARGUMENT", "This method answers another HTTP verb.", "METHOD_NOT_ALLOWED")


def internal() -> WireError:
    return WireError(500, "INTERNAL", "Internal error encountered.", "INTERNAL")


def shown(word: str) -> str:
    """A client's own word, cut."""
    return word if len(word) <= LONGEST_NAME else word[:LONGEST_NAME] + "…"
