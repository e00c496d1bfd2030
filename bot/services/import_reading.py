"""Fetches a list that somebody sent and reads it in a child process; then, among our customers, what it would do."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from bot.domain.attachments import FileAway, FileGone, FileSource, FileTooBig
from bot.domain.customer_import import DatumQuestion, Plan, datum_question, plan_of
from bot.domain.customer_owners import Owner, Owners
from bot.domain.customer_preview import compare
from bot.domain.datum import Datum
from bot.media.broken_sheet import BrokenSheet, SheetFault
from bot.media.customer_lists import CustomerList, read_list, unpack
from bot.media.workers import MediaWorkers, WorkCrashed, WorkTimedOut
from bot.services.worker import NotNow
from storage import imports as stored
from storage import people
from storage.blobs import Blobs, StoreAway
from storage.database import Connection, Database, Row

READ_WITHIN = timedelta(minutes=2)  # 20,000 rows take 4 s, and a file may have ten times as many


class Unreadable(Exception):  # noqa: N818 - told to the person; nothing failed
    """The file cannot be read as a list, and never will be."""

    def __init__(self, fault: SheetFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Lists:
    """Where lists come from: Telegram the first time, then our own store."""

    database: Database
    files: FileSource
    blobs: Blobs
    workers: MediaWorkers

    async def read(self, row: Row[Any]) -> bytes:
        """The list of an import, packed; raises Unreadable, or NotNow when it should be tried later."""
        owners = await self.database.read(_owners)
        datum = Datum(row.datum) if row.datum else None
        try:
            data = await self._bytes(row)
            return await self.workers.run(read_list, data, row.file_name, owners, datum, timeout=READ_WITHIN)
        except BrokenSheet as broken:
            raise Unreadable(broken.reason) from None
        except (FileTooBig, WorkTimedOut):
            raise Unreadable(SheetFault.TOO_LARGE) from None
        except (WorkCrashed, FileGone):
            raise Unreadable(SheetFault.DAMAGED) from None
        except (FileAway, StoreAway) as away:
            raise NotNow(type(away).__name__, ours=isinstance(away, StoreAway)) from None

    async def _bytes(self, row: Row[Any]) -> bytes:
        if row.original is not None:
            return await self.blobs.read(row.original)
        data = await self.files.fetch(row.file_id)
        suffix = PurePath(row.file_name).suffix[1:].lower()
        original = await self.blobs.keep(data, suffix if re.fullmatch("[a-z]{3,4}", suffix) else "list")
        kept = {"sha256": hashlib.sha256(data).hexdigest(), "original": original}
        await self.database.write(lambda connection: stored.change(connection, row.id, **kept))
        return data


def _owners(connection: Connection) -> Owners:
    return Owners.of(Owner(person.id, person.name, person.phone) for person in people.list_in(connection, ""))


@dataclass(frozen=True)
class Outlook:
    """What a list would do to the customers as we know them; `names` are the colleagues' whom it speaks of."""

    listed: CustomerList
    known: stored.Known
    plan: Plan
    names: Mapping[int, str]


def look(connection: Connection, packed: bytes, person_id: int) -> Outlook | DatumQuestion:
    """Compare a list with our customers; 2 s for 20,000 rows, so in a thread that only reads."""
    listed = unpack(packed)
    rows = listed.reading.rows
    if listed.reading.needs_datum:
        return datum_question(rows, stored.find_last_datum(connection, person_id))
    known = stored.find_known(connection, rows)
    plan = plan_of(listed.reading.problems, compare(rows, known.customers))
    owners = {one.owner_id for change in plan.changes for one in (change.before, change.after)}
    named = people.list_by_ids(connection, [owner for owner in owners if owner is not None])
    return Outlook(listed, known, plan, {person.id: person.name for person in named.values()})
