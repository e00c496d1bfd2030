"""Photos as zip files: named by day, customer and item, with a list of what each one is."""

import asyncio
import csv
import io
import re
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.domain.export import Days, defused
from bot.domain.sop import ENTRY, reading
from bot.media.export_files import Written
from bot.services.export_rows import Asker
from storage import export_rows as stored
from storage import sops
from storage.blobs import BlobMissing, Blobs
from storage.database import Connection, Database, Row

PARTS_MOST = 10  # more than that is nothing to scroll through in a chat
LIST_ROOM = 1024 * 1024  # bytes of a part that its list may take
KEYS = ("file", "day", "customer", "rep", "visit", "item", "received")
_UNFIT = re.compile(r"[\\/:*?\"<>|\x00-\x1f]+")  # for a file's name on some system


class TooMany(Exception):  # noqa: N818 - told to the person
    """The photos would come in more parts than anybody wants in a chat."""


@dataclass
class _Part:
    """A zip that is being filled; the list of its photos goes in last."""

    path: Path
    archive: zipfile.ZipFile
    size: int = 0
    told: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class PhotoZips:
    """The marked photos of the visits of some days."""

    database: Database
    blobs: Blobs
    asker: Asker
    days: Days | None

    async def write(self, folder: Path, largest: int | None) -> list[Written]:
        """Write the parts, a photo in memory at a time. Raises TooMany, StoreAway, DatabaseAway and OSError."""
        with ExitStack() as stack:
            return await self._write(stack, folder, largest)

    async def _write(self, stack: ExitStack, folder: Path, largest: int | None) -> list[Written]:
        parts: list[_Part] = []
        after: int | None = 0
        while after is not None:
            rows = await self.database.read(partial(self._read, after=after))
            after = rows[-1][0].id if len(rows) == stored.BATCH else None
            for row, item in rows:
                try:
                    data = await self.blobs.read(row.marked)
                except BlobMissing:  # /health and the doctor speak of that; the others are wanted all the same
                    continue
                if not parts or (largest is not None and parts[-1].size + len(data) + LIST_ROOM > largest):
                    await self._end(parts)
                    if largest is not None and len(parts) == PARTS_MOST:
                        raise TooMany
                    path = folder / f"part-{len(parts) + 1}.zip"
                    # a JPEG shrinks no further
                    parts.append(_Part(path, stack.enter_context(zipfile.ZipFile(path, "x", zipfile.ZIP_STORED))))
                await asyncio.to_thread(self._add, parts[-1], row, item, data)
        await self._end(parts)
        return [Written(part.path, len(part.told), "zip") for part in parts]

    def _read(self, connection: Connection, after: int) -> list[tuple[Row[Any], str]]:
        rows = stored.list_photos(connection, self.asker.reach, self.days, after)
        return [(row, self._title(connection, row)) for row in rows]

    def _title(self, connection: Connection, row: Row[Any]) -> str:
        """What the photo shows, in the words of its checklist."""
        base, _, entry = row.item.partition(ENTRY)
        titles = {
            item.id: reading(item.title, self.asker.language) for item in sops.get(connection, row.sop_version_id).items
        }
        return " ".join(filter(None, (titles.get(base, base), entry)))

    def _add(self, part: _Part, row: Row[Any], item: str, data: bytes) -> None:
        name = f"{row.visited_on}/{_fit(row.customer)}/{_fit(item)} {row.id}{Path(row.marked).suffix}"
        part.archive.writestr(name, data)
        part.size += len(data) + 2 * len(name.encode()) + 200
        received = self.asker.local(row.received_at)
        cells = (name, row.visited_on, row.customer, row.rep, row.visit_id, item, f"{received:%Y-%m-%d %H:%M}")
        part.told.append([defused(str(cell)) for cell in cells])

    async def _end(self, parts: list[_Part]) -> None:
        if parts:
            await asyncio.to_thread(self._add_list, parts[-1])

    def _add_list(self, part: _Part) -> None:
        text, titles = io.StringIO(newline=""), self.asker.words("export/columns")
        csv.writer(text).writerows([[titles[key] for key in KEYS], *part.told])
        part.archive.writestr(f"{self.asker.words('export/files')['photos']}.csv", text.getvalue().encode("utf-8-sig"))
        part.archive.close()


def _fit(name: str) -> str:
    """A part of a file's name that every system takes."""
    return _UNFIT.sub(" ", name).strip(" .")[:60].strip(" .") or "-"
