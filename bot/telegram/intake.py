"""Keeps updates before Telegram may forget them, then works them off: a lane per chat, oldest first."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.telegram.contact import Contact
from bot.telegram.request import dumps
from bot.telegram.updates import is_id, lane_of
from storage import aside, inbox
from storage.database import Connection, Database, DatabaseAway, is_alive

log = logging.getLogger(__name__)

ATTEMPTS = 3
RETRY_AFTER = (0.2, 1.0)  # seconds before the second and the third attempt
STORE_AWAY = 2.0  # seconds between tries while the database is away: that is nobody's fault and counts as no attempt
Handle = Callable[[inbox.Received, dict[str, Any]], Awaitable[bool]]
GiveUp = Callable[[inbox.Received], Awaitable[None]]


class Intake:
    """Stores what arrives and runs the lanes.

    `handle` does the whole work of one update and marks it done in its own transaction; what it leaves
    open is closed here. After three failures the update is quarantined and `give_up` tells the person.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        handle: Handle,
        give_up: GiveUp,
        *,
        store_away: float = STORE_AWAY,
    ) -> None:
        self._database = database
        self._clock = clock
        self._handle = handle
        self._give_up = give_up
        self._store_away = store_away
        self._lanes: dict[int, deque[inbox.Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self.contact = Contact(self.settled)

    async def resume(self) -> int:
        """Take up what an earlier process left undone; returns how much that was."""
        after = total = 0
        while rows := await self._database.read(partial(inbox.list_waiting, after=after)):
            for row in rows:
                self._queue(row)
            after, total = rows[-1].seq, total + len(rows)
        return total

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store raw updates and start on them; when this returns Telegram may forget them. Raises DatabaseAway."""
        now = self._clock()
        rows = [_row(raw, now) for raw in updates if _has_id(raw)]
        for row in await self._database.write(lambda connection: inbox.keep(connection, rows)):
            self._queue(row)

    async def take_replayed(self) -> int:
        """Take up what an operator has put back from quarantine; returns how much that was. Raises DatabaseAway."""
        if not await self._database.read(aside.has_replayed):
            return 0
        rows = await self._database.write(aside.take_replayed)
        for row in rows:
            self._queue(row)
        return len(rows)

    async def is_open(self) -> bool:
        """Whether the inbox could take something now."""
        try:
            return await self._database.read(is_alive)
        except DatabaseAway:
            return False

    async def settled(self) -> None:
        """Wait until every lane is empty."""
        await self._idle.wait()

    async def stop(self) -> None:
        """Let the update in hand of each lane finish; the rest waits in the inbox."""
        for lane in self._lanes.values():
            lane.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _queue(self, row: inbox.Received) -> None:
        lane = self._lanes.get(row.lane)
        if lane is not None:
            lane.append(row)
            return
        self._lanes[row.lane] = deque([row])
        self._idle.clear()
        task = asyncio.create_task(self._run_lane(row.lane), name=f"lane {row.lane}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, number: int) -> None:
        lane = self._lanes[number]
        try:
            while lane:
                await self._work_off(lane.popleft())
        finally:
            del self._lanes[number]
            if not self._lanes:
                self._idle.set()

    async def _work_off(self, row: inbox.Received) -> None:
        attempts = row.attempts
        while True:
            try:
                if not await self._handle(row, json.loads(row.raw)):
                    await self._surely(lambda connection: inbox.mark_done(connection, row.seq))
                return
            except DatabaseAway as error:
                log.warning("update %d is not saved yet: %s", row.seq, error)
                await asyncio.sleep(self._store_away)
            except Exception as error:  # the edge: one update's fault must not stop its lane
                attempts += 1
                log.exception("update %d failed, attempt %d", row.seq, attempts)
                if attempts >= ATTEMPTS:
                    await self._quarantine(row, error)
                    return
                await self._note(row, error, last=False)
                await asyncio.sleep(RETRY_AFTER[attempts - 1])

    async def _quarantine(self, row: inbox.Received, error: Exception) -> None:
        """Tell the person before the row is put aside: a crash between the two tells him again, which is said once."""
        while True:
            try:
                await self._give_up(row)
                break
            except DatabaseAway:
                await asyncio.sleep(self._store_away)
            except Exception:  # the edge: not even the excuse may stop the lane
                log.exception("the sender of update %d was not told", row.seq)
                break
        await self._note(row, error, last=True)

    async def _note(self, row: inbox.Received, error: Exception, *, last: bool) -> None:
        def note(connection: Connection) -> None:
            inbox.note_failure(connection, row.seq, type(error).__name__, quarantine=last)

        await self._surely(note)

    async def _surely(self, unit: Callable[[Connection], object]) -> None:
        """Write, however long the database is away."""
        while True:
            try:
                await self._database.write(unit)
                return
            except DatabaseAway:
                await asyncio.sleep(self._store_away)


def _has_id(raw: dict[str, Any]) -> bool:
    """Without an id nothing can tell it from its doubles; Telegram sends no such thing."""
    if is_id(raw.get("update_id")):
        return True
    log.error("an update without an id was dropped; it has %s", sorted(raw))
    return False


def _row(raw: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {"update_id": raw["update_id"], "lane": lane_of(raw), "raw": dumps(raw), "received_at": now}
