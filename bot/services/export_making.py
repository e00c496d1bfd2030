"""Makes the files of an order from the store: rows are put aside batch by batch, and written from there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.domain.export import Form, Order, What
from bot.media.export_files import Layout, Written, spool_into
from bot.services.export_photos import PhotoZips
from bot.services.export_rows import Asker, Customers, Source, everybody, followups
from bot.services.export_visits import Visits
from storage.blobs import Blobs
from storage.database import Connection, Database

Write = Callable[[Path, Path, Form, Layout, int, int | None], Awaitable[list[Written]]]


@dataclass(frozen=True)
class Making:
    """Makes files; `write` has them written where that disturbs nobody."""

    database: Database
    blobs: Blobs
    write: Write

    async def make(self, order: Order, asker: Asker, folder: Path, largest: int | None = None) -> list[Written]:
        """The files, none larger than `largest` bytes, and none at all where there is nothing to tell.

        Raises TooLarge, TooMany (photos), StoreAway, DatabaseAway, and OSError when the disk is full.
        """
        if order.what is What.PHOTOS:
            return await PhotoZips(self.database, self.blobs, asker, order.days).write(folder, largest)
        source, spool = _source(order, asker), folder / "rows"
        with spool.open("wb") as file:
            number = await self._spool(source, file)
        if not number:
            return []
        return await self.write(spool, folder, order.form, source.layout(order.form), number, largest)

    async def _spool(self, source: Source, file: IO[bytes]) -> int:
        """Put everything aside, in batches: the number of records."""

        def put_aside(connection: Connection, after: int) -> tuple[int, int | None]:
            records, following = source.batch(connection, after)
            spool_into(file, records)
            return len(records), following

        number, after = 0, 0
        while True:
            some, following = await self.database.read(lambda connection, after=after: put_aside(connection, after))  # type: ignore[misc]
            number += some
            if following is None:
                return number
            after = following


def file_name(asker: Asker, order: Order, written: Written, number: int, of: int) -> str:
    """What the file, the `number`th of so many, is called in the asker's words."""
    days = order.days
    span = f"{days.first_on} {days.last_on}" if days is not None else f"{asker.now.astimezone(asker.zone):%Y-%m-%d}"
    part = f" {number}-{of}" if of > 1 else ""
    return f"{asker.words('export/files')[order.what]} {span}{part}.{written.suffix}"


def _source(order: Order, asker: Asker) -> Source:
    match order.what:
        case What.CUSTOMERS:
            return Customers(asker)
        case What.VISITS:
            return Visits(asker, order.days)
        case What.FOLLOWUPS:
            return followups(asker, order.days)
        case _:
            return everybody(asker)
