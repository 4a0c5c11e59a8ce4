"""The comment record: one comment with its thread and, where it has them, its labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, cast

from data.errors import InputError
from data.taxonomy import LABEL_COLUMNS, STANCES, UNCIVIL, Stance

CONSENSUS: Final = "consensus"
"""``labelled_by`` of a row that stands for several people."""

MAX_TEXT: Final = 1_000_000
"""Longest accepted comment, in characters; a longer one is set aside, not cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a person said of a comment; ``None`` where they said nothing."""

    severity: int | None = None
    incivility: int | None = None
    insult: int | None = None
    profanity: int | None = None
    identity_attack: int | None = None
    threat: int | None = None
    aspersion: int | None = None
    lying_accusation: int | None = None
    stance: Stance | None = None

    @property
    def uncivil(self) -> int | None:
        """Incivility 0/1: severity decides where both are given.

        >>> Labels(severity=3).uncivil, Labels(incivility=0).uncivil, Labels().uncivil
        (1, 0, None)
        """
        return self.incivility if self.severity is None else int(self.severity >= UNCIVIL)

    def given(self) -> dict[str, int | str]:
        """Columns that carry a label."""
        values = ((name, getattr(self, name)) for name in LABEL_COLUMNS)
        return {name: value for name, value in values if value is not None}

    def __bool__(self) -> bool:
        return bool(self.given())


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One reader comment.

    ``parent_text`` is resolved by whoever reads the thread; ``author`` is any string and is
    stored only as a keyed hash; ``extra`` holds the columns that ride along.
    Lines of ``text`` that start with ``>`` are quotations, not the author's words.
    """

    text: str
    id: str
    thread_id: str | None = None
    parent_id: str | None = None
    parent_text: str | None = None
    author: str | None = None
    created_at: str | None = None
    article_title: str | None = None
    target: str | None = None
    url: str | None = None
    labels: Labels = Labels()
    labelled_by: str | None = None
    labelled_at: str | None = None
    source: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stance_target(self) -> str | None:
        """What stance is judged towards: the target, else the article's title."""
        return self.target or self.article_title

    @property
    def drawn_blind(self) -> bool:
        """Whether an export says that it was drawn by lot and read without scores."""
        return bool(self.extra.get("sampling") == "blind")


TEXT_COLUMNS: Final = tuple(
    f.name for f in fields(Comment) if f.name not in ("text", "labels", "extra", "id")
)
"""Optional string columns of the record."""


def parse_labels(row: Mapping[str, Any], *, where: str = "") -> Labels:
    """Read the label columns of ``row``; empty cells and missing columns are no label.

    Raises
    ------
    InputError
        For a value outside the annotation guide; the message names the column.

    >>> parse_labels({"severity": "2", "insult": 1.0, "stance": ""})
    Labels(severity=2, incivility=None, insult=1, profanity=None, identity_attack=None, \
threat=None, aspersion=None, lying_accusation=None, stance=None)
    """
    given: dict[str, Any] = {}
    for name in LABEL_COLUMNS:
        value = row.get(name)
        if value is None or value == "" or value != value:
            continue
        given[name] = _stance(value, where) if name == "stance" else _level(name, value, where)
    return Labels(**given)


def _stance(value: Any, where: str) -> Stance:
    if value not in STANCES:
        raise InputError(
            f"column stance: {value!r:.40} is no label", where=where, fix="use favor, against or none"
        )
    return cast(Stance, value)


def _level(name: str, value: Any, where: str) -> int:
    top = 3 if name == "severity" else 1
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if number not in range(top + 1):
        raise InputError(f"column {name}: {value!r:.40} is no label", where=where, fix=f"use 0 to {top}")
    return int(number)


def parse_comment(row: Mapping[str, Any], *, default_id: str, where: str = "") -> Comment:
    """Turn one row of a dump or export into a record.

    Cells of optional columns become strings; empty ones become ``None``. Columns that the
    record does not know are kept in ``extra``.

    Raises
    ------
    InputError
        For an absent, empty or over-long text, or a label outside the guide.
    """
    text = row.get("text")
    if text is None or not str(text).strip():
        raise InputError("column text: empty", where=where)
    if len(str(text)) > MAX_TEXT:
        raise InputError(
            f"column text: {len(str(text))} characters, at most {MAX_TEXT} are read", where=where
        )
    known: dict[str, Any] = {name: _text(row.get(name)) for name in TEXT_COLUMNS}
    extra = {k: v for k, v in row.items() if k not in _OWN}
    return Comment(
        text=str(text),
        id=_text(row.get("id")) or default_id,
        labels=parse_labels(row, where=where),
        extra=extra,
        **known,
    )


_OWN: Final = frozenset((*TEXT_COLUMNS, *LABEL_COLUMNS, "id", "text"))


def _text(value: Any) -> str | None:
    return None if value is None or value == "" or value != value else str(value)


__all__ = ["MAX_TEXT", "TEXT_COLUMNS", "Comment", "Labels", "parse_comment", "parse_labels"]
