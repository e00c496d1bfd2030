"""What becomes of a process: how it ends, and what it keeps for as long as it lives."""

import asyncio
import gc
import signal
from collections.abc import Awaitable

YOUNG = 10_000  # new objects before Python looks for circles among them; by itself it does at every 700


def keep_what_stands() -> None:
    """What is there now stays to the end, and is not looked through again (a tenth of what a step costs)."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(YOUNG, 10, 10)


async def until_stopped(work: Awaitable[None], *loops: asyncio.Task[None]) -> None:
    """Run until the work ends or the process is asked to stop; a loop that fails ends it too, rather than go mute."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    working = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping, *loops}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in (working, *loops):
        if task.done():
            task.result()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
