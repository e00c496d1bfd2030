"""The demo's clock: a visitor's jump is run through, so that nothing is told as if the bot had been away."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.demo.time_lapse import MOST, STEP, TimeLapse
from bot.sandbox.clock import SandboxClock

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


async def ticks_after(jump: timedelta) -> list[timedelta]:
    """How far after nine each tick happened that a jump brought."""
    sandbox_clock = SandboxClock("Asia/Shanghai", NINE)
    clock = TimeLapse(sandbox_clock)
    ticked: list[timedelta] = []
    arrived = asyncio.Event()

    async def tick() -> None:
        ticked.append(clock.now() - NINE)
        if sandbox_clock.now() - clock.now() < timedelta(seconds=1):
            arrived.set()

    running = asyncio.create_task(clock.run(tick))
    sandbox_clock.advance(jump)
    await asyncio.wait_for(arrived.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return ticked


async def test_a_jump_is_run_through_in_steps_until_the_bot_has_caught_up() -> None:
    ticked = await ticks_after(timedelta(minutes=25))

    assert [round(at / timedelta(minutes=1)) for at in ticked] == [10, 20, 25]


async def test_of_a_jump_over_days_only_the_last_day_is_run_through() -> None:
    ticked = await ticks_after(timedelta(days=3))

    assert len(ticked) == MOST / STEP
    assert ticked[0] > timedelta(days=2)
