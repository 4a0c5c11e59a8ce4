"""A Coral database export made of the embedded corpus, with Perspective's scores simulated."""

import json
import math
import random
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from data.record import Comment

THRESHOLD = 0.8
START = 1_767_225_600_000  # 2026-01-01
DAY = 86_400_000


def perspective(comment: Comment, lot: random.Random) -> float:
    """A score that rises with severity, with the noise of another model."""
    height = -2.2 + 1.3 * (comment.labels.severity or 0) + lot.gauss(0, 0.9)
    return round(1 / (1 + math.exp(-height)), 6)


def revision(key: str, text: str, score: float | None, at: int, **metadata: Any) -> dict[str, Any]:
    held: dict[str, Any] = {"nudge": True, **metadata}
    if score is not None:
        held["perspective"] = {"score": score, "model": "TOXICITY"}
    flagged = score is not None and score > THRESHOLD
    return {
        "id": key,
        "body": f"<div>{escape(text)}<br></div>",
        "actionCounts": {"FLAG": 1, "FLAG__COMMENT_DETECTED_TOXIC": 1} if flagged else {},
        "metadata": held,
        "createdAt": {"$date": at},
    }


def act(comment: str, status: str, at: int, *, moderator: str | None = "m1", **more: Any) -> dict[str, Any]:
    return {
        "_id": {"$oid": f"{at:024x}"},
        "id": f"a-{comment}-{at}",
        "commentID": comment,
        "commentRevisionID": f"{comment}-r",
        "status": status,
        "moderatorID": moderator,
        "createdAt": {"$date": at},
        **more,
    }


def export(
    comments: Iterable[Comment], *, seed: int = 0
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Documents of ``comments`` and of ``commentModerationActions``.

    A moderator reads what Perspective held and a fifth of the rest; one comment in 20 is the
    house's own (approved by rule, never scored), one in 25 was timed out, one in 10 was edited.
    """
    lot = random.Random(seed)
    documents, acts = [], []
    for number, comment in enumerate(comments):
        key, at = f"c{number}", START + number * 20 * 60_000
        staff, late, edited = number % 20 == 7, number % 25 == 3, number % 10 == 5
        score = None if staff or late else perspective(comment, lot)
        revisions = [revision(f"{key}-r", comment.text, score, at + edited * 1000)]
        if edited:
            revisions.insert(0, revision(f"{key}-r0", "Brouillon", 0.05, at))
        status = "APPROVED" if staff else "NONE"
        if not staff and ((score or 0) > THRESHOLD or number % 5 == 0):
            status = "REJECTED" if (comment.labels.uncivil or 0) else "APPROVED"
            acts.append(act(key, status, at + 60_000))
        documents.append(
            {
                "_id": {"$oid": f"{number:024x}"},
                "tenantID": "t",
                "siteID": "s",
                "id": key,
                "storyID": comment.thread_id,
                "authorID": f"u{number % 50}",
                "parentID": None,
                "revisions": revisions,
                "status": status,
                "tags": [{"type": "STAFF"}] if staff else [],
                "createdAt": {"$date": at},
                "deletedAt": None,
            }
        )
    return documents, acts


def write(path: Path, documents: Sequence[dict[str, Any]]) -> str:
    """JSON Lines, as mongoexport writes them."""
    path.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), encoding="utf-8")
    return str(path)
