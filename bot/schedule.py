"""The tick: asks every few seconds what is due. APScheduler keeps no jobs and no state of ours.

Of several processes one ticks. Whether we hear from Telegram is known where updates come in, which may be another
process: it keeps a mark in the database, and without a fresh one nothing is decided by the clock.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.services import flows, gaps
from bot.services.desk import Desk
from bot.services.housekeeping import Housekeeping
from bot.telegram.contact import Contact
from storage.leadership import Leadership

FRESH = 2 * gaps.MARKED_EVERY  # of the mark, where another process listens
CATCHES_UP_WITHIN = 1.0  # seconds that a tick waits for what people sent before; the next tick looks again


class WayIn(Protocol):
    """Where updates come in."""

    contact: Contact

    async def take_replayed(self) -> int: ...


def ticking(tick: Callable[[], Awaitable[None]], every: float) -> AsyncIOScheduler:
    """A scheduler that calls `tick` every so many seconds, never twice at once, late rather than not at all."""

    async def look() -> None:  # of an object that is called APScheduler does not see that it has to be awaited
        await tick()

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(look, "interval", seconds=every, coalesce=True, max_instances=1, misfire_grace_time=None)
    return scheduler


@dataclass
class Tick:
    """What happens every few seconds; each step is a transaction of its own, and does nothing when nothing is due."""

    desk: Desk
    way_in: WayIn
    housekeeping: Housekeeping
    leads: Leadership
    _marked_at: datetime | None = field(default=None, init=False)

    async def __call__(self) -> None:
        if self.leads.is_held:
            await self.way_in.take_replayed()
        if await self.way_in.contact.caught_up(CATCHES_UP_WITHIN):
            await self._hear()
            if self.leads.is_held and await self._others_hear():
                # What is due is claimed by its own key; the cause only has to differ from every other tick's
                await self.desk.act(f"tick:{uuid4().hex}", flows.tick)
        if self.leads.is_held:
            await self.housekeeping.tidy()

    async def _others_hear(self) -> bool:
        """Whether whoever listens to Telegram has heard of it lately, where that is another process."""
        if self.way_in.contact.is_expected or self.desk.database.is_sqlite:
            return True
        heard_at = await self.desk.database.read(gaps.heard_at)
        return heard_at is not None and self.desk.clock() - heard_at < FRESH

    async def _hear(self) -> None:
        """Keep the mark of when we last heard from Telegram; after a silence its age is told."""
        contact, now = self.way_in.contact, self.desk.clock()
        if not contact.is_open():
            return  # nobody listens in this process
        ended_silence = contact.ended_silence
        if ended_silence or self._marked_at is None or now - self._marked_at >= gaps.MARKED_EVERY:
            await self.desk.act(f"heard:{uuid4().hex}", gaps.hear, ended_silence=ended_silence)
            contact.ended_silence, self._marked_at = False, now
