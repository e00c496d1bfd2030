"""Which blobs the rows name: what a backup takes, what the doctor looks for, and what a sweep must not touch."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, inspect, select, union

from storage import marks
from storage.blobs import digest_of
from storage.tables import ImportRow, OutboxRow, PhotoPairRow, PhotoRow, VisitWitnessRow, table

PHOTO, PAIR, IMPORT, OUTBOX = table(PhotoRow), table(PhotoPairRow), table(ImportRow), table(OutboxRow)
WITNESS = table(VisitWitnessRow)
COPIES: tuple[Column[Any], ...] = (
    *(PHOTO.c.marked, PHOTO.c.sendable, PAIR.c.picture, IMPORT.c.original),
    WITNESS.c.recording,
)
COLUMNS = (PHOTO.c.original, *COPIES)
UNSAID = ("waiting", "sending", "parked")  # messages whose pictures and files are still to be sent
STORE_MARK = "photo store"  # the mark that says by which name this database owns its store
STREAMED = {"yield_per": 1000}


def list_named(connection: Connection) -> Iterator[str]:
    """Every key that a row names; a key may come twice. Read as it is used, a thousand rows at a time.

    Also of a database of an earlier release, which is backed up before it is brought up to date.
    """
    columns = union(*(select(column).where(column.is_not(None)) for column in _there(connection)))
    for key in connection.execution_options(**STREAMED).execute(columns).scalars():
        yield str(key)
    yield from _unsaid(connection)


def _there(connection: Connection) -> list[Column[Any]]:
    tables = inspect(connection).get_multi_columns(filter_names=[column.table.name for column in COLUMNS])
    known = {(table, column["name"]) for (_, table), columns in tables.items() for column in columns}
    return [column for column in COLUMNS if (column.table.name, column.name) in known]


def find_unnamed(connection: Connection, keys: Collection[str]) -> set[str]:
    """Those of the keys that no row names."""
    left = set(keys)
    originals = select(PHOTO.c.original).where(PHOTO.c.sha256.in_([digest_of(key) for key in left]))
    left -= set(connection.execute(originals).scalars())
    for column in COPIES:
        left -= set(connection.execute(select(column).where(column.in_(list(left)))).scalars())
    if left:
        left -= set(_unsaid(connection))
    return left


def list_photos_without(connection: Connection, is_there: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    """Photo, visit and key of each kept photo with a blob that is not there."""
    columns = (PHOTO.c.id, PHOTO.c.visit_id, PHOTO.c.original, PHOTO.c.marked, PHOTO.c.sendable)
    kept = select(*columns).where(PHOTO.c.state == "kept").order_by(PHOTO.c.id)
    for row in connection.execution_options(**STREAMED).execute(kept):
        for key in dict.fromkeys((row.original, row.marked, row.sendable)):
            if key is not None and not is_there(key):
                yield row.id, row.visit_id, key


def _unsaid(connection: Connection) -> Iterator[str]:
    statement = select(OUTBOX.c.context).where(OUTBOX.c.state.in_(UNSAID))
    for context in connection.execution_options(**STREAMED).execute(statement).scalars():
        yield from context.get("photos") or ()
        if context.get("file"):
            yield context["file"]["key"]


def own_name(connection: Connection, now: datetime) -> str:
    """The name by which this database owns its store, made up when it is first asked for."""
    mark = marks.find(connection, STORE_MARK)
    if mark is None:
        marks.put(connection, STORE_MARK, now, {"name": uuid4().hex})
        mark = marks.find(connection, STORE_MARK)
        assert mark is not None
    return str(mark.note["name"])
