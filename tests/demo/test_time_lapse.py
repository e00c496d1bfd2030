"""The demo's clock: a visitor's jump is run through, so that nothing is told as if the bot had been away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.demo.time_lapse import Tick, TimeLapse
from bot.sandbox.clock import SandboxClock

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Lapse:
    """A clock at nine with instants at which something is due, and the minutes after nine of every tick."""

    def __init__(self, *due_after: int) -> None:
        self.sandbox = SandboxClock("Asia/Shanghai", NINE)
        self.clock = TimeLapse(self.sandbox)
        self._due = [NINE + minutes * MINUTE for minutes in due_after]
        self.ticked: list[int] = []

    async def find_next(self, after: datetime) -> datetime | None:
        return min((at for at in self._due if at > after), default=None)

    async def tick(self) -> None:
        self.ticked.append((self.clock.now() - NINE) // MINUTE)

    @asynccontextmanager
    async def running(self, tick: Tick | None = None) -> AsyncIterator[None]:
        task = asyncio.create_task(self.clock.run(self.find_next, tick or self.tick))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_jump_stops_at_everything_that_was_due_and_at_its_end() -> None:
    lapse = Lapse(10, 25, 90)
    async with lapse.running():
        lapse.sandbox.advance(60 * MINUTE)
        await asyncio.wait_for(lapse.clock.caught_up(), 5)

    assert lapse.ticked == [10, 25, 60]


async def test_until_it_has_caught_up_the_bot_lives_at_the_time_before_the_jump() -> None:
    lapse = Lapse()
    lapse.sandbox.advance(60 * MINUTE)
    assert (lapse.clock.now() - NINE) // MINUTE == 0

    async with lapse.running():
        await asyncio.wait_for(lapse.clock.caught_up(), 5)
    assert (lapse.clock.now() - NINE) // MINUTE == 60


async def test_a_jump_in_the_middle_of_another_is_run_through_as_well() -> None:
    lapse = Lapse(10, 70)

    async def jump_again() -> None:
        if not lapse.ticked:
            lapse.sandbox.advance(60 * MINUTE)
        await lapse.tick()

    async with lapse.running(jump_again):
        lapse.sandbox.advance(60 * MINUTE)
        await asyncio.wait_for(lapse.clock.caught_up(), 5)

    assert lapse.ticked == [10, 70, 120]
