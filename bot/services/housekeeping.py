"""Forgets what is of no use any more, some rows with every tick.

How long each thing is kept is for the operator who looks into a complaint; nothing of the company's own data
(visits, answers, photos, customers) is ever dropped here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from storage import sweeping
from storage.database import Database
from storage.sweeping import Room

A_WEEK, A_MONTH, A_QUARTER = timedelta(days=7), timedelta(days=30), timedelta(days=90)
# A double of an update comes within Telegram's 24 h, and a message's key is posted again only by its own cause, which
# is closed in the same transaction: a week and a month are for people. What failed waits a quarter for a human.
KEPT = {
    "inbox": {"done": A_WEEK, "quarantined": A_QUARTER},
    "outbox": {"sent": A_MONTH, "superseded": A_MONTH, "refused": A_QUARTER, "parked": A_QUARTER},
    "job": {"done": A_WEEK, "failed": A_QUARTER},
}
OCCURRENCES_KEPT = A_QUARTER  # the row that was due has moved on with the claim: only claims of the same moment meet
AT_ONCE = 500  # rows of a table looked at in one transaction: 2-4 ms of the writer, even where all of them go
WALK_EVERY = timedelta(hours=1)


class Housekeeping:
    """Walks through the traffic from its oldest row to where it is young, then rests until the next walk."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, at_once: int = AT_ONCE) -> None:
        self._database = database
        self._at_once = at_once
        self._clock = clock
        self._rooms = sweeping.rooms(KEPT)
        self._walk_at: dict[str, datetime] = {}
        self._reached: dict[str, int] = {}

    async def tidy(self) -> None:
        """Some rows of each table. Raises DatabaseAway; the next call goes on where this one stopped."""
        now = self._clock()
        for room in self._rooms:
            if now >= self._walk_at.get(room.name, now):
                await self._walk_on(room, now)
        if now >= self._walk_at.get("occurrence", now):
            before = now - OCCURRENCES_KEPT
            gone = await self._database.write(lambda c: sweeping.forget_occurrences(c, before, self._at_once))
            if gone < self._at_once:
                self._walk_at["occurrence"] = now + WALK_EVERY

    async def _walk_on(self, room: Room, now: datetime) -> None:
        after = self._reached.get(room.name, 0)
        reached = await self._database.write(
            lambda connection: sweeping.sweep(connection, room, now, after=after, limit=self._at_once)
        )
        self._reached[room.name] = reached or 0
        if reached is None:
            self._walk_at[room.name] = now + WALK_EVERY
