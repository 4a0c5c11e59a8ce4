"""doccano: JSON Lines of a text classification project, one file per annotator."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final

from data.errors import InputError
from data.exchange.answers import read_words, words_of
from data.exchange.records import context, extras, rejected
from data.exchange.tools import LeftOut, Read, Users, record, refused
from data.formats import Row
from data.record import Comment
from data.taxonomy import LABEL_COLUMNS, STANCES, SUBTYPES

NAME: Final = "doccano"
_SHARED: Final = frozenset(("all", "unknown", "stdin"))
"""Names of files that hold the labels of nobody in particular."""


def matches(values: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a classified text, without label columns of ours."""
    return "text" in values and isinstance(_words(values), list) and not values.keys() & set(LABEL_COLUMNS)


def read(row: Row, users: Users) -> Iterator[Read]:
    """Labels of one text; doccano names each annotator's file after them."""
    values = row.values
    words = _words(values)
    if words is None:
        yield rejected(row, "label", "no list of labels")
        return
    if not words:
        yield LeftOut("texts without a label")
        return
    if any(isinstance(word, (list, dict)) for word in words):
        yield rejected(row, "label", "labels of spans: export a text classification project")
        return
    try:
        labels = read_words(words)
    except InputError as error:
        yield refused(row, error)
        return
    fields = {
        k: v for k, v in values.items() if k not in ("label", "labels", "id", "Comments", "meta", "metadata")
    }
    for nested in ("meta", "metadata"):
        held = values.get(nested)
        fields = {**held, **fields} if isinstance(held, Mapping) else fields
    given = fields.pop("comment_id", None)
    fields["id"] = given if given not in (None, "") else f"{NAME}-{values.get('id', row.number)}"
    stem = PurePath(row.source).name.split(".", 1)[0]
    by = fields.get("labelled_by") or (None if stem in _SHARED else users.get(stem, stem))
    at = fields.get("labelled_at")
    yield record(row, fields, labels, by=None if by is None else str(by), at=at, default_id=str(fields["id"]))


def _words(values: Mapping[str, Any]) -> list[Any] | None:
    words = values.get("label", values.get("labels"))
    if isinstance(words, str):
        return [words]
    return words if isinstance(words, list) else None


def write(comment: Comment) -> dict[str, Any]:
    """Give one text with its labels; doccano keeps the other columns and numbers texts itself."""
    held = context(comment)
    text, id_ = held.pop("text"), held.pop("id")
    return {"text": text, "label": words_of(comment.labels), "comment_id": id_, **held, **extras(comment)}


def template() -> str:
    """Label definitions, as doccano's label page imports them."""
    names = [f"severity={level}" for level in range(4)]
    names += [f"{name}={value}" for name in SUBTYPES for value in (1, 0)]
    names += [f"stance={name}" for name in STANCES]
    return json.dumps([{"text": name} for name in names], ensure_ascii=False, indent=2)
