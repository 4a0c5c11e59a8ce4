"""What the HTTP service needs of the store: decisions made elsewhere, and API keys."""

from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, select, update

from data.errors import StoreError
from data.record import Comment
from data.store.codec import comment_values, fingerprint, now
from data.store.labelling import LabelRow, write_rows
from data.store.privacy import author_key, erased, pseudonym
from data.store.records import StoredKey
from data.store.tables import api_key, comment, upsert
from data.store.texts import storable

SOURCE: Final = "wire"
"""Source of comments and labels that come from a comment system, and the labels' annotator.

Their decisions are not blind: whoever took them had seen a score. Samples that measure the model
leave this source out.
"""


def wire_id(community: str, token: str) -> str:
    """Give the one id of a (community, token) pair; readable, so that it can be erased by hand.

    >>> wire_id("Coral:https://coral.site.fr", "comment:c1")
    'wire:Coral:https://coral.site.fr#comment:c1'
    """
    return f"wire:{_part(community)}#{_part(token)}"


def _part(text: str) -> str:
    return quote(storable(text), safe=":/@ ,;+=!")


def keep_feedback(
    connection: Connection, community: str, token: str, item: Comment, parent_token: str | None
) -> str | None:
    """Write the comment and its label over what the pair held before; an erased one stays erased."""
    print_ = fingerprint(item.text)
    id_ = wire_id(community, token) if token else wire_id(community, f"text:{print_}")
    if erased(connection, {id_}):
        return None
    at = now()
    author = pseudonym(item.author, author_key(connection))
    row = comment_values(item, author=author, at=at) | {
        "id": id_,
        "source": SOURCE,
        "parent_id": wire_id(community, parent_token) if parent_token else None,
    }
    changed = ("text", "fingerprint", "near", "thread_id", "parent_id", "url", "touched_at")
    statement = upsert(connection, comment).values(row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={name: statement.excluded[name] for name in changed}
        )
    )
    label = LabelRow(labels=item.labels.given(), labelled_at=at, source=SOURCE)
    write_rows(connection, [(id_, SOURCE, label)])
    return id_


def api_keys(connection: Connection) -> list[StoredKey]:
    found = connection.execute(select(api_key).order_by(api_key.c.id)).mappings()
    return [StoredKey(**{str(name): value for name, value in row.items()}) for row in found]


def add_api_key(connection: Connection, name: str, digest: str, rate: float | None) -> None:
    values = {"name": storable(name), "digest": digest, "rate": rate, "created_at": now()}
    statement = upsert(connection, api_key).values(values).on_conflict_do_nothing()
    if connection.execute(statement.returning(api_key.c.id)).first() is None:
        raise StoreError(f"a key named {name!r:.80} exists already", fix="choose another name")


def revoke_api_key(connection: Connection, name: str) -> None:
    known = api_key.c.name == storable(name)
    revoked = update(api_key).where(known, api_key.c.revoked_at.is_(None)).values(revoked_at=now())
    if connection.execute(revoked).rowcount == 0:
        raise StoreError(f"no key named {name!r:.80} is in use", fix="see --list-keys")
