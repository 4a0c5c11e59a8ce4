"""The methods as one static HTML page: nothing is fetched, nothing runs."""

from html import escape
from json import dumps
from typing import Any, Final

from model.serving.openapi import ERRORS, document

PATH: Final = "/docs"
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:50rem;padding:0 1rem}"
    "table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
    "code,pre{background:#f1f4f8}pre{padding:.6rem;overflow-x:auto}"
)


def page(root: str) -> str:
    """Write the page of the service at ``root``, an address that ends with a slash."""
    found = document(root)
    methods = "".join(
        _method(path, verb.upper(), operation)
        for path, verbs in found["paths"].items()
        for verb, operation in verbs.items()
    )
    errors = _table(("code", "when"), [(str(code), does) for code, does in ERRORS.items()])
    schemas = "".join(
        f"<h3>{escape(name)}</h3>{_table(('field', 'type'), _fields(schema))}"
        for name, schema in sorted(found["components"]["schemas"].items())
    )
    info = found["info"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>courtois: HTTP service</title><style>{_STYLE}</style></head><body>"
        f"<h1>courtois: HTTP service</h1><p>{escape(info['summary'])} {escape(info['description'])}</p>"
        f'<p>The same for machines: <a href="openapi.json">openapi.json</a>.</p>'
        f"<h2>Methods</h2>{methods}<h2>Errors</h2>{errors}<h2>Objects</h2>{schemas}</body></html>\n"
    )


def _method(path: str, verb: str, operation: dict[str, Any]) -> str:
    written = f"<h3><code>{escape(verb)} {escape(path)}</code></h3><p>{escape(operation['summary'])}</p>"
    if "requestBody" in operation:
        example = operation["requestBody"]["content"]["application/json"]["example"]
        written += f"<pre>{escape(dumps(example, ensure_ascii=False, indent=2))}</pre>"
    return written


def _fields(schema: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name + (" *" if name in schema.get("required", ()) else ""), _type(kind))
        for name, kind in schema["properties"].items()
    ]


def _type(kind: dict[str, Any]) -> str:
    if "$ref" in kind:
        return str(kind["$ref"]).rpartition("/")[2]
    if "items" in kind:
        return f"list of {_type(kind['items'])}"
    if "additionalProperties" in kind:
        return f"object of {_type(kind['additionalProperties'])}"
    return str(kind.get("type", "")) or f"always {kind['const']!r}"


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    first = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{first}</tr>{body}</table>"
