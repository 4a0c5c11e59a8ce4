"""The service as an OpenAPI 3.1 document, from the tables of the discovery document."""

from collections.abc import Mapping
from typing import Any, Final

from model.serving.attributes import ATTRIBUTES
from model.serving.discovery import METHODS, SCHEMAS, VERSION

PATH: Final = "/openapi.json"

ERRORS: Final[Mapping[int, str]] = {
    400: "The request cannot be answered: errorType says why. Also an unknown or revoked key.",
    403: "Keys exist and none was given.",
    404: "No such path.",
    405: "No such verb here.",
    408: "The body took too long to arrive.",
    429: "The key asks too often, or too many comments wait; Retry-After says when to come back.",
    500: "A fault of the service.",
    503: "A suggestion could not be stored.",
    504: "Not scored in time.",
}
"""What each code means."""

_ANSWERS: Final = {"analyze": (400, 403, 408, 429, 500, 504), "suggestscore": (400, 403, 408, 429, 500, 503)}
_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "status", "details"],
            "properties": {
                "code": {"type": "integer"},
                "message": {"type": "string"},
                "status": {"type": "string"},
                "details": {"type": "array", "minItems": 1, "items": {"type": "object"}},
            },
        }
    },
}
_EXAMPLES: Final = {
    "analyze": {
        "comment": {"text": "Merci pour cet article"},
        "languages": ["fr"],
        "requestedAttributes": {"TOXICITY": {}},
        "doNotStore": True,
    },
    "suggestscore": {
        "comment": {"text": "Merci pour cet article"},
        "languages": ["fr"],
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
        "communityId": "Coral:https://coral.example.org",
        "clientToken": "comment:1",
    },
}


def document(root: str) -> dict[str, Any]:
    """Give the document of the service at ``root``, an address that ends with a slash.

    >>> sorted(document("http://127.0.0.1:8700/")["paths"])[:2]
    ['/health', '/metrics']
    """
    components = {name: _schema(name, properties) for name, properties in SCHEMAS.items()}
    paths: dict[str, Any] = {
        f"/{VERSION}/comments:{name}": {"post": _method(name, title, does)}
        for name, (title, does) in METHODS.items()
    }
    paths["/health"] = {
        "get": _open("health", "Says that the process answers, and with which bundle.", "Health")
    }
    paths["/metrics"] = {"get": _open("metrics", "Figures of all processes, for Prometheus.", None)}
    components["Health"] = {
        "type": "object",
        "required": ["status", "bundle"],
        "properties": {"status": {"const": "ok"}, "bundle": {"type": "string"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "courtois",
            "version": VERSION,
            "summary": "Moderation scores of French comments, on your own machine.",
            "description": "The methods answer under any prefix. Attributes: " + ", ".join(ATTRIBUTES) + ".",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": root.rstrip("/")}],
        "security": [{"query": []}, {"header": []}, {}],
        "paths": paths,
        "components": {
            "schemas": components | {"Error": _ERROR},
            "securitySchemes": {
                "query": {"type": "apiKey", "in": "query", "name": "key"},
                "header": {"type": "apiKey", "in": "header", "name": "X-Goog-Api-Key"},
            },
        },
    }


def _method(name: str, title: str, does: str) -> dict[str, Any]:
    answers = {str(code): _response(ERRORS[code], "Error") for code in _ANSWERS[name]}
    return {
        "operationId": name,
        "summary": does,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _reference(f"{title}Request"), "example": _EXAMPLES[name]}
            },
        },
        "responses": {"200": _response("The answer.", f"{title}Response"), **answers},
    }


def _open(name: str, does: str, schema: str | None) -> dict[str, Any]:
    """A path that needs no key."""
    answer = _response("The answer.", schema)
    return {"operationId": name, "summary": does, "security": [{}], "responses": {"200": answer}}


def _response(described: str, schema: str | None) -> dict[str, Any]:
    if schema is None:
        return {"description": described, "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {"description": described, "content": {"application/json": {"schema": _reference(schema)}}}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "AnalyzeCommentRequest": ("comment", "requestedAttributes"),
    "AnalyzeCommentResponse": ("attributeScores", "languages", "detectedLanguages"),
    "SuggestCommentScoreRequest": ("comment", "attributeScores"),
    "AttributeScores": ("summaryScore",),
    "Score": ("value",),
}


def _schema(name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": {k: _plain(v) for k, v in properties.items()}}
    if name in _REQUIRED:
        found["required"] = list(_REQUIRED[name])
    return found


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema of the discovery document in JSON Schema's words."""
    found: dict[str, Any] = {}
    for name, value in schema.items():
        if name == "$ref":
            found |= _reference(value)
        elif name in ("items", "additionalProperties"):
            found[name] = _plain(value)
        elif name != "enumDescriptions":
            found[name] = value
    return found
