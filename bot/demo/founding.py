"""Brings the demo's database to its beginning: a new company with its past, or the one of last time, for new chats."""

import asyncio
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demo import company, history
from bot.demo.chronicle import Chronicle
from bot.demo.darkroom import Darkroom
from bot.domain.calendar import WorkingDays, instant, local_date
from bot.domain.policy import Policy
from bot.domain.policy_scopes import Rules
from bot.rendering import Renderer
from bot.services.calendars import official_days
from storage import another_telegram, people, signing
from storage.blobs import Blobs
from storage.database import Connection, Database
from storage.migrations.upgrade import upgrade

FILE = "demo.db"
BOT_NAME = "sandbox_700000_bot"  # as the sandbox calls the bot of the demo's token
OPENS = time(8, 50)  # late enough for the morning's brief to be there, early enough for a whole day
CLOSES = time(18, 0)  # who stopped later than this begins with the next morning
ZONE = ZoneInfo(company.ZONE)


def begins_at(real_now: datetime, stopped_at: datetime | None, calendar: WorkingDays) -> datetime:
    """When the demo's clock begins: in the morning of a working day, or where it stopped if that is later."""
    morning = instant(calendar.next_working_day(local_date(real_now, ZONE)), OPENS, ZONE)
    if stopped_at is None or stopped_at <= morning:
        return morning
    if stopped_at.astimezone(ZONE).time() < CLOSES:
        return stopped_at
    following = calendar.next_working_day(local_date(stopped_at, ZONE) + timedelta(days=1))
    return instant(following, OPENS, ZONE)


def calendar_at(now: datetime, policy: Policy) -> WorkingDays:
    """The company's working days around an instant."""
    return official_days(policy, company.ZONE, local_date(now, ZONE))


async def find_last_stop(folder: Path) -> datetime | None:
    """When the demo in this folder was played last, by its own clock; None where there is none yet."""
    if not (folder / FILE).exists():
        return None
    await asyncio.to_thread(upgrade, address(folder))
    database = Database(address(folder))
    try:
        return await database.read(another_telegram.find_last_instant)
    finally:
        await database.close()


def address(folder: Path, file: str = FILE) -> str:
    """The address of the demo's database."""
    return f"sqlite:///{folder / file}"


async def found_or_reopen(folder: Path, photos: Path, now: datetime) -> None:
    """Ready for the bot, whether it is the first time or not."""
    if (folder / FILE).exists():
        await _reopen(folder)
    else:
        await _found(folder, photos, now)


async def _found(folder: Path, photos: Path, now: datetime) -> None:
    """A new company; it takes its name only when it is complete, so that half of one is none."""
    file = f"{FILE}.new"
    await asyncio.to_thread(_begin_anew, folder, file)
    database = Database(address(folder, file))
    rules = Rules()
    calendar = calendar_at(now, rules.company)

    def write(connection: Connection) -> list[int]:
        signing.add_first(connection, now)
        founded = company.found(connection, now, rules.company, calendar)
        told = []
        for rep_id, own in founded.customers.items():
            told += history.invent(people.get(connection, rep_id), own, local_date(now, ZONE), calendar)
        return Chronicle(connection, rules, calendar, now).tell(told)

    try:
        taken = await database.write(write)
        await Darkroom(database, Blobs(str(photos)), Renderer(), now, BOT_NAME).develop(taken)
    finally:
        await database.close()
    (folder / file).rename(folder / FILE)


def _begin_anew(folder: Path, file: str) -> None:
    """An empty database; what an interrupted founding has left goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{file}*"):
        left.unlink()
    upgrade(address(folder, file))


async def _reopen(folder: Path) -> None:
    """The company of last time: its chats are gone with the sandbox, its people, visits and promises are not."""
    database = Database(address(folder))

    def write(connection: Connection) -> None:
        another_telegram.forget(connection)
        for person in people.list_in(connection, ""):
            # planned anew by the next tick: what was missed while nobody played is not told late
            people.change(connection, person.id, brief_due_at=None, digest_due_at=None)

    try:
        await database.write(write)
    finally:
        await database.close()


def last_worked_day(now: datetime, policy: Policy) -> date:
    """The day whose digest opens the demo."""
    return calendar_at(now, policy).last_working_day_before(local_date(now, ZONE))
