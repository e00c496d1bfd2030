"""Recognises, in a raw update, a live location that moved on: one of very many, and nothing is answered to it."""

import asyncio
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.evidence import Fix
from bot.domain.geography import ImpossiblePoint, Point
from storage import location_fixes
from storage.database import Database
from storage.location_fixes import Moved

FOR_EVER = 0x7FFFFFFF  # seconds: Telegram's word for a location that is shared until it is stopped
LONGEST = timedelta(days=7)  # for us it is over then, so that what was kept of it can be forgotten as a whole


def period_of(seconds: int) -> timedelta:
    """For how long a live location counts as shared."""
    return min(timedelta(seconds=seconds), LONGEST)


def moved_of(raw: dict[str, Any], now: datetime) -> Moved | None:
    """What moved; None for anything else, and for whatever is odd about it. It trusts no shape."""
    message = raw.get("edited_message")
    if not isinstance(message, dict):
        return None
    chat, place = message.get("chat"), message.get("location")
    if not isinstance(chat, dict) or not isinstance(place, dict) or chat.get("type") != "private":
        return None
    chat_id, message_id, edited = _whole(chat, "id"), _whole(message, "message_id"), _whole(message, "edit_date")
    period, latitude, longitude = _whole(place, "live_period"), _number(place, "latitude"), _number(place, "longitude")
    if chat_id is None or message_id is None or edited is None or period is None or not 0 < period <= FOR_EVER:
        return None
    try:
        # Telegram's clock, but never later than ours
        at = min(datetime.fromtimestamp(edited, UTC), now)
        point = Point(math.nan if latitude is None else latitude, math.nan if longitude is None else longitude)
    except (ImpossiblePoint, OverflowError, OSError, ValueError):
        return None
    accuracy, heading = _number(place, "horizontal_accuracy"), _number(place, "heading")
    return Moved(chat_id, message_id, period_of(period), Fix(point, at, accuracy, live=True, heading=heading))


class Places:
    """Stores places, all that wait at the same moment in one transaction: a webhook brings them one by one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Moved] = []
        self._next: asyncio.Task[frozenset[Moved]] | None = None
        self._writing: asyncio.Task[frozenset[Moved]] | None = None

    async def keep(self, moves: Sequence[Moved]) -> frozenset[Moved]:
        """Store them; what belongs in the ordinary way of an update is among what returns. Raises DatabaseAway."""
        self._waiting += moves
        if self._next is None:
            self._next = asyncio.create_task(self._store(after=self._writing), name="places")
        return await asyncio.shield(self._next)

    async def _store(self, after: "asyncio.Task[frozenset[Moved]] | None") -> frozenset[Moved]:
        if after is not None:
            await asyncio.wait([after])
        self._writing, self._next = self._next, None
        moves, self._waiting = self._waiting, []
        return await self._database.write(lambda c: frozenset(location_fixes.keep(c, moves)), brief=True)

    async def stop(self) -> None:
        """Wait until what was handed in is stored, or was refused."""
        while left := [task for task in (self._next, self._writing) if task is not None and not task.done()]:
            await asyncio.wait(left)


def _whole(of: dict[str, Any], name: str) -> int | None:
    value = of.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def _number(of: dict[str, Any], name: str) -> float | None:
    value = of.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e6:
        return None
    return float(value)
