"""Argilla: records with fields and responses, one a line (2.x), or as its server gives them."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from data.errors import InputError
from data.exchange.answers import read_answers
from data.exchange.records import context, extras, rejected
from data.exchange.tools import LeftOut, Read, Users, person, record, refused
from data.formats import Row, plain
from data.record import Comment
from data.taxonomy import SEVERITIES, STANCES, SUBTYPES

NAME: Final = "argilla"
_PEOPLE: Final = "annotators"
_NAMESPACE: Final = uuid.UUID("6f1f6f0e-3c3b-5d0a-9a35-6d3c5d0b7a11")
_HIDDEN: Final = ("id", "labelled_by", "labelled_at", "source", "author")
_SHOWN: Final = ("text", "parent_text", "article_title", "target")

Answers = dict[str, list[tuple[str, Any]]]


def matches(values: Mapping[str, Any]) -> bool:
    """Whether a JSON object is an Argilla record."""
    return isinstance(values.get("fields"), Mapping) and isinstance(values.get("responses"), (Mapping, list))


def read(row: Row, users: Users) -> Iterator[Read]:
    """Labels of every annotator of a record; drafts, discarded responses and suggestions are left out."""
    values, metadata = row.values, row.values.get("metadata")
    fields, responses = values.get("fields"), values.get("responses")
    if not isinstance(fields, Mapping) or not isinstance(responses, (Mapping, list)):
        yield rejected(row, "fields", "no record with fields and responses")
        return
    riding = dict(metadata) if isinstance(metadata, Mapping) else {}
    named = {**_names(riding.pop(_PEOPLE, None)), **users}
    times = _names(riding.pop("labelled_at", None))
    answers, left_out = _by_person(responses)
    yield from [LeftOut("drafts and discarded responses")] * left_out
    if not answers and not left_out:
        yield LeftOut("records without a response")
    default = str(values.get("id") or values.get("external_id") or f"{NAME}-{row.number}")
    for who, given in answers.items():
        try:
            labels = read_answers(given)
        except InputError as error:
            yield refused(row, error)
            continue
        by = person(who, named, NAME)
        at = times.get(by or "")
        yield record(row, {**riding, **fields}, labels, by=by, at=at, default_id=default)


def _by_person(responses: Mapping[str, Any] | list[Any]) -> tuple[Answers, int]:
    """Answers by annotator, and how many responses were not submitted."""
    answers: Answers = defaultdict(list)
    left_out = 0
    if isinstance(responses, list):  # as the server gives them: one entry an annotator
        for one in responses:
            entry = one if isinstance(one, Mapping) else {}
            if entry.get("status") not in (None, "submitted"):
                left_out += 1
                continue
            given = entry.get("values")
            for question, value in given.items() if isinstance(given, Mapping) else ():
                held = value.get("value") if isinstance(value, Mapping) else value
                answers[str(entry.get("user_id") or "")].append((str(question), held))
        return answers, left_out
    for question, entries in responses.items():
        for one in entries if isinstance(entries, list) else ():
            entry = one if isinstance(one, Mapping) else {}
            if entry.get("status") not in (None, "submitted"):
                left_out += 1
                continue
            answers[str(entry.get("user_id") or "")].append((str(question), entry.get("value")))
    return answers, left_out


def _names(cell: Any) -> dict[str, str]:
    """Read the JSON object that `write` put in a metadata string."""
    try:
        found = json.loads(cell) if isinstance(cell, str) else None
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def write(rows: Sequence[Comment]) -> dict[str, Any]:
    """Give the record of one comment with everyone's responses.

    Argilla knows annotators by UUID: each name has one of its own, and metadata says whose it is.
    """
    first = rows[0]
    held = context(first)
    metadata = {k: v for k, v in held.items() if k not in (*_HIDDEN, *_SHOWN)}
    metadata |= {
        k: v if isinstance(v, (str, int, float)) else json.dumps(plain(v)) for k, v in extras(first).items()
    }
    responses: dict[str, list[dict[str, Any]]] = defaultdict(list)
    people, times = {}, {}
    for row in rows:
        if not row.labels:
            continue
        name = row.labelled_by or NAME
        who = str(uuid.uuid5(_NAMESPACE, name))
        people[who], times[name] = name, row.labelled_at
        for question, value in row.labels.given().items():
            responses[question].append({"value": str(value), "user_id": who})
    metadata[_PEOPLE] = json.dumps(people, ensure_ascii=False)
    metadata["labelled_at"] = json.dumps({k: v for k, v in times.items() if v}, ensure_ascii=False)
    if first.source:
        metadata["source"] = first.source
    return {
        "id": first.id,
        "fields": {name: held[name] for name in _SHOWN if name in held},
        "metadata": metadata,
        "suggestions": {},
        "responses": dict(responses),
        "vectors": {},
    }


def template() -> str:
    """Settings of a dataset, as ``settings.json`` of ``Dataset.from_disk`` holds them."""
    flags = dict.fromkeys(SUBTYPES, (("1", "oui"), ("0", "non")))
    levels = tuple((str(level), f"{level} · {name}") for level, name in enumerate(SEVERITIES))
    questions = {"severity": levels, **flags, "stance": tuple((s, s) for s in STANCES)}
    settings = {
        "guidelines": "One comment is one record: docs/labels-exchange.md",
        "allow_extra_metadata": True,
        "fields": [
            {"name": name, "title": name, "required": name == "text", "settings": {"type": "text"}}
            for name in _SHOWN
        ],
        "questions": [
            {
                "name": name,
                "title": name,
                "required": name == "severity",
                "settings": {
                    "type": "label_selection",
                    "options": [{"value": value, "text": shown} for value, shown in options],
                },
            }
            for name, options in questions.items()
        ],
        "metadata": [],
        "vectors": [],
    }
    return json.dumps(settings, ensure_ascii=False, indent=2)
