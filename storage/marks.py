"""What the bot keeps about itself, by name: when it last heard from Telegram, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from storage.prepared import Prepared
from storage.tables import MarkRow, table

MARK = table(MarkRow)
_SET = Prepared(
    lambda insert: (
        given := insert(MARK).values({name: bindparam(name) for name in ("name", "at", "note")})
    ).on_conflict_do_update(index_elements=["name"], set_={"at": given.excluded.at, "note": given.excluded.note})
)


@dataclass(frozen=True)
class Mark:
    """When, and what more there is to know (JSON)."""

    at: datetime
    note: dict[str, Any]


def find(connection: Connection, name: str) -> Mark | None:
    """The mark of that name."""
    row = connection.execute(select(MARK.c.at, MARK.c.note).where(MARK.c.name == name)).first()
    return Mark(row.at, row.note) if row is not None else None


def put(connection: Connection, name: str, at: datetime, note: dict[str, Any] | None = None) -> None:
    """Set or replace a mark."""
    _SET.run(connection, name=name, at=at, note=note or {})


def drop(connection: Connection, name: str) -> bool:
    """Take a mark away; whether it was there."""
    return connection.execute(delete(MARK).where(MARK.c.name == name)).rowcount == 1
