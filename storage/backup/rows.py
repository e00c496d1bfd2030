"""Rows of any table as lines of JSON and back, the same from SQLite and PostgreSQL, whatever version made them."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    select,
)
from sqlalchemy.types import TypeEngine

from storage.tables import Instant

OURS = "alembic_version"  # tells the schema; the header does, in an archive
CHUNK = 4 * 1024 * 1024  # bytes of lines that are compressed together, and so what a row costs in memory
TYPES: dict[str, TypeEngine[Any]] = {
    "int": BigInteger(),
    "float": Float(),
    "text": String(),
    "bool": Boolean(),
    "instant": Instant(),
    "date": Date(),
    "json": JSON(none_as_null=True),
    "bytes": LargeBinary(),
}
ENCODE: dict[str, Callable[[Any], Any]] = {
    "instant": datetime.isoformat,
    "date": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
}
DECODE: dict[str, Callable[[Any], Any]] = {
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": base64.b64decode,
}
Columns = list[tuple[str, str]]


@dataclass
class Tally:
    """What a table's lines add up to, in whatever order they come: their number, and the sum of their hashes."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a line."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256

    def as_json(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        return {"rows": self.rows, "sha256_sum": f"{self.total:064x}"}


def layout(connection: Connection) -> dict[str, Columns]:
    """Each table's columns with their kinds, as this database has them; a table comes after those it refers to."""
    there = MetaData()
    there.reflect(connection)
    return {
        found.name: [(column.name, _kind(column)) for column in found.columns]
        for found in there.sorted_tables
        if found.name != OURS
    }


def _kind(column: Column[Any]) -> str:
    match column.type:
        case Boolean():
            return "bool"
        case DateTime():
            return "instant"
        case Date():
            return "date"
        case JSON():
            return "json"
        case Integer():
            return "int"
        case Float() | Numeric():
            return "float"
        case LargeBinary():
            return "bytes"
        case String():
            return "text"
    raise TypeError(f"{column} has a type that no backup can hold: {column.type!r}")


def table_of(name: str, columns: Columns) -> Table:
    """A table for statements, with these columns and no more."""
    return Table(name, MetaData(), *(Column(column, TYPES[kind]) for column, kind in columns))


def lines(connection: Connection, name: str, columns: Columns) -> Iterator[bytes]:
    """The rows of a table, each a JSON list in the order of its columns."""
    encoders = [(number, ENCODE[kind]) for number, (_, kind) in enumerate(columns) if kind in ENCODE]
    encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
    for row in connection.execution_options(yield_per=1000).execute(select(table_of(name, columns))):
        values = list(row)
        for number, encoder in encoders:
            if values[number] is not None:
                values[number] = encoder(values[number])
        yield encode(values).encode()


def chunks(written: Iterable[bytes]) -> Iterator[bytes]:
    """Lines together, compressed."""
    kept: list[bytes] = []
    size = 0
    for line in written:
        kept.append(line)
        size += len(line) + 1
        if size >= CHUNK:
            yield _compressed(kept)
            kept, size = [], 0
    if kept:
        yield _compressed(kept)


def _compressed(kept: list[bytes]) -> bytes:
    return gzip.compress(b"\n".join(kept), compresslevel=1, mtime=0)


def values_of(line: bytes, columns: Columns) -> dict[str, Any]:
    """A line as what `table_of` takes in."""
    row: dict[str, Any] = {}
    for (name, kind), value in zip(columns, json.loads(line), strict=True):
        decode = DECODE.get(kind)
        row[name] = decode(value) if decode is not None and value is not None else value
    return row


def as_text(kind: str, value: Any) -> Any:
    """A value as a driver takes it in without knowing its column: JSON as its text."""
    return json.dumps(value) if kind == "json" and value is not None else value
