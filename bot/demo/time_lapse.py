"""The bot's clock in the demo: where a visitor turns the sandbox's clock at once, it runs through the time between."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.sandbox.clock import SandboxClock

Find = Callable[[datetime], Awaitable[datetime | None]]
Tick = Callable[[], Awaitable[None]]

A_MOMENT = timedelta(seconds=1)  # after an instant: what is due at it is due by then


class TimeLapse:
    """The present, for the bot: behind the sandbox's clock until it has stopped at everything that was due meanwhile.

    So a promise of 14:30 is told as at 14:30 when somebody skips to the evening, and not as if the bot had been away.
    """

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._seen = clock.offset
        self._behind = timedelta()
        self._jumped = asyncio.Event()
        self._level = asyncio.Event()
        self._level.set()
        clock.subscribe(self._on_jump)

    def now(self) -> datetime:
        """The aware UTC instant."""
        return self._clock.now() - self._behind

    async def caught_up(self) -> None:
        """Wait until the bot's time is the sandbox's."""
        await self._level.wait()

    async def run(self, find_next: Find, tick: Tick) -> None:
        """Catch up after each jump, with a tick at every instant at which something was due, and one at the end."""
        while True:
            await self._jumped.wait()
            self._jumped.clear()
            while self._behind:
                due_at = await find_next(self.now())
                left = self._clock.now() - due_at - A_MOMENT if due_at is not None else timedelta()
                self._behind = max(min(left, self._behind), timedelta())
                await tick()
            self._level.set()

    def _on_jump(self) -> None:
        self._behind += self._clock.offset - self._seen
        self._seen = self._clock.offset
        self._level.clear()
        self._jumped.set()
