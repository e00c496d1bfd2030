"""Walks the stop points of a start: lets the bot die at point 1, 2, 3 … of it, and starts it again each time."""

import asyncio
from collections.abc import Awaitable, Callable

from faults.machine import Machine
from faults.stop_walk import TRIES, numbered

TICK = 0.2  # seconds
PATIENCE = 30


class Starts:
    """`prepare` makes what a start finds, while no bot lives; `is_up` tells when it is over."""

    def __init__(
        self, opened: Machine, prepare: Callable[[], Awaitable[None]], is_up: Callable[[], Awaitable[bool]]
    ) -> None:
        self.opened = opened
        self.prepare = prepare
        self.is_up = is_up
        self.missed: list[str] = []
        self._left: list[str] | None = None

    @property
    def is_over(self) -> bool:
        """Whether a bot has died at every point that the first start passed."""
        return self._left == []

    async def die_and_start(self, died: Callable[[], Awaitable[None]]) -> None:
        """Let it die at the next point of its start (the first time: at none), and start it again."""
        await self.prepare()
        if self._left is None:
            before = len(self.opened.passed())
            await self.start()
            self._left = numbered(self.opened.passed()[before:])
            return
        point = self._left.pop(0)
        self.opened.controls.arm(wanted=point)
        await self.start()
        is_missed = self.opened.controls.is_armed
        self.opened.controls.arm()
        if is_missed:
            self.missed.append(point)
            if self.missed.count(point) < TRIES:
                self._left.append(point)
            return
        await self.opened.bot_ended()
        await died()
        await self.start()

    def unreached(self) -> list[str]:
        """Points that never came again, without how often they had come.

        Which units share a COMMIT, and how often something is claimed, depends on the moment; that each can die
        does not.
        """
        return sorted({point.rpartition(" ")[0] for point in self.missed if self.missed.count(point) == TRIES})

    async def start(self) -> None:
        """Until it is up, or dead."""
        await self.opened.start_bot(tick_every=TICK, chat_burst=10_000)
        async with asyncio.timeout(PATIENCE):
            while self.opened.has_bot and not await self.is_up():
                await asyncio.sleep(0.02)
