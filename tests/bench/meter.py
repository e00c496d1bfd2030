"""Times what a database takes of a use case, statement by statement: at the driver, without SQLAlchemy and our code."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from storage.database import Database


@dataclass
class Meter:
    """Statements with their seconds, in order.

    Of SQLite it is the processor time of the thread that it works in, so that a busy machine adds nothing; of
    PostgreSQL the time that passed, with the way over the socket in it.
    """

    clock: Callable[[], float]
    statements: list[tuple[str, float]] = field(default_factory=list)

    def clear(self) -> None:
        self.statements.clear()

    def seconds(self) -> float:
        """All together, without BEGIN, COMMIT and savepoints."""
        return sum(spent for words, spent in self.statements if not words.startswith(_AROUND))

    def count(self) -> int:
        return sum(not words.startswith(_AROUND) for words, _ in self.statements)

    def slowest(self, most: int) -> list[tuple[str, float]]:
        """The statements that took longest, on one line each."""
        own = [(" ".join(words.split()), spent) for words, spent in self.statements if not words.startswith(_AROUND)]
        return sorted(own, key=lambda one: -one[1])[:most]


_AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


def metered(database: Database) -> Meter:
    """From now on every new connection of this database is timed; to be called before the first one."""
    meter = Meter(time.thread_time if database.is_sqlite else time.perf_counter)
    for engine in {database.engine, database.reading_engine}:
        _listen(engine, meter)
    return meter


def _listen(engine: Engine, meter: Meter) -> None:
    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            options["factory"] = _sqlite_connection(meter)
        else:
            options["cursor_factory"] = _postgres_cursor(meter)


def _timed(meter: Meter, words: str, call: Callable[[], Any]) -> Any:
    began = meter.clock()
    result = call()
    meter.statements.append((words, meter.clock() - began))
    return result


def _fetched(meter: Meter, call: Callable[[], Any]) -> Any:
    """SQLite works while rows are fetched: the time belongs to the statement before."""
    began = meter.clock()
    result = call()
    words, spent = meter.statements[-1]
    meter.statements[-1] = (words, spent + meter.clock() - began)
    return result


def _sqlite_connection(meter: Meter) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, words: str, *values: Any) -> Any:
            run = super().execute
            return _timed(meter, words, lambda: run(words, *values))

        def executemany(self, words: str, values: Any) -> Any:
            run = super().executemany
            return _timed(meter, words, lambda: run(words, values))

        def fetchone(self) -> Any:
            return _fetched(meter, super().fetchone)

        def fetchall(self) -> Any:
            return _fetched(meter, super().fetchall)

        def fetchmany(self, *size: Any) -> Any:
            fetch = super().fetchmany
            return _fetched(meter, lambda: fetch(*size))

    class Connection(sqlite3.Connection):
        def cursor(self, *factory: Any) -> Any:
            return super().cursor(Cursor)

        def execute(self, words: str, *values: Any) -> Any:
            return self.cursor().execute(words, *values)

    return Connection


def _postgres_cursor(meter: Meter) -> type[psycopg.Cursor[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, words: Any, *values: Any, **more: Any) -> Any:
            run = super().execute
            return _timed(meter, str(words), lambda: run(words, *values, **more))

        def executemany(self, words: Any, values: Any, **more: Any) -> Any:
            run = super().executemany
            return _timed(meter, str(words), lambda: run(words, values, **more))

    return Cursor
