"""A registry of customers: an office whose import jobs are done when a test says so, with real files and workers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desk_talk import Guest, Office
from sqlalchemy import select

from bot.domain.attachments import FileAway
from bot.domain.conversation import Uploaded
from bot.media.workers import MediaWorkers
from bot.services.import_jobs import Imports
from bot.services.import_reading import Lists
from storage import jobs
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import CustomerRow, ImportRow, OutboxRow, table

CUSTOMER, IMPORT = table(CustomerRow), table(ImportRow)
TITLES = "Name,Customer ID,Grade,Owner,Phone,Lat,Lng,Datum,Radius,Class\n"
GOOD = TITLES + "Harbour Bakery,K-1,A,Ann,1001,29.5,106.5,Baidu,300,Key\nOld Town Noodles,K-2,B,,1002,,,,,\n"


@dataclass
class Post:
    """Telegram's files: what was sent, by its id; nothing can be had while it is `away`."""

    sent: dict[str, bytes] = field(default_factory=dict)
    away: bool = False
    fetched: int = 0

    async def fetch(self, file_id: str) -> bytes:
        if self.away:
            raise FileAway("NetworkError")
        self.fetched += 1
        return self.sent[file_id]


@dataclass
class Registry:
    """An office whose jobs are done when `work` is called."""

    office: Office
    post: Post
    blobs: Blobs
    imports: Imports
    files: list[Mapping[str, str]] = field(default_factory=list)

    async def send(self, admin: Guest, content: str | bytes, name: str = "list.csv") -> str:
        """Send a file, and read what came of it."""
        data = content.encode() if isinstance(content, str) else content
        file_id = f"file{len(self.post.sent)}"
        self.post.sent[file_id] = data
        await admin.gives(Uploaded(file_id, file_id, name, len(data)))
        if any("Yes, read it" in label for label in admin.labels):
            await admin.taps("Yes, read it")
        return await self.work(admin)

    async def due(self) -> list[jobs.Job]:
        return await self.office.database.read(lambda connection: jobs.list_due(connection, self.office.now, 100))

    async def work(self, admin: Guest) -> str:
        """Do every job that waits, and what comes of them."""
        while due := await self.due():
            for job in due:
                await self.imports.kinds[job.kind](job)
        return await self.read(admin)

    async def read(self, admin: Guest) -> str:
        """Everything that waits to be said; files go to `files`."""
        self.files += [row.context["file"] for row in await self.rows(table(OutboxRow)) if "file" in row.context]
        while await self.office.database.write(self.office._send):
            pass
        return admin.last

    async def rows(self, of: Any) -> list[Any]:
        return await self.office.database.read(
            lambda connection: list(connection.execute(select(of).order_by(of.c.id)))
        )


@asynccontextmanager
async def opened(database: Database, folder: Path) -> AsyncIterator[Registry]:
    """A registry without customers."""
    office = Office(database)
    blobs, post, workers = Blobs(str(folder)), Post(), MediaWorkers(size=1)
    lists = Imports(office.desk, Lists(database, post, blobs, workers), office.renderer)
    yield Registry(office, post, blobs, lists)
    await workers.close()
