"""What only one process may do at a time, and only as long as it is the one."""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable

from sqlalchemy import Connection, text

log = logging.getLogger(__name__)

LOCKS = 0x726F756E  # the first half of our advisory locks' keys, so that they are not taken for another program's


def key_of(name: str) -> int:
    """The second half of an advisory lock's key."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def one_at_a_time(connection: Connection, name: str) -> None:
    """Until this transaction ends no other process does the same; what was read before may be out of date."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCKS}, {key_of(name)})"))


class Leadership:
    """The right to do what only one process may do at a time."""

    def __init__(self, name: str, *, held: bool = False) -> None:
        self.name = name
        self.key = key_of(name)
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
            log.info("this process no longer leads: %s", self.name)
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
