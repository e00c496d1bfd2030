"""Prepared statements on PostgreSQL, run by libpq itself.

psycopg's cursors cost 38 µs of this process's time a statement, libpq's own call 7 µs; a step has some thirty of them.
Values and rows still go through psycopg's adapters.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import psycopg as dialects

DONE = (1, 2)  # of libpq's ExecStatusType: COMMAND_OK, TUPLES_OK
IDLE = 0  # of its PGTransactionStatusType
_NUMBERS = count(1)
_CONNECTION = "rounds.wire"  # in the connection's `info`, which lives as long as the driver's connection


class _Wire:
    """One of the driver's connections: what is prepared on it, and what turns values into bytes and back."""

    def __init__(self, driver: Any) -> None:
        from psycopg.adapt import Transformer

        self.pgconn = driver.pgconn
        self.transformer = Transformer(driver)
        self.prepared: set[bytes] = set()


def begin(connection: Connection, *, lock_timeout: timedelta) -> None:
    """Begin a transaction in which no statement waits for a lock longer than that. Raises psycopg's errors."""
    connection.begin()
    driver: Any = connection.connection.driver_connection
    # in one go: a statement of its own would cost another way to the server and back
    words = f"BEGIN; SET LOCAL lock_timeout = {int(lock_timeout.total_seconds() * 1000)}"
    _check(driver.pgconn, driver.pgconn.exec_(words.encode()))


class OnWire:
    """The text of a statement, its parameters in order, and a name that no other has."""

    def __init__(self, statement: Any) -> None:
        from psycopg.adapt import PyFormat

        numbered: Any = dialects.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
        compiled: Any = statement.compile(dialect=numbered)
        self.text = str(compiled)
        self.parameters: list[str] = compiled.positiontup or []
        self._name = b"rounds_%d" % next(_NUMBERS)
        self._formats = [PyFormat.TEXT] * len(self.parameters)

    def execute(self, connection: Connection, values: list[Any]) -> "Answer":
        """Run it, in a transaction that is begun here if there is none. Raises psycopg's errors."""
        info = connection.info
        wire: _Wire | None = info.get(_CONNECTION)
        if wire is None:
            wire = info[_CONNECTION] = _Wire(connection.connection.driver_connection)
        pgconn, name = wire.pgconn, self._name
        if pgconn.transaction_status == IDLE:
            _check(pgconn, pgconn.exec_(b"BEGIN"))
        if name not in wire.prepared:
            _check(pgconn, pgconn.prepare(name, self.text.encode()))
            wire.prepared.add(name)
        given = wire.transformer.dump_sequence(values, self._formats)
        return Answer(wire.transformer, _check(pgconn, pgconn.exec_prepared(name, given)))


class Answer:
    """What came back, in the manner of a driver's cursor."""

    def __init__(self, transformer: Any, result: Any) -> None:
        self._transformer = transformer
        self._result = result

    @property
    def rowcount(self) -> int:
        """How many rows were changed, or found."""
        return self._result.command_tuples or 0

    @property
    def description(self) -> list[tuple[str, int]]:
        """Name and type of each column."""
        result = self._result
        return [(result.fname(n).decode(), result.ftype(n)) for n in range(result.nfields)]

    def fetchall(self) -> list[Any]:
        """Every row."""
        self._transformer.set_pgresult(self._result)
        rows: list[Any] = self._transformer.load_rows(0, self._result.ntuples, tuple)
        return rows

    def fetchone(self) -> Any | None:
        """The first row, or None."""
        if self._result.ntuples == 0:
            return None
        self._transformer.set_pgresult(self._result)
        return self._transformer.load_row(0, tuple)


def _check(pgconn: Any, result: Any) -> Any:
    if result.status in DONE:
        return result
    from psycopg import OperationalError
    from psycopg.errors import error_from_result
    from psycopg.pq import ConnStatus

    if pgconn.status != ConnStatus.OK:
        raise OperationalError("the connection is lost")
    raise error_from_result(result)
