"""Which blobs the rows name: what a backup takes, what the doctor looks for, and what a sweep must not touch."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Column, Connection, select, union

from storage.tables import ImportRow, OutboxRow, PhotoRow, table

PHOTO, IMPORT, OUTBOX = table(PhotoRow), table(ImportRow), table(OutboxRow)
COLUMNS: tuple[Column[Any], ...] = (PHOTO.c.original, PHOTO.c.marked, PHOTO.c.sendable, IMPORT.c.original)
UNSAID = ("waiting", "sending", "parked")  # messages whose pictures and files are still to be sent
STREAMED = {"yield_per": 1000}


def list_named(connection: Connection) -> Iterator[str]:
    """Every key that a row names; a key may come twice. Read as it is used, a thousand rows at a time."""
    columns = union(*(select(column).where(column.is_not(None)) for column in COLUMNS))
    for key in connection.execution_options(**STREAMED).execute(columns).scalars():
        yield str(key)
    yield from _unsaid(connection)


def find_named(connection: Connection, keys: Collection[str]) -> set[str]:
    """Those of the keys that a row names."""
    wanted, found = list(keys), set[str]()
    for column in COLUMNS:
        found |= set(connection.execute(select(column).where(column.in_(wanted))).scalars())
    return found | (set(wanted) & set(_unsaid(connection)))


def _unsaid(connection: Connection) -> Iterator[str]:
    statement = select(OUTBOX.c.context).where(OUTBOX.c.state.in_(UNSAID))
    for context in connection.execution_options(**STREAMED).execute(statement).scalars():
        yield from context.get("photos") or ()
        if context.get("file"):
            yield context["file"]["key"]
