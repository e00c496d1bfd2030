"""Makes what somebody wants to take out, and sends it, once, if he still may have it."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from bot.domain.audit import Area
from bot.domain.export import OF_DAYS, Form, Order, What, offered
from bot.domain.people import Person, Role
from bot.media.export_files import Layout, TooLarge, Written, write_files
from bot.media.workers import MediaWorkers, WorkTimedOut, one_process
from bot.rendering import Renderer
from bot.services import audit, exports, transitions
from bot.services.desk import Desk
from bot.services.export_making import Making, file_name
from bot.services.export_photos import TooMany
from bot.services.export_rows import Asker
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import export_orders as stored
from storage import people
from storage.blobs import Blobs, StoreAway
from storage.export_rows import Reach
from storage.jobs import Job

LARGEST = 48 * 1024 * 1024  # bytes; Telegram takes 50 MB of a bot, form and all
PREFIX, LEFT_FOR = "rounds-export-", timedelta(days=1)
WRITE_WITHIN = timedelta(minutes=10)  # 200,000 customers take half a minute


@dataclass(frozen=True)
class Exports:
    """Does the jobs, one at a time, so that others are not held up; `largest` bytes are what one file may have."""

    desk: Desk
    blobs: Blobs
    renderer: Renderer
    largest: int = LARGEST
    hired: Callable[[], MediaWorkers] = one_process
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {exports.JOB: self.work}

    def lose(self, turn: Turn, job: Job) -> None:
        """Nothing came of it for days."""
        note = stored.find(turn.connection, job.subject) if job.kind == exports.JOB else None
        if note is not None:
            stored.settle(turn.connection, job.subject)
            turn.say("export/failed", to=people.get(turn.connection, note["person_id"]))

    async def work(self, job: Job) -> None:
        """Make the files of one order. Killed at any line it is done again, and what was kept is swept up."""
        if self._alone.locked():
            raise NotNow("another file is being made", ours=True)
        async with self._alone:
            await self._make(job)

    async def _make(self, job: Job) -> None:
        begun = await self.desk.decide(f"export:{job.id}", partial(self._begin, number=job.subject))
        if begun is None:
            await self.desk.finish(job, _refused, job.subject)
            return
        order, asker = begun
        making = Making(self.desk.database, self.blobs, self._write)
        async with _workplace() as folder:
            try:
                written = await making.make(order, asker, folder, self.largest)
                files = await self._kept(order, asker, written)
            except (TooLarge, TooMany, WorkTimedOut):
                await self.desk.finish(job, _too_large, job.subject)
                return
            except (StoreAway, OSError) as away:
                raise NotNow(type(away).__name__, ours=True) from None
        await self.desk.finish(job, _sent, job.subject, asker.reach, files)

    def _begin(self, turn: Turn, number: int) -> tuple[Order, Asker] | None:
        """What is wanted, and in whose eyes; None where he may not have it, or has it."""
        note = stored.find(turn.connection, number)
        person = people.get(turn.connection, note["person_id"]) if note is not None else None
        if note is None or person is None or not _may(person, order := Order.of(note)):
            return None
        flags_from = transitions.end_for(turn, person)
        asker = Asker(self.renderer, person.language, person.zone, turn.now, Reach.of(person), flags_from)
        return order, asker

    async def _write(
        self, spool: Path, folder: Path, form: Form, layout: Layout, records: int, largest: int | None
    ) -> list[Written]:
        workers = self.hired()
        try:
            return await workers.run(write_files, spool, folder, form, layout, records, largest, timeout=WRITE_WITHIN)
        finally:
            await workers.close()

    async def _kept(self, order: Order, asker: Asker, written: list[Written]) -> list[dict[str, Any]]:
        """The files in the store, each as its message takes it; one in memory at a time."""
        files = []
        for number, each in enumerate(written, 1):
            key = await self.blobs.keep(await asyncio.to_thread(each.path.read_bytes), each.suffix)
            file = {"key": key, "name": file_name(asker, order, each, number, len(written))}
            files.append({"file": file, "part": number, "parts": len(written), "records": each.records})
        return files


@asynccontextmanager
async def _workplace() -> AsyncIterator[Path]:
    """A folder that only we can read, and that is gone afterwards; those that a kill has left go a day later.

    Off the loop: half a gigabyte of photos is not dropped in no time.
    """
    await asyncio.to_thread(_sweep)
    folder = TemporaryDirectory(prefix=PREFIX)
    try:
        yield Path(folder.name)
    finally:
        await asyncio.to_thread(folder.cleanup)


def _sweep() -> None:
    for left in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_FOR.total_seconds():
                shutil.rmtree(left)


def _may(person: Person, order: Order) -> bool:
    return person.active and order.what in offered(person)


def _waiting(turn: Turn, number: int) -> tuple[Person, Order] | None:
    """Who waits for this file, no more from now on; None where he has had his answer."""
    note = stored.find(turn.connection, number)
    if note is None or not stored.settle(turn.connection, number):
        return None
    turn.visitor = people.get_acting(turn.connection, note["person_id"])
    return turn.visitor, Order.of(note)


def _refused(turn: Turn, number: int) -> None:
    """A role was taken from him since he asked. Who is locked out, or has left, hears nothing."""
    if (waiting := _waiting(turn, number)) is not None and waiting[0].active:
        turn.say("export/no_longer")


def _too_large(turn: Turn, number: int) -> None:
    if (waiting := _waiting(turn, number)) is not None:
        order = waiting[1]
        turn.say("export/too_large", what=order.what.value, of_days=order.what in OF_DAYS)


def _sent(turn: Turn, number: int, reach: Reach, files: list[dict[str, Any]]) -> None:
    """The files, unless what he may see is not what it was when they were made."""
    if (waiting := _waiting(turn, number)) is None:
        return
    person, order = waiting
    if not _may(person, order) or Reach.of(person) != reach:
        if person.active:
            turn.say("export/no_longer")
        return
    facts = order.as_json()
    told = {**facts, "records": sum(file["records"] for file in files)}
    audit.note(turn, Area.EXPORT, "sent", f"export:{number}", None, told)
    days = {"first_on": facts.get("first_on"), "last_on": facts.get("last_on")}
    if not files:
        turn.say("export/nothing", what=order.what.value, **days)
    may_import = order.what is What.CUSTOMERS and order.form is not Form.GEOJSON and Role.ADMIN in person.roles
    for file in files:
        turn.say("export/file", what=order.what.value, may_import=may_import, **days, **file)
