"""What the readers of annotation tools share: records out of nested rows, names, rows left out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from data.errors import InputError
from data.exchange.records import bounded, rejected, unlabelled
from data.formats import Rejection, Row, to_comment
from data.record import Comment, Labels
from data.taxonomy import LABEL_COLUMNS

_COLUMN: Final = re.compile(r"column (\w+): (.*)", re.DOTALL)
Users = Mapping[str, str]
"""Name of each annotator by the id that the tool gives."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is sound but carries no person's judgement, such as a comment nobody decided on."""

    reason: str


Read = Comment | Rejection | LeftOut


def record(
    row: Row, fields: Mapping[str, Any], answers: Labels, *, by: str | None, at: Any, default_id: str
) -> Comment | Rejection:
    """One annotator's word on the comment in ``fields``, or why it cannot be one."""
    kept = {name: value for name, value in fields.items() if name not in LABEL_COLUMNS}
    made = to_comment(replace(row, values=kept), labels=False, default_id=default_id)
    if isinstance(made, Rejection):
        return rejected(row, made.column, made.reason)
    if not answers:
        return unlabelled(row)
    when = at if isinstance(at, str) else None
    said = replace(
        made, labels=answers, labelled_by=by or made.labelled_by, labelled_at=when or made.labelled_at
    )
    return bounded(said, row)


def refused(row: Row, error: InputError) -> Rejection:
    """Set a row aside for a value outside the guide."""
    named = _COLUMN.fullmatch(error.what)
    reason = f"{named[2] if named else error.what}{f'; {error.fix}' if error.fix else ''}"
    return rejected(row, named[1] if named else None, reason)


def person(given: Any, users: Users, tool: str) -> str | None:
    """Name of an annotator: as ``users`` says, else an address or login, else ``tool-id``.

    >>> person({"id": 3, "email": "anne@journal.example"}, {}, "label-studio")
    'anne@journal.example'
    >>> person(3, {"3": "anne"}, "label-studio"), person(4, {}, "label-studio")
    ('anne', 'label-studio-4')
    """
    if isinstance(given, Mapping):
        known = [str(given[key]) for key in ("email", "username", "id") if given.get(key) not in (None, "")]
        if not known:
            return None
        named = next((users[name] for name in known if name in users), known[0])
        return f"{tool}-{named}" if named == str(given.get("id")) else named
    if given is None or isinstance(given, (list, bool)) or given == "":
        return None
    name = str(given)
    return users.get(name) or (f"{tool}-{name}" if name.isdigit() else name)


def dig(values: Any, path: str) -> Any:
    """Give the value at a dotted path, which a table may also have as a column of that name.

    >>> dig({"a": {"b": 1}}, "a.b"), dig({"a.b": "1"}, "a.b"), dig({"a": None}, "a.b")
    (1, '1', None)
    """
    if not isinstance(values, Mapping):
        return None
    if path in values:
        return values[path]
    head, dot, rest = path.partition(".")
    return dig(values.get(head), rest) if dot else None


def grouped(labelled: Iterable[Comment]) -> Iterator[list[Comment]]:
    """Rows of the same comment, which stand together."""
    rows: list[Comment] = []
    for row in labelled:
        if rows and rows[0].id != row.id:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows
