"""Makes an empty database, of either kind, and a photo store from an archive: all of it, or nothing."""

import asyncio
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select, update

from storage import marks
from storage.backup import counters, rows
from storage.backup.archive import FORMAT, HEADER, MANIFEST, BrokenArchive, as_json, reading
from storage.blob_names import STORE_MARK
from storage.blobs import Blobs, digest_of
from storage.database import DatabaseAway
from storage.migrations.upgrade import alone, check_references, known_revisions, upgrade_on

BATCH = 1000  # rows of one statement


class NotEmpty(Exception):  # noqa: N818 - a sentence for the operator
    """There is something already where the backup should go."""


@dataclass(frozen=True)
class Restored:
    """What was restored; `missing` are photos that the archive had to leave out when it was made."""

    rows: dict[str, int]
    photos: int
    schema: str
    missing: list[str]


@dataclass(frozen=True)
class _Proof:
    """An archive that was read to its end and found whole."""

    header: dict[str, Any]
    manifest: dict[str, Any]


async def restore(url: str, blobs: Blobs, path: Path) -> Restored:
    """Restore the archive at `path`; photos go first, the rows in one transaction after everything was checked.

    Raises BrokenArchive, NotEmpty, DatabaseAway, StoreAway and OSError; the database is then as it was.
    """
    await asyncio.to_thread(_must_be_empty, url)
    proof = await _check_and_keep(path, blobs)
    schema = await asyncio.to_thread(_load, url, path, proof)
    counted = {name: tally["rows"] for name, tally in proof.manifest["tables"].items()}
    return Restored(counted, proof.manifest["photos"]["files"], schema, proof.manifest["missing"])


def _must_be_empty(url: str) -> None:
    with alone(url) as connection:
        _refuse_rows(connection)


def _refuse_rows(connection: Connection) -> None:
    there = MetaData()
    there.reflect(connection)
    for found in there.sorted_tables:
        if found.name != rows.OURS and connection.execute(select(found).limit(1)).first() is not None:
            raise NotEmpty(f"the database is in use: its table {found.name} has rows")


async def _check_and_keep(path: Path, blobs: Blobs) -> _Proof:
    """Read everything once: rows are added up, photos are kept (their names prove them), the manifest is compared."""
    members = reading(path)
    header = _header(next(members, ("", b"")))
    tallies = {name: rows.Tally() for name in header["tables"]}
    photos = size = 0
    for name, data in members:
        kind, _, rest = name.partition("/")
        if kind == "rows" and rest.split("/")[0] in tallies:
            await asyncio.to_thread(_add_up, name, data, tallies[rest.split("/")[0]])
        elif kind == "photos":
            await _keep(blobs, rest, data)
            photos, size = photos + 1, size + len(data)
        elif name == MANIFEST:
            manifest = as_json(name, data)
            told = {name: tally.as_json() for name, tally in tallies.items()}, {"files": photos, "bytes": size}
            if (manifest.get("tables"), manifest.get("photos")) != told or next(members, None) is not None:
                raise BrokenArchive("what it holds is not what its manifest says")
            return _Proof(header, {"missing": [], **manifest})
        else:
            raise BrokenArchive(f"{name} does not belong into a backup")
    raise BrokenArchive("it has no manifest: the backup was not finished")


def _header(first: tuple[str, bytes]) -> dict[str, Any]:
    name, data = first
    if name != HEADER:
        raise BrokenArchive("it is no backup of Rounds")
    header = as_json(name, data)
    if header.get("format") != FORMAT or header.get("schema") not in known_revisions():
        raise BrokenArchive("a newer version of Rounds made it: install that one first")
    return header


def _add_up(name: str, data: bytes, tally: rows.Tally) -> None:
    for line in _lines(name, data):
        tally.add(line)


def _lines(name: str, data: bytes) -> list[bytes]:
    try:
        return gzip.decompress(data).split(b"\n")
    except (OSError, EOFError, zlib.error):
        raise BrokenArchive(f"{name} is damaged") from None


async def _keep(blobs: Blobs, key: str, data: bytes) -> None:
    kept = await blobs.keep(data, key.rpartition(".")[2]) if digest_of(key).isalnum() else ""
    if kept != key:
        raise BrokenArchive(f"the photo {key} is damaged")


def _load(url: str, path: Path, proof: _Proof) -> str:
    """The schema that the archive was made from, its rows, and the steps that have come since: one transaction."""
    tables = {name: [tuple(column) for column in columns] for name, columns in proof.header["tables"].items()}
    with alone(url) as connection:
        _refuse_rows(connection)  # somebody may have started it since
        upgrade_on(connection, proof.header["schema"])
        later: list[tuple[Table, Any, dict[str, Any]]] = []
        for name, lines in _by_table(path):
            later += _insert(connection, rows.table_of(name, tables[name]), tables[name], lines)
        for into, row_id, references in later:
            connection.execute(update(into).where(into.c.id == row_id).values(references))
        for name, tally in proof.manifest["tables"].items():
            there = connection.execute(select(func.count()).select_from(rows.table_of(name, tables[name])))
            if there.scalar_one() != tally["rows"]:
                raise BrokenArchive(f"the table {name} did not take all of its rows")
        counters.write(connection, proof.header.get("counters", {}))
        check_references(connection)
        schema = upgrade_on(connection, "head")
        marks.drop(connection, STORE_MARK)  # the photos that it does not name may be the original's
        return schema


def _by_table(path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """The rows again; they stand before the photos."""
    for name, data in reading(path):
        kind, _, rest = name.partition("/")
        if kind == "rows":
            yield rest.split("/")[0], _lines(name, data)
        elif kind == "photos":
            return


def _insert(
    connection: Connection, into: Table, columns: rows.Columns, lines: list[bytes]
) -> list[tuple[Table, Any, dict[str, Any]]]:
    """Insert rows; what refers to other rows of the same table is left out, and returned to be set at the end."""
    own = [
        column
        for key in inspect(connection).get_foreign_keys(into.name)
        if key["referred_table"] == into.name
        for column in key["constrained_columns"]
    ]
    if connection.dialect.name != "sqlite" and not own:
        _copy(connection, into.name, columns, lines)
        return []
    later = []
    for start in range(0, len(lines), BATCH):
        values = [rows.values_of(line, columns) for line in lines[start : start + BATCH]]
        for row in values if own else ():
            later.append((into, row["id"], {column: row[column] for column in own}))
            row.update(dict.fromkeys(own))
        connection.execute(insert(into), values)
    return later


def _copy(connection: Connection, name: str, columns: rows.Columns, lines: list[bytes]) -> None:
    """PostgreSQL's own way to take in many rows: four times as fast as statements."""
    import psycopg  # an extra, which a company on SQLite need not have

    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{column}"' for column, _ in columns)
    try:
        with driver.cursor().copy(f'COPY "{name}" ({names}) FROM STDIN') as copy:
            for line in lines:
                row = rows.values_of(line, columns)
                copy.write_row([rows.as_text(kind, row[column]) for column, kind in columns])
    except psycopg.OperationalError as error:
        raise DatabaseAway(type(error).__name__) from error
