"""The corpus that courtois carries with it: comments written and labelled for the project.

``python -m data.embedded`` prints the table of the data card.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Any

from data.errors import InputError
from data.record import Comment, Labels, parse_comment
from data.taxonomy import STANCES, SUBTYPES


def embedded_files() -> list[Traversable]:
    """Return the ``*.jsonl`` files of the corpus, by name."""
    folder = files("data").joinpath("corpus")
    return sorted((f for f in folder.iterdir() if f.name.endswith(".jsonl")), key=lambda f: f.name)


def embedded_comments(sources: Iterable[Traversable] | None = None) -> list[Comment]:
    """Read the embedded corpus, parents resolved inside each thread.

    Parameters
    ----------
    sources
        JSON Lines files to read instead of the embedded ones.

    Returns
    -------
    list of Comment
        In file and line order; ``source`` is ``embedded/<file stem>``.

    Raises
    ------
    InputError
        For a line that is no record, an id used twice, or a parent outside the thread.

    >>> comments = embedded_comments()
    >>> len(comments) >= 2850, len({c.id for c in comments}) == len(comments)
    (True, True)
    """
    seen: dict[str, Comment] = {}
    for file in embedded_files() if sources is None else sources:
        for comment in _read(file):
            if comment.id in seen:
                raise InputError(f"id {comment.id} is used twice", where=file.name, fix="make ids unique")
            seen[comment.id] = comment
    return [_with_parent(comment, seen) for comment in seen.values()]


def embedded_digest() -> str:
    """SHA-256 of the corpus files: of one line ``<sha256>  <name>`` per file, as ``sha256sum`` prints."""
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in embedded_files()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def guide_violations(labels: Labels) -> tuple[str, ...]:
    """Say which consistency rules of the annotation guide ``labels`` break.

    >>> guide_violations(Labels(severity=3, insult=1))
    ('severity 3 needs identity_attack or threat',)
    >>> guide_violations(Labels(severity=0, aspersion=0))
    ()
    """
    found = []
    given = {name for name in SUBTYPES if getattr(labels, name)}
    if labels.severity == 3 and not given & {"identity_attack", "threat"}:
        found.append("severity 3 needs identity_attack or threat")
    if labels.severity == 2 and not given & {"insult", "lying_accusation", "profanity", "aspersion"}:
        found.append("severity 2 needs insult, lying_accusation, profanity or aspersion")
    if labels.severity == 1 and given - {"profanity", "aspersion"}:
        found.append("severity 1 has at most profanity or aspersion")
    if labels.severity == 0 and given:
        found.append("severity 0 has no subtype")
    return tuple(found)


def card_table(comments: Sequence[Comment]) -> str:
    """Count labels per file as the Markdown table of the data card."""
    names = ("file", "comments", "threads", *(f"severity {n}" for n in range(4)), *SUBTYPES, *STANCES)
    rows = [[f"`{name}`", *_counts([c for c in comments if c.source == name])] for name in _sources(comments)]
    rows.append(["all", *_counts(comments)])
    lines = [names, ["---"] + ["---:"] * (len(names) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _sources(comments: Sequence[Comment]) -> list[str]:
    return list(dict.fromkeys(c.source or "" for c in comments))


def _counts(comments: Sequence[Comment]) -> list[int]:
    severity = Counter(c.labels.severity for c in comments)
    stance = Counter(c.labels.stance for c in comments)
    return [
        len(comments),
        len({c.thread_id for c in comments}),
        *(severity[n] for n in range(4)),
        *(sum(getattr(c.labels, name) or 0 for c in comments) for name in SUBTYPES),
        *(stance[name] for name in STANCES),
    ]


def _read(file: Traversable) -> list[Comment]:
    source = f"embedded/{PurePath(file.name).stem}"
    comments = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{file.name}:{number}"
        comment = parse_comment(_row(line, where), default_id=where, where=where)
        comments.append(replace(comment, source=source))
    return comments


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", where=f"{where}:{error.colno}") from None
    if not isinstance(row, dict):
        raise InputError("a line must be one JSON object", where=where)
    return row


def _with_parent(comment: Comment, seen: dict[str, Comment]) -> Comment:
    if comment.parent_id is None:
        return comment
    parent = seen.get(comment.parent_id)
    if parent is None or parent.thread_id != comment.thread_id:
        raise InputError(
            f"parent {comment.parent_id} of {comment.id} is not in its thread", where=comment.source or ""
        )
    return replace(comment, parent_text=parent.text)


if __name__ == "__main__":
    print(card_table(embedded_comments()))
