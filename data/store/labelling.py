"""What people said: one row per comment and annotator, and how rows are put together."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from data.record import Labels
from data.store.codec import dumps, now
from data.store.tables import label, upsert
from data.taxonomy import UNCIVIL

Given = Mapping[str, int | str]

REVIEW: Final = "review"
_IMPLIED: Final = {"approve": 0, "reject": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """One annotator's word on one comment."""

    labels: Given = field(default_factory=dict)
    verdict: str | None = None
    labelled_at: str = ""
    source: str = REVIEW

    @property
    def effective(self) -> dict[str, int | str]:
        """Labels given, and the incivility that a verdict implies where none was given.

        >>> LabelRow(verdict="reject").effective
        {'incivility': 1}
        >>> LabelRow(labels={"severity": 1}, verdict="reject").effective
        {'severity': 1}
        """
        labels = dict(self.labels)
        if self.verdict in _IMPLIED and not labels.keys() & {"severity", "incivility"}:
            labels["incivility"] = _IMPLIED[self.verdict]
        return labels


def merge(before: Given, given: Given) -> dict[str, int | str]:
    """Lay newer labels over older ones; an older one that contradicts a newer one goes.

    >>> merge({"incivility": 0, "insult": 1}, {"severity": 2})
    {'insult': 1, 'severity': 2}
    """
    merged = {**before, **given}
    if "severity" in merged and "incivility" in merged:
        uncivil = int(int(merged["severity"]) >= UNCIVIL)
        if uncivil != merged["incivility"]:
            del merged["severity" if "incivility" in given and "severity" not in given else "incivility"]
    return merged


def restore(current: Given, before: Given, given: Given) -> dict[str, int | str]:
    """Take ``given`` back out of ``current``; labels that it never touched stay."""
    after = merge(before, given)
    touched = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    kept = {key: value for key, value in current.items() if key not in touched}
    return kept | {key: before[key] for key in touched & before.keys()}


def read_row(connection: Connection, comment_id: str, annotator: str) -> LabelRow | None:
    found = connection.execute(
        select(label).where(label.c.comment_id == comment_id, label.c.annotator == annotator)
    ).mappings()
    return next(map(to_row, found), None)


def to_row(row: Mapping[Any, Any]) -> LabelRow:
    return LabelRow(
        labels=json.loads(row["labels"]),
        verdict=row["verdict"],
        labelled_at=row["labelled_at"],
        source=row["source"],
    )


def write_rows(connection: Connection, rows: Iterable[tuple[str, str, LabelRow]]) -> None:
    """Write (comment id, annotator, row), replacing what that annotator had there."""
    at = now()
    values = [
        {
            "comment_id": comment_id,
            "annotator": annotator,
            "labels": dumps(dict(row.labels)),
            "verdict": row.verdict,
            "labelled_at": row.labelled_at or at,
            "source": row.source,
            "changed_at": at,
        }
        for comment_id, annotator, row in rows
    ]
    if values:
        statement = upsert(connection, label)
        changed = {c.name: statement.excluded[c.name] for c in label.c if not c.primary_key}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["comment_id", "annotator"], set_=changed), values
        )


def drop_row(connection: Connection, comment_id: str, annotator: str) -> None:
    connection.execute(delete(label).where(label.c.comment_id == comment_id, label.c.annotator == annotator))


def merged_labels(connection: Connection, comment_ids: Collection[str]) -> dict[str, Labels]:
    """Labels of comments over all annotators, the latest change on top."""
    found = connection.execute(
        select(label.c.comment_id, label.c.labels)
        .where(label.c.comment_id.in_(comment_ids))
        .order_by(label.c.changed_at, label.c.annotator)
    )
    merged: dict[str, dict[str, int | str]] = {}
    for comment_id, cell in found:
        merged[comment_id] = merge(merged.get(comment_id, {}), json.loads(cell))
    return {comment_id: Labels(**given) for comment_id, given in merged.items()}  # type: ignore[arg-type]
