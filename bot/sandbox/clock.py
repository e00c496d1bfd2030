"""The sandbox's clock: real time plus an offset that scripts and people move forward, or standing between moves."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as local_time
from zoneinfo import ZoneInfo

MORNING = local_time(8, 0)


class SandboxClock:
    """Telegram's time as the bots and people of the sandbox see it. It runs, and only ever jumps forward.

    One that `stands` moves by jumps alone: what happens in a test then depends on no machine's speed.
    """

    def __init__(self, time_zone: str, start_at: datetime | None = None, *, stands: bool = False) -> None:
        self.zone = ZoneInfo(time_zone)
        self._offset_s = 0.0 if start_at is None else start_at.timestamp() - time.time()
        self._stands_at = time.time() if stands else None
        self._listeners: list[Callable[[], None]] = []
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def offset(self) -> timedelta:
        """How far the sandbox is ahead of the real time."""
        return timedelta(seconds=self._offset_s)

    def timestamp(self) -> float:
        """Seconds since 1970 by this clock."""
        return (self._stands_at or time.time()) + self._offset_s

    def now(self) -> datetime:
        """The aware UTC instant."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def advance(self, by: timedelta) -> None:
        """Jump forward; raises ValueError for a jump back, as expired things do not come to life again."""
        if by < timedelta():
            raise ValueError("the clock only goes forward")
        self._offset_s += by.total_seconds()
        for listener in list(self._listeners):
            listener()
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def until(self, local: str) -> timedelta:
        """The time to the next local `HH:MM`, or to 08:00 for `morning`; ValueError if it is neither."""
        wanted = MORNING if local == "morning" else local_time.fromisoformat(local)
        now = self.now().astimezone(self.zone)
        then = datetime.combine(now.date(), wanted, tzinfo=self.zone)
        if then <= now:
            then = datetime.combine(now.date() + timedelta(days=1), wanted, tzinfo=self.zone)
        return then.astimezone(UTC) - now.astimezone(UTC)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every jump; returns what ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def wait_change(self) -> None:
        """Return after the next jump."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future
