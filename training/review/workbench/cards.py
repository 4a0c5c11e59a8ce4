"""A queued comment as the browser draws it: plain values, never markup."""

from collections.abc import Mapping
from typing import Any, Final

from data.reasons import suggested
from data.store import QueueItem
from data.taxonomy import ACTIONS, STANCES, SUBTYPES
from training.review.language import band, moment

MAX_SHOWN: Final = 20_000
"""Characters sent of a longer comment until the moderator asks for all of it."""

_LEVELS: Final = ("p_impolite", "p_uncivil", "p_intolerable")
_MAX_PARENT: Final = 3000
_MAX_TITLE: Final = 500

Card = dict[str, Any]


def card(item: QueueItem, *, whole: bool = False) -> Card:
    """One comment with its context and judgement; ``whole`` sends even the longest text."""
    comment = item.comment
    parent = item.parent.text if item.parent is not None else comment.parent_text
    target = comment.stance_target
    return {
        "id": comment.id,
        "v": item.version,
        "status": item.status,
        "by": item.decided_by,
        "at": item.decided_at and moment(item.decided_at),
        "text": comment.text if whole else comment.text[:MAX_SHOWN],
        "size": len(comment.text),
        "title": comment.article_title and comment.article_title[:_MAX_TITLE],
        "parent": parent and clip(parent, _MAX_PARENT),
        "orphan": bool(comment.parent_id and not parent),
        "thread": bool(comment.thread_id),
        "author": author_name(comment.author),
        "when": comment.created_at and moment(comment.created_at),
        "place": " · ".join(part for part in (item.site, item.section) if part),
        "labels": item.labels.given() if item.labels else {},
        "scores": judged(item.scores, target),
    }


def judged(scores: Mapping[str, Any], target: str | None) -> dict[str, Any] | None:
    """What the model says, stance apart; ``None`` for a comment without scores."""
    incivility = scores.get("incivility")
    if incivility is None:
        return None
    stance = scores.get("stance")
    action = scores.get("action")
    return {
        "incivility": round(float(incivility), 4),
        "band": band(float(incivility)),
        "action": action if action in ACTIONS else None,
        "severity": scores.get("severity"),
        "levels": [[name, _number(scores.get(name))] for name in _LEVELS if scores.get(name) is not None],
        "subtypes": [[name, _number(scores[name])] for name in SUBTYPES if scores.get(name) is not None],
        "stance": stance if stance in STANCES else None,
        "stances": [[name, _number(scores.get(f"stance_{name}"))] for name in STANCES],
        "target": target and clip(target, _MAX_TITLE),
        "bundle": str(scores.get("bundle") or "?")[:120],
        "reason": suggested(scores),
    }


def author_name(author: str | None) -> str | None:
    """Short form of a pseudonym, as every page shows it."""
    return author and author.rpartition(":")[2][:8]


def clip(text: str, most: int) -> str:
    """Cut a text that is only shown beside another.

    >>> clip("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)
