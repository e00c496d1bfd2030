"""The tick is made and awaited, whatever kind of thing it is."""

import asyncio

from bot.schedule import ticking

EVERY = 0.01  # seconds


class Looking:
    """A tick that is an object, as the real one."""

    def __init__(self) -> None:
        self.begun = self.ended = self.most_at_once = 0
        self.enough = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        self.most_at_once = max(self.most_at_once, self.begun - self.ended)
        await asyncio.sleep(3 * EVERY)  # longer than until the next one is due
        self.ended += 1
        if self.ended == 3:
            self.enough.set()


async def test_an_object_that_ticks_is_awaited_to_its_end_before_it_is_called_again() -> None:
    tick = Looking()
    scheduler = ticking(tick, EVERY)
    scheduler.start()
    try:
        await asyncio.wait_for(tick.enough.wait(), 5)
    finally:
        scheduler.shutdown(wait=False)
    assert (tick.ended, tick.most_at_once) == (3, 1)
