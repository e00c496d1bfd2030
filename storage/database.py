"""The only way to the database: plain functions on a connection, run off the event loop and committed."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Row, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from storage.away import DatabaseAway, as_ours
from storage.gathering import Gathering
from storage.grouping import GroupingWriter
from storage.server import CONNECTIONS, server_engine

__all__ = ["Connection", "Database", "DatabaseAway", "Row", "as_ours", "now_at"]

T = TypeVar("T")
Unit = Callable[[Connection], T]

_AS_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
READERS = 4
# KiB of pages that each connection keeps: the upper part of every index; the rest is in the system's memory anyway
WRITERS_CACHE, READERS_CACHE = 12_000, 2_000


class Database:
    """Runs units of work. A unit is a function of a connection without `await`; it is committed when the call returns.

    SQLite has one writer that commits what is waiting together, each unit in its own savepoint, so that one
    failing unit takes nobody with it. PostgreSQL has a pool of connections, a transaction a unit; brief ones share.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer: GroupingWriter | None = None
        self._gathering: Gathering | None = None
        self._closed = False
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._engine = _sqlite_engine(url, writing=True)
            self._reading = _sqlite_engine(url, writing=False)
        else:
            self._engine = self._reading = server_engine(url, json_serializer=_AS_JSON)
        self._threads = ThreadPoolExecutor(READERS if self.is_sqlite else CONNECTIONS, thread_name_prefix="database")
        if not self.is_sqlite:
            self._gathering = Gathering(self._engine, self._threads, self._write_alone)

    @property
    def engine(self) -> Engine:
        """For migrations and checks at the start, before anything else runs."""
        return self._engine

    @property
    def reading_engine(self) -> Engine:
        """What reads beside the writer; on PostgreSQL the same as `engine`."""
        return self._reading

    async def write(self, unit: Unit[T], *, brief: bool = False, then: Callable[[T], None] | None = None) -> T:
        """Run a unit and commit it; what it raises is raised here, with nothing of it kept. Raises DatabaseAway.

        A `brief` one is a matter of milliseconds and may be run twice: nothing but the database may know of it.
        `then` is called in the event loop with what it returned, as soon as that is committed: also where the caller
        was cancelled meanwhile and hears of it no more.
        """
        if self._closed:
            raise DatabaseAway("closed")
        if self._gathering is not None:
            return cast(T, await self._gathering.submit(unit, then, brief=brief))
        if self._writer is None:
            self._writer = GroupingWriter(self._engine)
        return cast(T, await self._writer.submit(unit, then, brief=brief))

    async def read(self, unit: Unit[T]) -> T:
        """Run a unit that only reads, beside the writer. Raises DatabaseAway."""
        if self._closed:
            raise DatabaseAway("closed")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read_alone, unit)

    def _write_alone(self, unit: Unit[T]) -> T:
        try:
            with self._engine.connect() as connection, _transaction(connection):
                return unit(connection)
        except (SQLAlchemyError, StopIteration) as error:
            raise as_ours(error) from error

    def _read_alone(self, unit: Unit[T]) -> T:
        try:
            with self._reading.connect() as connection:
                return unit(connection)
        except (SQLAlchemyError, StopIteration) as error:
            raise as_ours(error) from error

    async def close(self, by: float | None = None) -> None:
        """Finish what was handed in, then let go of every connection.

        What is not finished `by` then (the loop's time) is left to its thread, with its connection.
        """
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout_at(by):
                if self._writer is not None:
                    await self._writer.close()
                if self._gathering is not None:
                    await self._gathering.close()
                # the loop goes on meanwhile: the answer that a thread waits for may have to come through it
                await asyncio.to_thread(self._threads.shutdown)
                self._engine.dispose()
                self._reading.dispose()


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """Committed at the end; a connection whose COMMIT failed is thrown away, or its next user would find it open."""
    outer = connection.begin()
    try:
        yield
    except BaseException:
        outer.rollback()
        raise
    try:
        outer.commit()
    except SQLAlchemyError:
        connection.invalidate()
        raise


def _sqlite_engine(url: str, *, writing: bool) -> Engine:
    # An error's text would else carry names, phones and places into the log
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 10},
        json_serializer=_AS_JSON,
    )

    @event.listens_for(engine, "connect")
    def _prepare(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # the driver's own BEGIN comes too late for savepoints
        cursor = dbapi_connection.cursor()
        cache = WRITERS_CACHE if writing else READERS_CACHE
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{cache}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN DEFERRED")

    return engine


def now_at(connection: Connection) -> datetime | None:
    """The database server's clock; None where the database is a file and has none of its own."""
    if connection.dialect.name == "sqlite":
        return None
    now: datetime | None = connection.execute(text("SELECT clock_timestamp()")).scalar()
    return now
