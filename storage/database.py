"""The only way to the database: plain functions on a connection, run off the event loop and committed."""

import asyncio
import json
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from sqlite3 import SQLITE_CORRUPT, SQLITE_ERROR, SQLITE_NOTADB
from sqlite3 import Error as SqliteError
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

__all__ = ["Connection", "Database", "DatabaseAway", "Row", "as_ours", "now_at"]

T = TypeVar("T")
Unit = Callable[[Connection], T]
_Entry = tuple[Callable[[Connection], Any], "asyncio.Future[Any]"]
_Outcome = tuple["asyncio.Future[Any]", Any, Exception | None]

_AS_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
GROUP = 128  # units that one commit may carry: enough to hide the fsync, short enough to answer soon
READERS = 4


class DatabaseAway(Exception):  # noqa: N818 - the cue to try later
    """The database does not answer, is locked or is full: nothing of the unit was kept, and it may be run again."""


class Database:
    """Runs units of work. A unit is a function of a connection without `await`; it is committed when the call returns.

    SQLite has one writer thread that commits what is waiting together, each unit in its own savepoint, so
    that one failing unit takes nobody with it. PostgreSQL has a pool of connections, a transaction a unit.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer: _GroupingWriter | None = None
        self._closed = False
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._engine = _sqlite_engine(url, writing=True)
            self._reading = _sqlite_engine(url, writing=False)
        else:
            self._engine = self._reading = create_engine(
                url, pool_size=8, max_overflow=0, pool_pre_ping=True, hide_parameters=True, json_serializer=_AS_JSON
            )
        self._threads = ThreadPoolExecutor(READERS if self.is_sqlite else 8, thread_name_prefix="database")

    @property
    def engine(self) -> Engine:
        """For migrations and checks at the start, before anything else runs."""
        return self._engine

    @property
    def reading_engine(self) -> Engine:
        """What reads beside the writer; on PostgreSQL the same as `engine`."""
        return self._reading

    async def write(self, unit: Unit[T]) -> T:
        """Run a unit and commit it; what it raises is raised here, with nothing of it kept. Raises DatabaseAway."""
        if self._closed:
            raise DatabaseAway("closed")
        if not self.is_sqlite:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._write_alone, unit)
        if self._writer is None:
            self._writer = _GroupingWriter(self._engine)
        return await self._writer.submit(unit)

    async def read(self, unit: Unit[T]) -> T:
        """Run a unit that only reads, beside the writer. Raises DatabaseAway."""
        if self._closed:
            raise DatabaseAway("closed")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read_alone, unit)

    def _write_alone(self, unit: Unit[T]) -> T:
        try:
            with self._engine.connect() as connection, _transaction(connection):
                return unit(connection)
        except SQLAlchemyError as error:
            raise as_ours(error) from error

    def _read_alone(self, unit: Unit[T]) -> T:
        try:
            with self._reading.connect() as connection:
                return unit(connection)
        except SQLAlchemyError as error:
            raise as_ours(error) from error

    async def close(self) -> None:
        """Finish what was handed in, then let go of every connection."""
        self._closed = True
        if self._writer is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._writer.close)
        self._threads.shutdown(wait=True)
        self._engine.dispose()
        self._reading.dispose()


class _GroupingWriter:
    """One thread that takes all waiting units, runs each in a savepoint, and commits them together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, unit: Unit[T]) -> asyncio.Future[T]:
        """What the unit returns, once it is committed; to be called in the event loop."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.put((unit, future))
        return future

    def close(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        closing = False
        while not closing:
            group = [self._waiting.get()]
            while len(group) < GROUP:
                try:
                    group.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            closing = None in group
            wanted = [entry for entry in group if entry is not None and not entry[1].cancelled()]
            if wanted:
                self._commit_together(wanted)

    def _commit_together(self, group: list[_Entry]) -> None:
        done: list[_Outcome] = []
        try:
            with self._engine.connect() as connection, _transaction(connection):
                for unit, future in group:
                    done.append((future, *_in_savepoint(connection, unit)))
        except (SQLAlchemyError, SqliteError) as error:  # a full disk ends the transaction, and no savepoint is left
            away = type(error).__name__
            done = [(future, None, DatabaseAway(away)) for _, future in group]
        # one wake-up of the loop for all: each costs a write to its pipe, and a struggle for the interpreter's lock
        with suppress(RuntimeError):  # the loop is gone, and with it everybody who waited
            group[0][1].get_loop().call_soon_threadsafe(_answer, done)


def _answer(done: list[_Outcome]) -> None:
    for future, result, failure in done:
        if future.done():
            continue  # whoever waited gave up
        if failure is None:
            future.set_result(result)
        else:
            future.set_exception(failure)


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


def _in_savepoint(connection: Connection, unit: Unit[Any]) -> tuple[Any, Exception | None]:
    driver: Any = connection.connection.driver_connection
    run = driver.execute  # SQLAlchemy's own savepoints cost 150 µs
    run("SAVEPOINT unit")
    try:
        result = unit(connection)
        run("RELEASE unit")
    except Exception as error:  # noqa: BLE001 - handed to the caller whose unit it was; the group goes on
        run("ROLLBACK TO unit")
        run("RELEASE unit")
        return None, as_ours(error)
    return result, None


def as_ours(error: Exception) -> Exception:
    """DatabaseAway for what time may mend; a statement that is wrong stays the fault that it is."""
    match error:
        case NoConnectionFree() | DBAPIError(connection_invalidated=True):
            return DatabaseAway(type(error).__name__)
        case OperationalError() if getattr(error.orig, "sqlite_errorcode", None) != SQLITE_ERROR:
            # sqlite3 says OperationalError of a wrong statement too, but with the code left out above
            return DatabaseAway(type(error).__name__)
        case DatabaseError() if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (SQLITE_CORRUPT, SQLITE_NOTADB):
            return DatabaseAway("the file is damaged, or no database")
        case _:
            return error


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
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
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
