"""Label Studio: tasks with their annotations as JSON, and the flat JSON-MIN and CSV exports."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from data.errors import InputError
from data.exchange.answers import read_answers
from data.exchange.records import context, extras, rejected
from data.exchange.tools import LeftOut, Read, Users, dig, person, record, refused
from data.formats import Row
from data.record import Comment, Labels
from data.taxonomy import SEVERITIES, STANCES, SUBTYPES

NAME: Final = "label-studio"
_PER_COMMENT: Final = ("labelled_by", "labelled_at", "source")
_OWN: Final = ("annotation_id", "annotator", "created_at", "updated_at", "lead_time", "id")


def matches(values: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a task, or a row of JSON-MIN."""
    task = isinstance(values.get("data"), Mapping) and isinstance(values.get("annotations"), list)
    return task or {"annotation_id", "annotator"} <= values.keys()


def read(row: Row, users: Users) -> Iterator[Read]:
    """Labels of every annotation of a task; predictions and cancelled annotations are left out."""
    values = row.values
    if "annotation_id" in values and "data" not in values:
        yield _flat(row, users)
        return
    fields, annotations = values.get("data"), values.get("annotations")
    if not isinstance(fields, Mapping) or not isinstance(annotations, list):
        yield rejected(row, "annotations", "no task with data and annotations")
        return
    if not annotations:
        yield LeftOut("tasks without an annotation")
    for annotation in annotations:
        yield _annotated(row, fields, annotation, users)


def _annotated(row: Row, fields: Mapping[str, Any], annotation: Any, users: Users) -> Read:
    if not isinstance(annotation, Mapping):
        return rejected(row, "annotations", "not an annotation")
    if annotation.get("was_cancelled"):
        return LeftOut("cancelled annotations")
    result = annotation.get("result")
    if not isinstance(result, list):
        return rejected(row, "result", "not a list of results")
    try:
        labels = read_answers(_answers(result))
    except InputError as error:
        return refused(row, error)
    by = annotation.get("annotator") or person(annotation.get("completed_by"), users, NAME)
    at = annotation.get("labelled_at") or annotation.get("updated_at") or annotation.get("created_at")
    return record(row, _fields(fields), labels, by=_text(by), at=at, default_id=_default(row))


def _answers(result: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for item in result:
        for kind in ("choices", "rating", "number", "taxonomy"):
            value = dig(item, f"value.{kind}")
            if value is not None:
                yield str(item.get("from_name")), value


def _flat(row: Row, users: Users) -> Read:
    values = row.values
    answers = {k: v["choices"] if isinstance(v, Mapping) and "choices" in v else v for k, v in values.items()}
    try:
        labels = read_answers((k, v) for k, v in answers.items() if v not in (None, ""))
    except InputError as error:
        return refused(row, error)
    fields = {k: v for k, v in values.items() if k not in _OWN and k != "types"}
    at = values.get("updated_at") or values.get("created_at")
    by = person(values.get("annotator"), users, NAME)
    return record(row, _fields(fields), labels, by=by, at=at, default_id=_default(row))


def _fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The task's data, in which our id may stand as ``comment_id``."""
    own = dict(fields)
    given = own.pop("comment_id", None)
    if given not in (None, ""):
        own["id"] = given
    return own


def _default(row: Row) -> str:
    given = row.values.get("id")
    return f"{NAME}-{row.number if given in (None, '') else given}"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def write(rows: Sequence[Comment]) -> dict[str, Any]:
    """Give the task of one comment, with an annotation for each annotator.

    Annotators are named in ``annotator``, which Label Studio passes over: it knows none of them.
    """
    first = rows[0]
    fields = {k: v for k, v in (context(first) | extras(first)).items() if k not in (*_PER_COMMENT, "id")}
    annotations = [
        {"annotator": row.labelled_by, "labelled_at": row.labelled_at, "result": results(row.labels)}
        for row in rows
        if row.labels
    ]
    if first.source:
        fields["source"] = first.source
    return {"data": {"comment_id": first.id, **fields}, "annotations": annotations}


def results(labels: Labels) -> list[dict[str, Any]]:
    """Choices of the template's controls."""
    return [
        {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [shown(name, value)]}}
        for name, value in labels.given().items()
    ]


def shown(name: str, value: int | str) -> str:
    """Choice of the template that stands for a label's value.

    >>> shown("severity", 2), shown("insult", 1), shown("stance", "favor")
    ('2 · uncivil', 'oui', 'favor')
    """
    if name == "severity":
        return f"{value} · {SEVERITIES[int(value)]}"
    return str(value) if name == "stance" else ("oui" if value else "non")


def template() -> str:
    """Labelling configuration whose answers `read` takes without any mapping."""
    lines = [
        "<View>",
        '  <Header value="$article_title" size="5"/>',
        '  <Text name="parent" value="$parent_text"/>',
    ]
    lines += [
        '  <Text name="text" value="$text"/>',
        *_choices("severity", "Gravité", range(4), required=True),
    ]
    for name in SUBTYPES:
        lines += _choices(name, name, (1, 0))
    return "\n".join([*lines, *_choices("stance", "Position", STANCES), "</View>"])


def _choices(name: str, title: str, values: Iterable[int | str], *, required: bool = False) -> list[str]:
    must = ' required="true"' if required else ""
    opened = f'  <Choices name="{name}" toName="text" choice="single-radio" showInLine="true"{must}>'
    inside = [f'    <Choice value="{shown(name, value)}"/>' for value in values]
    return [f'  <Header value="{title}" size="6"/>', opened, *inside, "  </Choices>"]
