"""Sees a flood through: who sends too fast hears so once, and when he pauses what became of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.telegram.pace import Pace
from storage.database import DatabaseAway

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between looks whether a lane is empty
STORE_AWAY = 2.0
Tell = Callable[[int, int | None], Awaitable[None]]


class Floods:
    """`tell(lane, None)` at the beginning; `tell(lane, number)` when `number` messages are all worked off."""

    def __init__(self, tell: Tell | None, is_busy: Callable[[int], Awaitable[bool]]) -> None:
        self._tell = tell
        self._is_busy = is_busy
        self._pace = Pace()
        self._tasks: set[asyncio.Task[None]] = set()

    def note(self, lane: int, raw: dict[str, Any], received: float) -> bool:
        """Count an update before it is stored, `received` in seconds since 1970; whether it is part of a flood."""
        if not lane:
            return False
        if self._pace.note(lane, raw, received):
            task = asyncio.create_task(self._see_through(lane), name=f"flood {lane}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return self._pace.is_flooding(lane)

    async def stop(self) -> None:
        """Say nothing more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _see_through(self, lane: int) -> None:
        log.warning("chat %d sends faster than it can be answered", lane)
        await self._surely_tell(lane, None)
        while True:
            wait = self._pace.calm_in(lane)
            if wait <= 0 and not await self._is_still_busy(lane):
                break
            await asyncio.sleep(max(wait, LOOK_EVERY))
        await self._surely_tell(lane, self._pace.end(lane))

    async def _is_still_busy(self, lane: int) -> bool:
        try:
            return await self._is_busy(lane)
        except DatabaseAway:
            return True

    async def _surely_tell(self, lane: int, number: int | None) -> None:
        while self._tell is not None:
            try:
                await self._tell(lane, number)
                return
            except DatabaseAway:
                await asyncio.sleep(STORE_AWAY)
