"""The OpenAPI document and page: whole, true to what is answered, with nothing from elsewhere."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema import Draft202012Validator
from serve_rig import Rig, running

from model.serving.attributes import ATTRIBUTES
from model.serving.discovery import document as discovery
from model.serving.openapi import ERRORS, document


@pytest.fixture(scope="module")
def rig(small_folder: Path) -> Iterator[Rig]:
    with running(small_folder) as started:
        yield started


@pytest.fixture(scope="module")
def described(rig: Rig) -> dict[str, Any]:
    status, headers, answer = rig.send("/openapi.json", None)
    assert status == 200
    assert headers["content-type"].startswith("application/json")
    assert isinstance(answer, dict)
    return answer


def checked(described: dict[str, Any], name: str, answer: Any) -> None:
    """Hold an object against a schema of the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    jsonschema.validate(answer, schema, Draft202012Validator)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_document_is_whole(rig: Rig, described: dict[str, Any]) -> None:
    assert described == document(f"http://127.0.0.1:{rig.port}/")
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": f"http://127.0.0.1:{rig.port}"}]
    schemas = described["components"]["schemas"]
    found = set(references(described))
    assert found == {f"#/components/schemas/{name}" for name in schemas}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    operations = [operation for verbs in described["paths"].values() for operation in verbs.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) == 4
    for operation in operations:
        assert operation["responses"]["200"]["content"]
        assert all(response["description"] for response in operation["responses"].values())
    assert all(name in described["info"]["description"] for name in ATTRIBUTES)


def test_both_documents_tell_of_the_same_methods_and_fields(described: dict[str, Any]) -> None:
    other = discovery("http://127.0.0.1/")
    for method in other["resources"]["comments"]["methods"].values():
        assert "post" in described["paths"]["/" + method["path"]]
    for name, schema in other["schemas"].items():
        assert described["components"]["schemas"][name]["properties"].keys() == schema["properties"].keys()


def test_examples_are_answered_as_described(rig: Rig, described: dict[str, Any]) -> None:
    for path, verbs in described["paths"].items():
        for verb, operation in verbs.items():
            body = None
            if verb == "post":
                content = operation["requestBody"]["content"]["application/json"]
                body = content["example"]
                checked(described, content["schema"]["$ref"].rpartition("/")[2], body)
            status, _, answer = rig.send(path, body)
            assert status == 200
            told = operation["responses"]["200"]["content"]
            if "application/json" in told:
                checked(described, told["application/json"]["schema"]["$ref"].rpartition("/")[2], answer)


def test_an_answer_with_everything_in_it_is_described(rig: Rig, described: dict[str, Any]) -> None:
    wanted = {name: {} for name in ATTRIBUTES}
    status, answer = rig.analyze(
        comment={"text": "Quel abruti, ce ministre 😀"},
        requestedAttributes=wanted,
        languages=["fr"],
        spanAnnotations=True,
        clientToken="t",
        context={"entries": [{"text": "Le ministre"}]},
    )
    assert status == 200
    checked(described, "AnalyzeCommentResponse", answer)
    assert answer["attributeScores"].keys() == wanted.keys()
    with pytest.raises(jsonschema.ValidationError):
        checked(described, "AnalyzeCommentResponse", {"attributeScores": {"TOXICITY": {}}})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1alpha1/comments:analyze", {"comment": {"text": ""}}),
        ("/v1alpha1/comments:analyze", "{"),
        ("/v1alpha1/comments:analyze", None),
        ("/nowhere", None),
    ],
)
def test_errors_are_described(rig: Rig, described: dict[str, Any], path: str, body: Any) -> None:
    status, _, answer = rig.send(path, body)
    assert status in ERRORS
    checked(described, "Error", answer)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_names_everything_and_fetches_nothing(rig: Rig, described: dict[str, Any]) -> None:
    status, headers, text = rig.send("/docs", None)
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["content-security-policy"]
    tags = Tags()
    tags.feed(text)
    assert tags.links == ["openapi.json"]
    assert tags.names.isdisjoint({"script", "link", "img", "iframe"})
    for name in (*described["paths"], *described["components"]["schemas"], *ATTRIBUTES, *map(str, ERRORS)):
        assert name in text


def test_only_get_is_answered_and_hosts_are_not_echoed(rig: Rig) -> None:
    for path in ("/openapi.json", "/docs"):
        assert rig.send(path, "{}")[0] == 405
        _, _, answer = rig.send(path, None, Host='x"><script>')
        assert "<script>" not in (answer if isinstance(answer, str) else json.dumps(answer))
