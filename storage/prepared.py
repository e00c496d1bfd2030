"""Statements of the hot path: compiled once per kind of database, then run by the driver itself.

SQLAlchemy's own way through `Connection.execute` costs 70-90 µs a statement, the driver 5-10 µs.
"""

from collections import namedtuple
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

if TYPE_CHECKING:
    from storage.wire import OnWire

Insert = Callable[..., Any]  # the dialect's own, which knows ON CONFLICT


class Prepared:
    """A Core statement whose variables are named by `bindparam`; `statement` may be made by the dialect's insert.

    Values go in and columns come out through the same type processors as everywhere else; rows are named tuples.
    """

    def __init__(self, statement: Executable | Callable[[Insert], Executable]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, **values: Any) -> int:
        """Execute; how many rows were changed."""
        count: int = self._execute(connection, values).rowcount
        return count

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Every row."""
        cursor = self._execute(connection, values)
        return self._compiled_for(connection).rows(cursor, self._fetched(connection, cursor.fetchall))

    def first(self, connection: Connection, **values: Any) -> Any | None:
        """The first row, or None."""
        cursor = self._execute(connection, values)
        row = self._fetched(connection, cursor.fetchone)
        return self._compiled_for(connection).rows(cursor, [row])[0] if row is not None else None

    def one(self, connection: Connection, **values: Any) -> Any:
        """The only row; it must be there."""
        row = self.first(connection, **values)
        if row is None:
            raise LookupError("no row where there must be one")
        return row

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.first(connection, **values)
        return row[0] if row is not None else None

    def text(self, connection: Connection) -> str:
        """The statement as the driver gets it."""
        return self._compiled_for(connection).text

    def _execute(self, connection: Connection, values: dict[str, Any]) -> Any:
        compiled = self._compiled_for(connection)
        if not connection.in_transaction():
            connection.begin()
        try:
            if compiled.on_wire is not None:
                return compiled.on_wire.execute(connection, compiled.bound(values))
            driver: Any = connection.connection.driver_connection
            return driver.execute(compiled.text, compiled.bound(values))
        except compiled.error as error:
            raise _as_sqlalchemy(error, compiled, connection) from error

    def _fetched(self, connection: Connection, fetch: Callable[[], Any]) -> Any:
        """SQLite goes on working while it is read, and may fail then."""
        compiled = self._compiled_for(connection)
        try:
            return fetch()
        except compiled.error as error:
            raise _as_sqlalchemy(error, compiled, connection) from error

    def _compiled_for(self, connection: Connection) -> "_Compiled":
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self._compiled[connection.dialect.name] = _Compiled(self._statement, connection.dialect)
        return compiled


def _insert_of(dialect: Dialect) -> Insert:
    return sqlite.insert if dialect.name == "sqlite" else postgresql.insert


def _on_wire(statement: Any) -> "OnWire":
    from storage.wire import OnWire

    return OnWire(statement)


class _Compiled:
    """A statement for one dialect: its text, what each value goes through, and what each column comes through."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        if not isinstance(statement, Executable):
            statement = statement(_insert_of(dialect))
        compiled: Any = statement.compile(dialect=dialect)
        self.on_wire = None if dialect.name == "sqlite" else _on_wire(statement)
        self.text = str(compiled)
        self.error: type[Exception] = dialect.loaded_dbapi.Error
        named = {name: bind for bind, name in compiled.bind_names.items()}  # as the text has them
        given = {name for name, bind in named.items() if bind.required}
        defaults = {column.key: column.default.arg for column in getattr(compiled, "insert_prefetch", ())}
        self._own = {name: value for name, value in {**compiled.params, **defaults}.items() if name not in given}
        into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in named.items()}
        order = compiled.positiontup if self.on_wire is None else self.on_wire.parameters
        self._into = [(name, into[name]) for name in order]
        self._dialect = dialect
        self._columns = list(getattr(statement, "exported_columns", ()))
        self._row: Any = namedtuple("Row", [column.key for column in self._columns], rename=True)  # type: ignore[misc]
        self._out_of: list[tuple[int, Callable[[Any], Any]]] | None = None

    def bound(self, values: dict[str, Any]) -> Any:
        """The values as the driver takes them."""
        if self._own:
            values = {**values, **self._own}
        return [values[name] if process is None else process(values[name]) for name, process in self._into]

    def rows(self, cursor: Any, raw: list[Any]) -> list[Any]:
        """Rows as the type processors give them; which these are, PostgreSQL's driver says with the first result."""
        if self._out_of is None:
            told = zip(self._columns, cursor.description, strict=True)
            out_of = [c.type.dialect_impl(self._dialect).result_processor(self._dialect, d[1]) for c, d in told]
            self._out_of = [(number, process) for number, process in enumerate(out_of) if process is not None]
        return [self._read(one, self._out_of) for one in raw]

    def _read(self, raw: Any, out_of: list[tuple[int, Callable[[Any], Any]]]) -> Any:
        if not out_of:
            return self._row._make(raw)
        cells = list(raw)
        for number, process in out_of:
            cells[number] = process(cells[number])
        return self._row._make(cells)


def _as_sqlalchemy(error: Exception, compiled: _Compiled, connection: Connection) -> Exception:
    """As if SQLAlchemy had run it, so that `database.as_ours` knows it; values stay out of the text."""
    return DBAPIError.instance(
        compiled.text, (), error, compiled.error, hide_parameters=True, dialect=connection.dialect
    )
