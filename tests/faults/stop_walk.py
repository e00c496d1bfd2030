"""Walks the stop points of a step: does the step, lets the bot die at point 1, 2, 3 … of it, and looks each time."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field

from faults.machine import Machine
from faults.storm_judge import Judge

NEVER_TICKS = 3600.0  # seconds: a tick's commits would be counted among a step's
UNLIMITED = 10_000  # messages: nobody waits for Telegram's limits here
QUIET_FOR = 0.04  # seconds; the last stop point comes a moment after the last row has changed
PATIENCE = 60
TRIES = 3


@dataclass
class Walk:
    """`step` does one of a day's steps. The first time nobody dies and its points are noted; then the bot dies at each.

    Each of several walkers takes every `of`-th point, from his `first` on.
    """

    opened: Machine
    judge: Judge
    first: int = 0
    of: int = 1
    left: dict[str, list[str]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    tick_every: float = NEVER_TICKS
    _next_life: asyncio.Event = field(default_factory=asyncio.Event)
    _watching: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether every point of every step was walked."""
        return bool(self.left) and not any(self.left.values())

    async def watch(self) -> None:
        """Start the bot again whenever it has killed itself; until cancelled."""
        while True:
            assert await self.opened.bot_ended(within=3600) == -signal.SIGKILL, self.opened.log()
            await self.judge.note_kill()
            await self.opened.start_bot(tick_every=self.tick_every, chat_burst=UNLIMITED)
            self._next_life.set()

    async def step(self, name: str, deed: Awaitable[None], of: int) -> None:
        """Do it, with the bot dying at the next of its stop points; `of` is whose chat is looked at afterwards."""
        await self._settled()
        if name not in self.left:
            before = len(self.opened.passed())
            await self._do(deed)
            self.left[name] = numbered(self.opened.passed()[before:])[self.first :: self.of]
            return
        repeated, uncertain = await self.judge.repeats(of), self.judge.uncertain[of]
        point = self.left[name].pop(0) if self.left[name] else ""
        if not await self._do(deed, point) and point:
            self._come_again(name, point)
        repeated = await self.judge.repeats(of) - repeated
        assert repeated <= self.judge.uncertain[of] - uncertain, f"{name}, {point}: said again without need"

    async def _do(self, deed: Awaitable[None], point: str = "") -> bool:
        """Whether the bot died there."""
        self._next_life.clear()
        self.opened.controls.arm(wanted=point)
        await deed
        await self._settled()
        died = bool(point) and not self.opened.controls.is_armed
        self.opened.controls.arm()
        if died:
            async with asyncio.timeout(PATIENCE):
                await self._next_life.wait()
            await self._settled()
        return died

    def _come_again(self, name: str, point: str) -> None:
        """Units that were committed one by one may go in one group the next time: such a point is tried again."""
        self.missed.append(f"{name}: {point}")
        if self.missed.count(f"{name}: {point}") < TRIES:
            self.left[name].append(point)

    async def _settled(self) -> None:
        """Until nothing waits any more; a bot that dies meanwhile leaves something, or nothing, to its next life."""
        quiet = 0
        async with asyncio.timeout(PATIENCE):
            while quiet < 2:
                quiet = quiet + 1 if await self.judge.is_quiet() else 0
                await asyncio.sleep(QUIET_FOR / 2)

    async def __aenter__(self) -> "Walk":
        await self.opened.start_bot(tick_every=self.tick_every, chat_burst=UNLIMITED)
        self._watching = asyncio.create_task(self.watch())
        return self

    async def __aexit__(self, *_what: object) -> None:
        assert self._watching is not None
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching


def numbered(points: list[str]) -> list[str]:
    """The points of a step, each with how often it had come by then."""
    passed: Counter[str] = Counter()
    named = []
    for point in points:
        passed[point] += 1
        named.append(f"{point} {passed[point]}")
    return named
