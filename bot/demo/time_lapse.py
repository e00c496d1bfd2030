"""The bot's clock in the demo: where a visitor turns the sandbox's clock at once, it runs through the time between."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.sandbox.clock import SandboxClock

STEP = timedelta(minutes=10)  # what is due in between is told as at its time, and not as if the bot had been away
MOST = timedelta(days=1)  # of a longer jump only its last day is run through


class TimeLapse:
    """As far behind the sandbox's clock as it has not caught up with yet: the present, for the bot."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._seen = clock.offset
        self._behind = timedelta()
        self._jumped = asyncio.Event()
        clock.subscribe(self._on_jump)

    def now(self) -> datetime:
        """The aware UTC instant."""
        return self._clock.now() - self._behind

    async def run(self, tick: Callable[[], Awaitable[None]]) -> None:
        """Catch up after each jump, with a tick at every step; for ever."""
        while True:
            await self._jumped.wait()
            self._jumped.clear()
            while self._behind:
                self._behind -= min(STEP, self._behind)
                await tick()

    def _on_jump(self) -> None:
        self._behind = min(self._behind + self._clock.offset - self._seen, MOST)
        self._seen = self._clock.offset
        self._jumped.set()
