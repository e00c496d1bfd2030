"""What only one process may do at a time, and only as long as it is the one."""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Leadership:
    """The right to do what only one process may do at a time."""

    def __init__(self, name: str, *, held: bool = False) -> None:
        self.name = name
        self.key = zlib.crc32(name.encode()) & 0x7FFFFFFF
        self._won, self._lost = asyncio.Event(), asyncio.Event()
        (self._won if held else self._lost).set()

    @property
    def is_held(self) -> bool:
        """Whether it is ours now."""
        return self._won.is_set()

    def win(self) -> None:
        """It is ours."""
        self._won.set()
        self._lost.clear()
        log.info("this process leads: %s", self.name)

    def lose(self) -> None:
        """It may be another's from now on."""
        if self.is_held:
            log.warning("this process no longer leads: %s", self.name)
        self._won.clear()
        self._lost.set()

    async def during(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work while it is ours, begin again whenever it becomes so; what the work raises ends it."""
        while True:
            await self._won.wait()
            working = asyncio.ensure_future(work())
            losing = asyncio.ensure_future(self._lost.wait())
            try:
                await asyncio.wait({working, losing}, return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    return working.result()
            finally:
                for task in (working, losing):
                    task.cancel()
                await asyncio.gather(working, losing, return_exceptions=True)
