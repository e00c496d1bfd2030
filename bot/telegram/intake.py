"""Keeps updates before Telegram may forget them, then works them off: a lane per chat, oldest first."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from bot.telegram.contact import Contact
from bot.telegram.floods import Floods, Tell
from bot.telegram.heads import Heads
from bot.telegram.request import dumps
from bot.telegram.suspects import Suspects
from bot.telegram.unsaved import Unsaved
from bot.telegram.updates import HUSHED, is_id, lane_of
from bot.telemetry.meters import OTHER, Meters, kind_of
from bot.telemetry.subject import about
from storage import aside, inbox, lanes
from storage.database import Connection, Database, DatabaseAway

log = logging.getLogger(__name__)

ATTEMPTS = 3
RETRY_AFTER = (0.2, 1.0)  # seconds before the second and the third attempt
ALONE_WITHIN = 30.0  # seconds that a suspect is tried alone; then the others go on beside it
STORE_AWAY = 2.0  # seconds between tries while the database is away: that is nobody's fault and counts as no attempt
Handle = Callable[[inbox.Received, dict[str, Any]], Awaitable[bool]]
GiveUp = Callable[[inbox.Received], Awaitable[None]]


class Intake:
    """Stores what arrives and runs the lanes.

    `handle` does the whole work of one update and marks it done in its own transaction; what it leaves
    open is closed here. After three failures the update is quarantined and `give_up` tells the person.
    `tell_pace` speaks to who sends faster than he can be answered (see floods), `unsaved` to who waits for the store.

    Where several processes share the database, the lanes are found in it, and `tell_others` wakes those who look;
    one that is not to work itself only stores.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        handle: Handle,
        give_up: GiveUp,
        *,
        tell_pace: Tell | None = None,
        tell_others: Callable[[], None] = lambda: None,
        works: bool = True,
        unsaved: Unsaved | None = None,
        store_away: float = STORE_AWAY,
        meters: Meters | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._handle = handle
        self._give_up = give_up
        self._store_away = store_away
        self._meters = meters or Meters()
        self._lanes: dict[int, deque[inbox.Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self.contact = Contact(self.settled)
        self._floods = Floods(tell_pace, self._is_busy)
        self._suspects = Suspects(database, clock)
        self._tell_others = tell_others
        self._works = works
        self._unsaved = unsaved
        self._heads = None if database.is_sqlite else Heads(database, self._queue, self._convict)

    async def resume(self) -> int:
        """Take up what an earlier process left undone; returns how much that was."""
        if self._heads is not None:
            self._heads.start()
            return await self._database.read(lanes.count_waiting)
        rows: list[inbox.Received] = []
        while more := await self._database.read(partial(inbox.list_waiting, after=rows[-1].seq if rows else 0)):
            rows += more
        found = await self._suspects.find(rows)
        for row in found.convicted:
            log.error("update %d has ended the process again and again", row.seq)
            await self._convict(row)
        for row in found.suspects:
            await self._try_alone(row)
        treated = {row.seq for row in (*found.convicted, *found.suspects)}
        for row in rows:
            if row.seq not in treated:
                self._queue(row)
        return len(rows)

    async def _try_alone(self, row: inbox.Received) -> None:
        log.warning("update %d was in hand when the process died twice; it is tried alone", row.seq)
        await self._suspects.try_alone(row)
        self._queue(row)
        with suppress(TimeoutError):
            async with asyncio.timeout(ALONE_WITHIN):
                await self.settled()
        await self._suspects.clear()

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store raw updates and start on them; when this returns Telegram may forget them. Raises DatabaseAway."""
        now = self._clock()
        known = [raw for raw in updates if _has_id(raw)]
        rows = [self._row(raw, now) for raw in known]
        try:
            kept = await self._database.write(lambda connection: inbox.keep(connection, rows), brief=True)
        except DatabaseAway:
            for raw, row in zip(known, rows, strict=True):
                self._keep_waiting(row["lane"], raw)
            raise
        self._meters.updates_repeated(len(rows) - len(kept))
        if self._unsaved is not None and self._heads is not None:  # whoever works it off may be another process
            for row in rows:
                self._unsaved.saved(row["lane"])
        self._hand_over(kept)

    def _row(self, raw: dict[str, Any], now: datetime) -> dict[str, Any]:
        lane = lane_of(raw)
        if self._floods.note(lane, raw, now.timestamp()):
            raw = {**raw, HUSHED: True}  # whoever works it off may be another process
        return {"update_id": raw["update_id"], "lane": lane, "raw": dumps(raw), "received_at": now}

    async def _is_busy(self, lane: int) -> bool:
        """Whether something of this lane is still to be worked off."""
        if self._heads is None:
            return lane in self._lanes
        return await self._database.read(lambda connection: lanes.has_waiting_in(connection, lane))

    def _keep_waiting(self, lane: int, raw: dict[str, Any]) -> None:
        if self._unsaved is not None:
            self._unsaved.waits(lane, raw)

    def _hand_over(self, rows: Sequence[inbox.Received]) -> None:
        if self._heads is None:
            for row in rows:
                self._queue(row)
        elif rows:
            if self._works:
                self._heads.start()
            self._tell_others()

    async def take_replayed(self) -> int:
        """Take up what an operator has put back from quarantine; returns how much that was. Raises DatabaseAway."""
        if not await self._database.read(aside.has_replayed):
            return 0
        rows = await self._database.write(aside.take_replayed)
        self._hand_over(rows)
        return len(rows)

    def look(self) -> None:
        """Another process says that there is something."""
        if self._heads is not None:
            self._heads.ring()

    async def settled(self) -> None:
        """Wait until every lane is empty."""
        if self._heads is not None:
            await self._heads.settled()
        await self._idle.wait()

    async def stop(self) -> None:
        """Let the update in hand of each lane finish; the rest waits in the inbox."""
        await self._floods.stop()
        if self._unsaved is not None:
            await self._unsaved.stop()
        if self._heads is not None:
            await self._heads.stop()
        for lane in self._lanes.values():
            lane.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._heads is not None:
            await self._heads.let_go()
            return
        with suppress(DatabaseAway):  # then the next start is a little more careful than it has to be
            await self._suspects.end()

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
                row = lane.popleft()
                with about(update=row.seq):
                    await self._work_off(row)
                if self._heads is not None:
                    self._heads.left(row.seq)
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
                self._keep_waiting(row.lane, json.loads(row.raw))
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

    async def _convict(self, row: inbox.Received) -> None:
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


def _has_id(raw: dict[str, Any]) -> bool:
    """Without an id nothing can tell it from its doubles; Telegram sends no such thing."""
    if is_id(raw.get("update_id")):
        return True
    log.error("an update without an id was dropped; it has %s", sorted(raw))
    return False
