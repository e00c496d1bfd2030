"""Makes an archive while people work: the rows of one moment, and every photo that they name."""

import asyncio
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy.exc import SQLAlchemyError

from storage.backup import counters, rows
from storage.backup.archive import FORMAT, HEADER, MANIFEST, ArchiveWriter, writing
from storage.blob_names import list_named
from storage.blobs import BlobMissing, Blobs, digest_of
from storage.database import Connection, Database, as_ours

AT_ONCE = 8  # photos under way: hides a store's latency, and bounds what is in memory


class NothingThere(Exception):  # noqa: N818 - a sentence for the operator
    """There is no database to back up."""


@dataclass(frozen=True)
class Made:
    """What an archive holds; `bytes` of photos; `missing` are photos that rows name and the store does not have."""

    path: Path
    rows: dict[str, int]
    photos: int
    bytes: int
    missing: list[str] = field(default_factory=list)


async def make(url: str, blobs: Blobs, path: Path, now: datetime) -> Made:
    """Write the archive at `path`.

    Raises NothingThere, DatabaseAway, StoreAway, FileExistsError or OSError, and leaves nothing behind then.
    """
    database = Database(url)
    try:
        with writing(path, now) as archive, tempfile.TemporaryFile("w+", encoding="ascii") as names:
            tallies = await asyncio.to_thread(_write_rows, database, archive, names, now)
            photos, size, missing = await _write_photos(archive, blobs, names)
            tables = {name: tally.as_json() for name, tally in tallies.items()}
            proof = {"tables": tables, "photos": {"files": photos, "bytes": size}, "missing": missing}
            archive.add_json(MANIFEST, proof)
    finally:
        await database.close()
    return Made(path, {name: tally.rows for name, tally in tallies.items()}, photos, size, missing)


def facts_of(made: Made, size: int) -> dict[str, Any]:
    """What is kept of a backup: its name, never its folder, and what it holds; `bytes` of the archive."""
    rows, missing = sum(made.rows.values()), len(made.missing)
    return {"name": made.path.name, "rows": rows, "photos": made.photos, "bytes": size, "missing": missing}


@contextmanager
def _one_moment(database: Database) -> Iterator[Connection]:
    """A connection that sees the database as it stands now, however long it reads; nobody waits for it."""
    try:
        with database.reading_engine.connect() as connection:
            if not database.is_sqlite:  # there, WAL keeps the pages of that moment
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection
    except SQLAlchemyError as error:
        raise as_ours(error) from error


def _write_rows(database: Database, archive: ArchiveWriter, names: IO[str], now: datetime) -> dict[str, rows.Tally]:
    """Header and rows; the photos that the rows name are written down in `names`."""
    from storage.migrations.upgrade import revisions  # Alembic: nothing for a process that is on duty day and night

    tallies: dict[str, rows.Tally] = {}
    with _one_moment(database) as connection:
        schema = revisions(connection)[0]
        if schema is None:
            raise NothingThere("the database is empty")
        header: dict[str, Any] = {"format": FORMAT, "schema": schema, "made_at": now.isoformat()}
        tables = rows.layout(connection)
        archive.add_json(HEADER, {**header, "counters": counters.read(connection), "tables": tables})
        for name, columns in tables.items():
            tally = tallies[name] = rows.Tally()
            counted = _counted(rows.lines(connection, name, columns), tally)
            for number, chunk in enumerate(rows.chunks(counted), 1):
                archive.add(f"rows/{name}/{number:06}.jsonl.gz", chunk)
        for key in list_named(connection):
            names.write(key + "\n")
    return tallies


def _counted(lines: Iterator[bytes], tally: rows.Tally) -> Iterator[bytes]:
    for line in lines:
        tally.add(line)
        yield line


async def _write_photos(archive: ArchiveWriter, blobs: Blobs, names: IO[str]) -> tuple[int, int, list[str]]:
    """How many there are, their bytes, and the names of those that the store does not have, or has damaged."""
    names.seek(0)
    keys = (line.rstrip("\n") for line in names)
    photos = size = 0
    missing: list[str] = []
    while some := list(islice(keys, AT_ONCE)):
        for key, data in zip(some, await asyncio.gather(*(_read(blobs, key) for key in some)), strict=True):
            if data is None or hashlib.sha256(data).hexdigest() != digest_of(key):
                missing.append(key)
                continue
            await asyncio.to_thread(archive.add, f"photos/{key}", data)
            photos, size = photos + 1, size + len(data)
    return photos, size, missing


async def _read(blobs: Blobs, key: str) -> bytes | None:
    try:
        return await blobs.read(key)
    except BlobMissing:
        return None
