"""Pseudonyms, erasure and retention."""

import hashlib
import hmac
import os
import re
import secrets
from typing import Final

from sqlalchemy import Connection, delete, select, update

from data.store.codec import dumps, now
from data.store.tables import comment, decision, label, meta, upsert

ERASED: Final = "erase"
_HASHED: Final = re.compile(r"hmac:[0-9a-f]{64}")


def author_key(connection: Connection) -> bytes:
    """Get the key of the author hashes: ``COURTOIS_AUTHOR_KEY``, else the store's own.

    The store's own is made at first use. Under another key the same author has another hash.
    """
    if given := os.environ.get("COURTOIS_AUTHOR_KEY"):
        return given.encode()
    fresh = {"key": "author_key", "value": secrets.token_hex(32)}
    connection.execute(upsert(connection, meta).values(fresh).on_conflict_do_nothing())
    return str(connection.scalar(select(meta.c.value).where(meta.c.key == "author_key"))).encode()


def pseudonym(author: str | None, key: bytes) -> str | None:
    """Hash a name with the key; one that is already such a hash stays (a reimported export).

    >>> name = pseudonym("Zoé", b"key")
    >>> len(name), pseudonym(name, b"another key") == name
    (69, True)
    """
    if not author or _HASHED.fullmatch(author):
        return author or None
    return "hmac:" + hmac.new(key, author.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def erase(connection: Connection, comment_ids: list[str], *, by: str) -> int:
    """Forget comments: rows, labels, and the copies of their text that replies carry.

    The journal keeps who did what, when and for which reason, without labels and statements, and
    a tombstone per comment.
    """
    if not comment_ids:
        return 0
    held = connection.execute(
        select(comment.c.id, comment.c.status).where(comment.c.id.in_(comment_ids))
    ).all()
    ids = [row.id for row in held]
    connection.execute(update(comment).where(comment.c.parent_id.in_(ids)).values(parent_text=None))
    connection.execute(delete(label).where(label.c.comment_id.in_(ids)))
    connection.execute(delete(comment).where(comment.c.id.in_(ids)))
    connection.execute(
        update(decision)
        .where(decision.c.comment_id.in_(ids))
        .values(labels="{}", previous_label=None, statement=None)
    )
    at = now()
    stones = [
        {
            "comment_id": row.id,
            "kind": ERASED,
            "moderator": by,
            "decided_at": at,
            "labels": dumps({}),
            "previous_status": row.status,
        }
        for row in held
    ]
    if stones:
        connection.execute(decision.insert(), stones)
    return len(ids)


def erased(connection: Connection, comment_ids: set[str]) -> set[str]:
    """Those of ``comment_ids`` that were erased and must not come back."""
    found = connection.scalars(
        select(decision.c.comment_id).where(decision.c.kind == ERASED, decision.c.comment_id.in_(comment_ids))
    )
    return set(found)
