"""Works off what is kept: a lane per chat, oldest first; what fails three times is put aside, and its sender told."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from bot.telegram.unsaved import Unsaved
from bot.telemetry.meters import OTHER, Meters, kind_of
from bot.telemetry.subject import about
from storage import inbox
from storage.database import Connection, Database, DatabaseAway

log = logging.getLogger(__name__)

ATTEMPTS = 3
RETRY_AFTER = (0.2, 1.0)  # seconds before the second and the third attempt
STORE_AWAY = 2.0  # seconds between tries while the database is away: that is nobody's fault and counts as no attempt
Handle = Callable[[inbox.Received, dict[str, Any]], Awaitable[bool]]
GiveUp = Callable[[inbox.Received], Awaitable[None]]


class Lanes:
    """The updates in hand, and those that wait behind them.

    `handle` does the whole work of one update and marks it done in its own transaction; what it leaves
    open is closed here. After three failures the update is quarantined and `give_up` tells the person.
    `left` hears the number of each update that is in hand no longer.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        handle: Handle,
        give_up: GiveUp,
        left: Callable[[int], None],
        *,
        unsaved: Unsaved | None,
        store_away: float,
        meters: Meters,
    ) -> None:
        """`store_away` in seconds, between tries while the database is away."""
        self._database = database
        self._clock = clock
        self._handle = handle
        self._give_up = give_up
        self._left = left
        self._unsaved = unsaved
        self._store_away = store_away
        self._meters = meters
        self._lanes: dict[int, deque[inbox.Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def is_busy(self, lane: int) -> bool:
        """Whether something of this lane is in hand."""
        return lane in self._lanes

    async def settled(self) -> None:
        """Wait until every lane is empty."""
        await self._idle.wait()

    async def stop(self, by: float | None = None) -> None:
        """Let the update in hand of each lane finish, `by` then (the loop's time); the rest waits in the inbox."""
        for lane in self._lanes.values():
            lane.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(by):
                await self.settled()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def queue(self, row: inbox.Received) -> None:
        """Work it off, after what its lane has in hand."""
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
                row = lane.popleft()
                with about(update=row.seq):
                    await self._work_off(row)
                self._left(row.seq)
        finally:
            del self._lanes[number]
            if not self._lanes:
                self._idle.set()

    async def _work_off(self, row: inbox.Received) -> None:
        attempts, kind = row.attempts, OTHER
        while True:
            try:
                raw = json.loads(row.raw)
                kind = kind_of(raw)
                if not await self._handle(row, raw):
                    await self._surely(lambda connection: inbox.mark_done(connection, row.seq))
                self._meters.update_done(kind, (self._clock() - row.received_at).total_seconds())
                if self._unsaved is not None:
                    self._unsaved.saved(row.lane)
                return
            except DatabaseAway as error:
                log.warning("update %d is not saved yet: %s", row.seq, error)
                if self._unsaved is not None:
                    self._unsaved.waits(row.lane, json.loads(row.raw))
                await asyncio.sleep(self._store_away)
            except Exception as error:  # the edge: one update's fault must not stop its lane
                attempts += 1
                log.exception("update %d failed, attempt %d", row.seq, attempts)
                if attempts >= ATTEMPTS:
                    self._meters.update_failed(kind, "quarantined")
                    await self._quarantine(row, type(error).__name__)
                    if self._unsaved is not None:
                        self._unsaved.saved(row.lane)
                    return
                self._meters.update_failed(kind, "failed")
                await self._note(row, type(error).__name__, last=False)
                await asyncio.sleep(RETRY_AFTER[attempts - 1])

    async def convict(self, row: inbox.Received) -> None:
        """Put aside an update with which the process dies, untried."""
        await self._quarantine(row, "Died")

    async def _quarantine(self, row: inbox.Received, error: str) -> None:
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

    async def _note(self, row: inbox.Received, error: str, *, last: bool) -> None:
        def note(connection: Connection) -> None:
            inbox.note_failure(connection, row.seq, error, quarantine=last)

        await self._surely(note)

    async def _surely(self, unit: Callable[[Connection], object]) -> None:
        """Write, however long the database is away."""
        while True:
            try:
                await self._database.write(unit)
                return
            except DatabaseAway:
                await asyncio.sleep(self._store_away)
