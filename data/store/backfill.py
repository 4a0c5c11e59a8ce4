"""Migration 4: the columns that the queue is filtered by, filled for comments stored before."""

import json
from typing import Any, Final

from sqlalchemy import Connection, bindparam, column, select, table

from data.errors import StoreError
from data.store.columns import PROBABILITIES, dated, likeness, place_values, queue_values
from data.store.leases import STATEMENTS as LEASES
from data.store.views import STATEMENTS as VIEWS

_BATCH: Final = 1000
_ADDED: Final = (
    "site TEXT",
    "section TEXT",
    "dated_at TEXT NOT NULL DEFAULT ''",
    "near TEXT NOT NULL DEFAULT ''",
    "risk_order DOUBLE PRECISION NOT NULL DEFAULT 8",
    "distance DOUBLE PRECISION NOT NULL DEFAULT 2",
    "severity INTEGER",
    "stance TEXT",
    *(f"{name} DOUBLE PRECISION" for name in PROBABILITIES),
)
_NAMES: Final = tuple(added.split()[0] for added in _ADDED)
_INDEXED: Final = (
    "status, risk_order, seq, distance, dated_at, site, section, thread_id, severity, stance, action_rank, "
    "incivility, " + ", ".join(PROBABILITIES)
)

STATEMENTS: Final = (
    *(f"ALTER TABLE comment ADD COLUMN {added}" for added in _ADDED),
    "ALTER TABLE decision ADD COLUMN batch TEXT",
    "ALTER TABLE decision ADD COLUMN rule TEXT",
    "CREATE INDEX decision_batch ON decision (batch, id)",
    *LEASES,
    *VIEWS,
)

INDEXES: Final = (
    # every question of the queue is answered from this index without reading the texts
    f"CREATE INDEX comment_work ON comment ({_INDEXED})",
    "DROP INDEX comment_thread",
    "CREATE INDEX comment_thread ON comment (thread_id, status)",
    "CREATE INDEX comment_near ON comment (near, status)",
    "CREATE INDEX comment_author ON comment (author, status, decided_at)",
)

# the table as it is at this migration, whatever later ones make of it
_comment: Final = table(
    "comment",
    *(column(name) for name in ("seq", "text", "extra", "scores", "created_at", "touched_at", *_NAMES)),
)


def fill(connection: Connection) -> None:
    """Derive the new columns of every stored comment from what it came with."""
    after = -1
    wanted = [_comment.c[name] for name in ("seq", "text", "extra", "scores", "created_at", "touched_at")]
    change = _comment.update().where(_comment.c.seq == bindparam("number"))
    change = change.values({name: bindparam(f"new_{name}") for name in _NAMES})
    while True:
        query = select(*wanted).where(_comment.c.seq > after).order_by(_comment.c.seq).limit(_BATCH)
        rows = connection.execute(query).mappings().all()
        if not rows:
            break
        connection.execute(change, [_values(dict(row)) for row in rows])
        after = rows[-1]["seq"]
    for statement in INDEXES:
        connection.exec_driver_sql(statement)


def _values(row: dict[str, Any]) -> dict[str, Any]:
    try:
        scores, extra = json.loads(row["scores"]), json.loads(row["extra"]) or {}
    except ValueError as error:
        raise StoreError(f"row {row['seq']} of the comments is damaged", fix="restore a backup") from error
    found = {
        **queue_values(scores),
        **place_values(extra),
        "dated_at": dated(row["created_at"], row["touched_at"]),
        "near": likeness(row["text"]),
    }
    return {f"new_{name}": found[name] for name in _NAMES} | {"number": row["seq"]}
