"""A queue of many scored comments: how long its first page and a change of filter take.

Comments are recombined from sentences of the embedded corpus and scores are drawn, both with a
seed. A process of its own then opens the store and asks for what the page shows, through the
store alone; its memory is taken at the end. ``--url`` names an empty PostgreSQL database.

    python -m bench.review_queue [--rows 200000] [--url postgresql+psycopg://...]
"""

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from data.embedded import embedded_comments
from data.record import Comment
from data.store import ORDERS, Order, QueueFilter, Store
from data.taxonomy import SUBTYPES

ROWS: Final = 200_000
SEED: Final = 20_261_122
_ROOT: Final = Path(__file__).resolve().parents[1]
_SITES: Final = ("lyon", "paris", "nantes", "lille", "brest", "metz")
_SECTIONS: Final = ("sport", "politique", "culture", "faits divers", "monde", "opinions", "societe", "sante")
_PER_THREAD: Final = 80
_PAGE: Final = 20
_BEGINNING: Final = datetime(2026, 8, 1, tzinfo=UTC)

CHANGES: Final[tuple[tuple[QueueFilter, Order], ...]] = (
    (QueueFilter(site="lyon"), "risk"),
    (QueueFilter(site="lyon", section="sport"), "risk"),
    (QueueFilter(severity=2), "uncertainty"),
    (QueueFilter(subtype="threat", severity=3, section="sante"), "age"),
    (QueueFilter(stance="against", low=0.4, high=0.6), "uncertainty"),
    (QueueFilter(thread_id="t-17"), "age"),
    (QueueFilter(since="2026-08-20", until="2026-08-21"), "age"),
    (QueueFilter(label="insult", low=0.8, flagged_only=True), "risk"),
    (QueueFilter(site="nowhere"), "risk"),
    (QueueFilter(), "uncertainty"),
    (QueueFilter(), "age"),
    (QueueFilter(status="approved", site="metz"), "age"),
    (QueueFilter(status="to_review"), "uncertainty"),
)
"""What a moderator may ask next: common and rare, nothing found, every order."""


def comments(rows: int) -> Iterator[tuple[Comment, dict[str, Any]]]:
    """Synthetic comments with scores, the same at every run."""
    chance = random.Random(SEED)
    embedded = embedded_comments()
    sentences = [s for c in embedded for s in re.split(r"(?<=[.!?…])\s+", c.text) if len(s) > 8]
    titles = sorted({c.article_title for c in embedded if c.article_title})
    for number in range(rows):
        thread = chance.randrange(max(1, rows // _PER_THREAD))
        written = _BEGINNING + timedelta(seconds=chance.randrange(100 * 24 * 3600))
        text = " ".join(chance.choices(sentences, k=chance.choice((1, 1, 2, 2, 3, 5))))
        comment = Comment(
            id=f"c-{number}",
            text=text,
            thread_id=f"t-{thread}",
            author=f"auteur {chance.randrange(max(1, rows // 10))}",
            created_at=written.isoformat(),
            article_title=titles[thread % len(titles)],
            extra={"site": _SITES[thread % len(_SITES)], "rubrique": _SECTIONS[thread % len(_SECTIONS)]},
        )
        yield comment, _scores(chance, text)


def _scores(chance: random.Random, text: str) -> dict[str, Any]:
    uncivil = chance.betavariate(0.5, 1.6)
    impolite = uncivil + (1 - uncivil) * chance.random() * 0.5
    intolerable = uncivil * chance.random()
    favor, against = sorted((chance.random(), chance.random()))
    shares = {"favor": favor, "against": against - favor, "none": 1 - against}
    reasons = [
        {
            "label": label,
            "begin": begin,
            "end": min(len(text), begin + 12),
            "weight": round(chance.random(), 4),
        }
        for label in ("incivility", *chance.sample(SUBTYPES, 2))
        for begin in sorted(chance.randrange(max(1, len(text))) for _ in range(4))
    ]
    return {
        "incivility": uncivil,
        "p_impolite": impolite,
        "p_uncivil": uncivil,
        "p_intolerable": intolerable,
        "severity": sum(p >= 0.5 for p in (impolite, uncivil, intolerable)),
        **{name: chance.betavariate(0.3, 3) for name in SUBTYPES},
        "stance": max(shares, key=lambda name: shares[name]),
        **{f"stance_{name}": share for name, share in shares.items()},
        "action": "hold" if uncivil > 0.8 else "review" if uncivil > 0.4 else "publish",
        "reasons": json.dumps(reasons),
        "bundle": "bench-1",
    }


def fill(url: str, rows: int) -> None:
    """Make the store, and decide a tenth of it so that every status has comments."""
    with Store.open(url) as store:
        store.add_scored(comments(rows))
        for verdict, low in (("approve", 0.0), ("reject", 0.9), ("skip", 0.45), ("escalate", 0.5)):
            seen = store.ids_in_range("incivility", low, low + 0.05, QueueFilter(), rows // 40)
            store.decide_many(seen, verdict, moderator="bench", rule="bench")  # type: ignore[arg-type]


def ask(url: str) -> dict[str, Any]:
    """Ask for what the page shows, in a process that has done nothing else; seconds and megabytes."""
    begin = time.perf_counter()
    with Store.open(url, must_exist="://" not in url) as store:
        store.facets()
        counts = store.status_counts(QueueFilter())
        first = store.lease("anne", QueueFilter(), limit=_PAGE)
        opened = time.perf_counter() - begin
        if len(first) != _PAGE or not counts["pending"]:
            raise SystemExit("bench: the first page is not full")
        changes = [_timed(store, chosen, order) for chosen, order in CHANGES]
        counted = _seconds(lambda: store.status_counts(QueueFilter(severity=2)))
        leased = [_timed(store, QueueFilter(), order) for order in ORDERS]
        deep = store.queue(QueueFilter(), limit=5000)[-1].comment.id
        further = _seconds(lambda: store.queue(QueueFilter(), limit=_PAGE, after=deep))
        drawn = _seconds(lambda: store.histogram("insult", QueueFilter(site="lyon")))
    return {
        "queue_first_page_s": round(opened, 3),
        "queue_filter_s": round(max(changes), 3),
        "queue_filters_s": [round(one, 3) for one in changes],
        "status_counts_s": round(counted, 3),
        "lease_s": [round(one, 3) for one in leased],
        "page_after_5000_s": round(further, 3),
        "histogram_s": round(drawn, 3),
        "store_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _timed(store: Store, chosen: QueueFilter, order: Order) -> float:
    def change() -> None:
        store.release("anne")
        store.status_counts(chosen)
        page = store.lease("anne", chosen, order, limit=_PAGE)
        if any(item.status != chosen.status for item in page):
            raise SystemExit("bench: a page with comments of another status")

    return _seconds(change)


def _seconds(act: Any) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def measure(rows: int = ROWS, url: str | None = None) -> dict[str, Any]:
    """Make a store of ``rows`` comments and time its queue; the figures of ``ask`` and ``rows``.

    Parameters
    ----------
    url
        An empty PostgreSQL database; ``None`` for a SQLite file that is removed afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="courtois-queue-") as folder:
        where = url or str(Path(folder) / "store.sqlite3")
        begin = time.perf_counter()
        fill(where, rows)
        filled = time.perf_counter() - begin
        command = [sys.executable, "-m", "bench.review_queue", "--ask", where]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"bench: the queue cannot be asked:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"queue_rows": rows, "queue_fill_s": round(filled, 1), **found}


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the queue of a large store.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--url", help="an empty PostgreSQL database instead of a file")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    options = parser.parse_args()
    print(json.dumps(ask(options.ask) if options.ask else measure(options.rows, options.url)))


if __name__ == "__main__":
    main()
