"""The tick is made and awaited, whatever kind of thing it is."""

import asyncio

from bot.schedule import ticking


class Looking:
    """A tick that is an object, as the real one."""

    def __init__(self) -> None:
        self.looked = asyncio.Event()

    async def __call__(self) -> None:
        self.looked.set()


async def test_an_object_that_ticks_is_awaited() -> None:
    tick = Looking()
    scheduler = ticking(tick, 0.01)
    scheduler.start()
    try:
        await asyncio.wait_for(tick.looked.wait(), 5)
    finally:
        scheduler.shutdown(wait=False)
