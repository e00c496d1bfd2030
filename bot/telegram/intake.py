"""Keeps updates before Telegram may forget them, then hands them to the lanes that work them off."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from bot.telegram.contact import Contact
from bot.telegram.floods import Floods, Tell
from bot.telegram.heads import Heads
from bot.telegram.lanes import STORE_AWAY, GiveUp, Handle, Lanes
from bot.telegram.moves import Places, moved_of
from bot.telegram.request import dumps
from bot.telegram.suspects import Suspects
from bot.telegram.unsaved import Unsaved
from bot.telegram.updates import HUSHED, is_id, lane_of
from bot.telemetry.meters import Meters
from storage import aside, inbox, lanes
from storage.database import Database, DatabaseAway

log = logging.getLogger(__name__)

LAST_WORD = 0.5  # seconds of an end that are kept for what is written down last
MOVED = "edited_message"  # as which kind of update a place of a live location is counted
ALONE_WITHIN = 30.0  # seconds that a suspect is tried alone; then the others go on beside it


class Intake:
    """Stores what arrives, and says when it may be worked off.

    `handle` and `give_up` are the lanes' (see there).
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
        self._meters = meters or Meters()
        self.contact = Contact(self.settled)
        self._floods = Floods(tell_pace, self._is_busy)
        self._places = Places(database)
        self._suspects = Suspects(database, clock)
        self._tell_others = tell_others
        self._works = works
        self._unsaved = unsaved
        self._lanes = Lanes(
            database, clock, handle, give_up, self._left, unsaved=unsaved, store_away=store_away, meters=self._meters
        )
        self._heads = None if database.is_sqlite else Heads(database, self._lanes.queue, self._lanes.convict)

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
            await self._lanes.convict(row)
        for row in found.suspects:
            await self._try_alone(row)
        treated = {row.seq for row in (*found.convicted, *found.suspects)}
        for row in rows:
            if row.seq not in treated:
                self._lanes.queue(row)
        return len(rows)

    async def _try_alone(self, row: inbox.Received) -> None:
        log.warning("update %d was in hand when the process died twice; it is tried alone", row.seq)
        await self._suspects.try_alone(row)
        self._lanes.queue(row)
        with suppress(TimeoutError):
            async with asyncio.timeout(ALONE_WITHIN):
                await self.settled()
        await self._suspects.clear()

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store raw updates and start on them; when this returns Telegram may forget them. Raises DatabaseAway.

        A live location that only moved on is stored as its place and no more: it waits in no lane, and nothing is
        answered to it. Cut off between the two, Telegram brings all of them again, and a place that is there is one.
        """
        now, known = self._clock(), [raw for raw in updates if _has_id(raw)]
        try:
            rows = [self._row(raw, now) for raw in await self._without_places(known, now)]
            if not rows:
                return
            kept = await self._database.write(lambda connection: inbox.keep(connection, rows), brief=True)
        except DatabaseAway:
            if self._unsaved is not None:
                for raw in known:
                    self._unsaved.waits(lane_of(raw), raw)
            raise
        self._meters.updates_repeated(len(rows) - len(kept))
        if self._unsaved is not None and self._heads is not None:  # whoever works it off may be another process
            for row in rows:
                self._unsaved.saved(row["lane"])
        self._hand_over(kept)

    async def _without_places(self, updates: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
        """What is left of them when the places of live locations are stored."""
        moves = {number: moved for number, raw in enumerate(updates) if (moved := moved_of(raw, now)) is not None}
        if not moves:
            return updates
        others = await self._places.keep(list(moves.values()))
        taken = {number for number, moved in moves.items() if moved not in others}
        for _ in taken:
            self._meters.update_done(MOVED, (self._clock() - now).total_seconds())
        return [raw for number, raw in enumerate(updates) if number not in taken]

    def _row(self, raw: dict[str, Any], now: datetime) -> dict[str, Any]:
        lane = lane_of(raw)
        if self._floods.note(lane, raw, now.timestamp()):
            raw = {**raw, HUSHED: True}  # whoever works it off may be another process
        return {"update_id": raw["update_id"], "lane": lane, "raw": dumps(raw), "received_at": now}

    async def _is_busy(self, lane: int) -> bool:
        """Whether something of this lane is still to be worked off."""
        if self._heads is None:
            return self._lanes.is_busy(lane)
        return await self._database.read(lambda connection: lanes.has_waiting_in(connection, lane))

    def _hand_over(self, rows: Sequence[inbox.Received]) -> None:
        if self._heads is None:
            for row in rows:
                self._lanes.queue(row)
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
        await self._lanes.settled()

    async def stop(self, by: float | None = None) -> None:
        """Let the update in hand of each lane finish, `by` then (the loop's time); the rest waits in the inbox."""
        await self._floods.stop()
        await self._places.stop()
        if self._unsaved is not None:
            await self._unsaved.stop()
        if self._heads is not None:
            await self._heads.stop()
        await self._lanes.stop(by - LAST_WORD if by is not None else None)
        # without it claims end by themselves, and the next start is a little more careful than it has to be
        with suppress(DatabaseAway, TimeoutError):
            async with asyncio.timeout_at(by):
                await (self._heads.let_go() if self._heads is not None else self._suspects.end())

    def _left(self, seq: int) -> None:
        if self._heads is not None:
            self._heads.left(seq)


def _has_id(raw: dict[str, Any]) -> bool:
    """Without an id nothing can tell it from its doubles; Telegram sends no such thing."""
    if is_id(raw.get("update_id")):
        return True
    log.error("an update without an id was dropped; it has %s", sorted(raw))
    return False
