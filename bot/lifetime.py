"""What becomes of a process: how it ends, and what it keeps for as long as it lives."""

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Awaitable

log = logging.getLogger(__name__)

DRAINED_WITHIN = 4.0  # seconds from the word to stop for what is in hand; what is closed after it takes moments …
ENDED_WITHIN = 5.0  # … and then it is over: Docker, the hastiest of those who say it, kills after 10
YOUNG = 10_000  # new objects before Python looks for circles among them; by itself it does at every 700


def keep_what_stands() -> None:
    """What is there now stays to the end, and is not looked through again (a tenth of what a step costs)."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(YOUNG, 10, 10)


class Ending:
    """The one moment `by` which everything that stops has let go of what it has in hand, in the event loop's seconds.

    None while nothing ends: a start that fails, and is tried again, has all the time that it needs.
    """

    def __init__(self) -> None:
        self.by: float | None = None

    def begin(self) -> float:
        """From the first word on the moment stands; whoever says it again hears of the same."""
        if self.by is None:
            self.by = asyncio.get_running_loop().time() + DRAINED_WITHIN
        return self.by


async def until_stopped(work: Awaitable[None], *loops: asyncio.Task[None], ending: Ending | None = None) -> None:
    """Run until the work ends or the process is asked to stop; a loop that fails ends it too, rather than go mute.

    Asked to stop, the process is gone in ENDED_WITHIN.
    """
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
    (ending or Ending()).begin()
    _end_soon()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


def _end_soon() -> None:
    """A thread that hangs in a call, to a database that another one holds or a name server, would keep the process."""
    watch = threading.Timer(ENDED_WITHIN, _end_now)
    watch.daemon = True
    watch.start()


def _end_now() -> None:
    """As a kill would, which loses nothing."""
    log.warning("something still hangs %.0f s after the word to stop; it ends with the process", ENDED_WITHIN)
    os._exit(0)
