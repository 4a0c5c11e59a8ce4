"""A store as a small team leaves it: the sample thread, a few invented threads, their decisions."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from data.embedded import embedded_comments
from data.formats import read_comments
from data.reasons import suggested
from data.record import Comment, Labels
from data.store import Draft, Store, batches, deciding, journal_acts
from data.store.filters import QueueFilter
from model.scorer import Scorer

ROOT = Path(__file__).resolve().parents[2]
SAMPLE: Final = ROOT / "data" / "sample" / "thread.jsonl"
THREADS: Final = {
    "i-t060": ("journal.example", "monde"),
    "g-t015": ("sport.journal.example", "football"),
    "a-t01": ("journal.example", "tech"),
    "p-t070": ("journal.example", "region"),
    "l-t015": ("sport.journal.example", "football"),
    "h-t040": ("journal.example", "societe"),
    "r-t005": ("sport.journal.example", "football"),
}
"""Threads of the embedded corpus, with a site and a section for each."""

_MODERATORS: Final = ("Anne", "Bilal")


def comments() -> Iterator[Comment]:
    """The sample thread, then the others, written over the last six days."""
    for found in read_comments(SAMPLE):
        assert isinstance(found, Comment)
        yield replace(found, extra={"site": "journal.example", "rubrique": "tech"})
    begin = datetime.now(UTC) - timedelta(days=6)
    chosen = [comment for comment in embedded_comments() if comment.thread_id in THREADS and _mild(comment)]
    for number, comment in enumerate(chosen):
        site, section = THREADS[str(comment.thread_id)]
        yield replace(
            comment,
            labels=Labels(),
            source=None,
            author=f"pseudo-{number % 11}",
            created_at=(begin + number * timedelta(days=6) / len(chosen)).isoformat(timespec="seconds"),
            extra={"site": site, "rubrique": section},
        )


def _mild(comment: Comment) -> bool:
    """Whether a comment can stand in a manual: rude perhaps, but an attack on nobody's kind."""
    given = comment.labels
    return (given.severity or 0) < 3 and not given.identity_attack and not given.threat


def fill(store: Store) -> None:
    """Score the comments into ``store`` and decide on a part of them, as people and by a rule."""
    scorer, given = Scorer.load(ROOT / "model" / "shipped"), list(comments())
    judged = scorer.score_many(given)
    rows = [(comment, one.columns()) for comment, one in zip(given, judged, strict=True)]
    store.add_scored(rows)
    with ExitStack() as stack:  # what is measured of the team's pace needs time between decisions
        for room in (deciding, batches, journal_acts):
            stack.enter_context(patch.object(room, "now", _Clock()))
        _decide(store)
    left = store.queue(QueueFilter(), limit=30)
    store.list_tasks([Draft(comment_id=item.comment.id, kind="active") for item in left[-6:]])


class _Clock:
    """Moments of one working session, shared by all who ask; it ended a minute ago."""

    moment = datetime.now(UTC) - timedelta(minutes=45)

    def __call__(self) -> str:
        type(self).moment += timedelta(seconds=24 + self.moment.second % 17)
        return min(self.moment, datetime.now(UTC)).isoformat(timespec="milliseconds")


def _decide(store: Store) -> None:
    calm = store.ids_in_range("incivility", 0.0, 0.03, QueueFilter(), 12)
    store.decide_many(calm, "approve", moderator="Anne", rule="Incivilité de 0 % à 3 %")
    waiting = store.queue(QueueFilter(), limit=80)[::-1]
    for number, item in enumerate(waiting[4:]):
        who = _MODERATORS[number % 2]
        act: dict[str, Any] = {"moderator": who, "version": item.version}
        uncivil = float(item.scores["incivility"]) > 0.5
        if number % 5 == 0:
            continue  # somebody else's turn
        if number == 3:
            store.decide(item.comment.id, "escalate", **act)
        elif number == 6:
            store.decide(item.comment.id, "skip", **act)
        elif uncivil:
            reason = None if number % 7 == 0 else suggested(item.scores)
            store.decide(item.comment.id, "reject", labels=Labels(severity=2), reason=reason, **act)
        else:
            store.decide(item.comment.id, "approve", labels=Labels(severity=0), **act)
    store.undo("Bilal")
    rejected = store.queue(QueueFilter(status="rejected"), limit=1)[0]
    store.justify(
        rejected.comment.id,
        moderator="Anne",
        reason="insult",
        statement="Le commentaire s’en prend à une personne nommée dans l’article. La décision a été prise "
        "par une personne. Vous pouvez en demander le réexamen pendant six mois.",
        origin="other_notice",
    )


def call(service: str, times: int = 12) -> None:
    """Ask the HTTP service at ``service`` for scores, as a comment system would."""
    for number in range(times):
        text = f"Merci pour cet article, numéro {number}."
        asked = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["fr"]}
        request = urllib.request.Request(
            f"{service}/v1alpha1/comments:analyze",
            json.dumps(asked).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200
