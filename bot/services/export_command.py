"""`rounds export`: the same files as in the chat, for whoever runs the server, in one piece whatever they weigh."""

import asyncio
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.audit import Area
from bot.domain.export import Form, Order
from bot.media.export_files import Layout, Written, write_files
from bot.rendering import Renderer
from bot.services.export_making import Making, file_name
from bot.services.export_rows import Asker
from storage import audit
from storage.blobs import Blobs
from storage.database import Connection, Database
from storage.export_rows import EVERYBODY
from storage.migrations.upgrade import revisions


class OtherSchema(Exception):  # noqa: N818 - a sentence for the operator
    """The database is not of this version."""


async def take_out(
    url: str, blobs: Blobs, order: Order, folder: Path, language: str, time_zone: str
) -> list[tuple[Path, int]]:
    """Write the files into a folder that only their owner can read them in; each, and of how many things it tells.

    Raises OtherSchema, FileExistsError rather than overwrite one, OSError, StoreAway and DatabaseAway.
    """
    now, database = datetime.now(UTC), Database(url)
    asker = Asker(Renderer(), language, ZoneInfo(time_zone), now, EVERYBODY)
    try:
        here, needed = await database.read(revisions)
        if here != needed:
            raise OtherSchema
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        # beside where it goes, so that a file that is whole gets its name in one step
        with TemporaryDirectory(dir=folder, prefix=".rounds-") as beside:
            written = await Making(database, blobs, _write).make(order, asker, Path(beside))
            files = []
            for number, each in enumerate(written, 1):
                path = folder / file_name(asker, order, each, number, len(written))
                await asyncio.to_thread(_place, each.path, path)
                files.append((path, each.records))
        told = {**order.as_json(), "records": sum(number for _, number in files)}
        await database.write(partial(_note, now=now, told=told))
    finally:
        await database.close()
    return files


def _note(connection: Connection, now: datetime, told: dict[str, Any]) -> None:
    """In the audit, by nobody in the chat."""
    acted = {"area": Area.EXPORT.value, "what": "sent", "subject": "export:server"}
    audit.add(connection, at=now, person_id=None, **acted, old=None, new=told)


async def _write(
    spool: Path, folder: Path, form: Form, layout: Layout, records: int, largest: int | None
) -> list[Written]:
    return await asyncio.to_thread(write_files, spool, folder, form, layout, records, largest)


def _place(path: Path, target: Path) -> None:
    if target.exists():
        raise FileExistsError(target)
    path.chmod(0o600)
    shutil.move(path, target)
