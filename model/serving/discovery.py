"""The discovery document: how Google's client libraries learn of the two methods."""

from typing import Any, Final

VERSION: Final = "v1alpha1"


def _string(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


def _list_of(kind: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": kind}


def _map_of(reference: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"$ref": reference}}


_BOOL: Final = {"type": "boolean"}
_FLOAT: Final = {"type": "number", "format": "float"}
_SCORE_TYPE: Final = _string(
    enum=["SCORE_TYPE_UNSPECIFIED", "PROBABILITY"], enumDescriptions=["As PROBABILITY.", "0 to 1."]
)
_SHARED: Final = {
    "comment": {"$ref": "TextEntry"},
    "context": {"$ref": "Context"},
    "languages": _list_of(_string()),
    "clientToken": _string(),
    "communityId": _string(),
    "sessionId": _string(description="Read by nobody and never stored."),
}

SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "TextEntry": {"text": _string(), "type": _string(enum=["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"])},
    "ArticleAndParentComment": {
        "article": {"$ref": "TextEntry"},
        "parentComment": {"$ref": "TextEntry"},
    },
    "Context": {
        "entries": _list_of({"$ref": "TextEntry"}),
        "articleAndParentComment": {"$ref": "ArticleAndParentComment"},
    },
    "AttributeParameters": {"scoreType": _SCORE_TYPE, "scoreThreshold": _FLOAT},
    "Score": {"value": _FLOAT, "type": _SCORE_TYPE},
    "SpanScore": {
        "begin": {"type": "integer", "format": "int32", "description": "UTF-16 code units."},
        "end": {"type": "integer", "format": "int32", "description": "Exclusive."},
        "score": {"$ref": "Score"},
    },
    "AttributeScores": {
        "summaryScore": {"$ref": "Score"},
        "spanScores": _list_of({"$ref": "SpanScore"}),
    },
    "AnalyzeCommentRequest": {
        **_SHARED,
        "requestedAttributes": _map_of("AttributeParameters"),
        "spanAnnotations": _BOOL,
        "doNotStore": _BOOL,
        "dropUnsupportedAttributes": _BOOL,
    },
    "AnalyzeCommentResponse": {
        "attributeScores": _map_of("AttributeScores"),
        "languages": _list_of(_string()),
        "detectedLanguages": _list_of(_string()),
        "clientToken": _string(),
    },
    "SuggestCommentScoreRequest": {
        **_SHARED,
        "attributeScores": _map_of("AttributeScores"),
        "doNotStore": _BOOL,
    },
    "SuggestCommentScoreResponse": {
        "clientToken": _string(),
        "detectedLanguages": _list_of(_string()),
        "requestedLanguages": _list_of(_string()),
    },
}
"""Properties of each object by its name."""

METHODS: Final = {
    "analyze": ("AnalyzeComment", "Scores a comment."),
    "suggestscore": ("SuggestCommentScore", "Keeps a moderator's decision."),
}
"""Methods by name: how their request and response are called, and what they do."""


def _method(name: str, title: str, does: str) -> dict[str, Any]:
    return {
        "id": f"commentanalyzer.comments.{name}",
        "path": f"{VERSION}/comments:{name}",
        "flatPath": f"{VERSION}/comments:{name}",
        "httpMethod": "POST",
        "description": does,
        "parameters": {},
        "parameterOrder": [],
        "request": {"$ref": f"{title}Request"},
        "response": {"$ref": f"{title}Response"},
    }


def document(root: str) -> dict[str, Any]:
    """Give the document of the service at ``root``, an address that ends with a slash.

    >>> document("http://127.0.0.1:8700/")["resources"]["comments"]["methods"]["analyze"]["path"]
    'v1alpha1/comments:analyze'
    """
    parameters: dict[str, Any] = {
        name: _string(location="query", description=does)
        for name, does in (
            ("key", "API key."),
            ("alt", "Always json."),
            ("fields", "Read by nobody: answers are whole."),
            ("quotaUser", "Read by nobody."),
            ("$.xgafv", "Read by nobody."),
        )
    }
    parameters["prettyPrint"] = {"type": "boolean", "location": "query", "description": "Read by nobody."}
    methods = {name: _method(name, title, does) for name, (title, does) in METHODS.items()}
    schemas = {
        name: {"id": name, "type": "object", "properties": properties} for name, properties in SCHEMAS.items()
    }
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": f"commentanalyzer:{VERSION}",
        "name": "commentanalyzer",
        "version": VERSION,
        "revision": "20261122",
        "title": "courtois",
        "description": "Moderation scores of French comments, on your own machine.",
        "protocol": "rest",
        "rootUrl": root,
        "servicePath": "",
        "baseUrl": root,
        "basePath": "",
        "batchPath": "batch",
        "parameters": parameters,
        "schemas": schemas,
        "resources": {"comments": {"methods": methods}},
    }
