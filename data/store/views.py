"""Filters that a moderator saved under a name."""

import json
from typing import Final

from sqlalchemy import Column, Connection, Table, Text, delete, select

from data.errors import InputError
from data.store.codec import dumps, now
from data.store.filters import Order, QueueFilter, check_order
from data.store.queue_records import SavedView
from data.store.tables import METADATA, upsert
from data.store.texts import storable

MAX_NAME: Final = 80
MAX_VIEWS: Final = 100

view = Table(
    "saved_view",
    METADATA,
    Column("owner", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("filter", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
)

STATEMENTS: Final = (
    """CREATE TABLE saved_view (
        owner TEXT NOT NULL, name TEXT NOT NULL, filter TEXT NOT NULL, sort TEXT NOT NULL,
        saved_at TEXT NOT NULL, PRIMARY KEY (owner, name))""",
)


def save(connection: Connection, owner: str, name: str, given: QueueFilter, order: Order) -> None:
    """Keep a view, over the one of the same name; InputError for a name that cannot be used."""
    check_order(order)
    name = storable(name.strip())
    if not name or len(name) > MAX_NAME:
        raise InputError("the view's name cannot be used", fix=f"give 1 to {MAX_NAME} characters")
    known = {saved.name for saved in listed(connection, owner)}
    if name not in known and len(known) >= MAX_VIEWS:
        raise InputError(f"{MAX_VIEWS} views are saved already", fix="delete one first")
    values = {"filter": dumps(given.to_dict()), "sort": order, "saved_at": now()}
    statement = upsert(connection, view).values(owner=storable(owner), name=name, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["owner", "name"], set_=values))


def listed(connection: Connection, owner: str) -> list[SavedView]:
    """Views of one owner by name."""
    query = select(view).where(view.c.owner == storable(owner)).order_by(view.c.name)
    return [
        SavedView(
            name=row["name"], filter=QueueFilter.from_dict(json.loads(row["filter"])), order=row["sort"]
        )
        for row in connection.execute(query).mappings()
    ]


def drop(connection: Connection, owner: str, name: str) -> None:
    gone = (view.c.owner == storable(owner)) & (view.c.name == storable(name.strip()))
    connection.execute(delete(view).where(gone))
