"""Runs heavy work in a few processes of its own, so that neither its load nor its death reaches the bot.

The standard ProcessPoolExecutor will not do: a crash breaks all of it, and it can neither stop a hung call nor bound
memory. Here each call has a process to itself while it lasts; what goes wrong with it is told to its caller alone.
"""

import asyncio
import logging
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar, TypeVarTuple, cast

from bot.media.worker import BROKE, LENGTH, RAISED

log = logging.getLogger(__name__)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

WORKERS = 2
TIME_LIMIT = timedelta(seconds=30)  # a 64-megapixel photo takes 3 s
MEMORY_LIMIT = 1_536 * 1024 * 1024  # a 64-megapixel WebP, the worst we accept, takes 1,150 MB; a 12-megapixel JPEG 150
CALLS_EACH = 200  # then a fresh process: decoders leak, and memory comes back in no other way


class WorkTimedOut(Exception):  # noqa: N818 - named as what happened, like every error here
    """The work was not done within its time; its process was killed."""


class WorkCrashed(Exception):  # noqa: N818 - as above
    """The work took its process down: a fault in a decoder, memory beyond the limit, or the pool was closed."""


@dataclass(eq=False)
class _Worker:
    process: Process
    calls: int = 0

    @property
    def is_alive(self) -> bool:
        """As far as we have heard; its output closes a moment before the system reports its end."""
        return self.process.returncode is None and not cast(asyncio.StreamReader, self.process.stdout).at_eof()

    async def ask(self, call: bytes) -> tuple[str, object]:
        """What became of the call, and its value. ConnectionError or IncompleteReadError if the process ends."""
        assert self.process.stdin and self.process.stdout
        self.calls += 1
        self.process.stdin.write(LENGTH.pack(len(call)))
        self.process.stdin.write(call)
        await self.process.stdin.drain()
        (length,) = LENGTH.unpack(await self.process.stdout.readexactly(LENGTH.size))
        outcome, value = pickle.loads(await self.process.stdout.readexactly(length))  # noqa: S301 - our own process
        return outcome, value

    def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()

    async def dismiss(self) -> None:
        """Kill it, unless it is dead, and close its pipes. Not while a call is being asked of it."""
        assert self.process.stdin
        self.kill()
        self.process.stdin.close()
        await self.process.communicate()


class MediaWorkers:
    """A small pool. Functions and values travel by pickle, so functions must be importable by name.

    >>> await workers.run(watermark, data, mark)
    """

    def __init__(
        self,
        *,
        size: int = WORKERS,
        time_limit: timedelta = TIME_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
        calls_each: int = CALLS_EACH,
    ) -> None:
        """`memory_limit` in bytes, of each process; `calls_each` after how many calls a process is replaced."""
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._calls_each = calls_each
        self._size = size
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []
        self._hired: set[_Worker] = set()
        self._closed = False

    async def start(self) -> None:
        """Start the processes, without waiting until they are ready; `run` would also start what it needs."""
        while len(self._hired) < self._size:
            self._idle.append(await self._hire())

    async def close(self) -> None:
        """End all processes at once. Work under way is given up: its callers get WorkCrashed."""
        if self._closed:
            return
        self._closed = True
        for worker in self._hired:
            worker.kill()
        for _ in range(self._size):  # every call under way has then dismissed its own
            await self._free.acquire()
        for worker in self._idle:
            await self._dismiss(worker)

    async def run(
        self,
        work: Callable[[*Ts], T],
        *arguments: *Ts,
        timeout: timedelta | None = None,  # noqa: ASYNC109 - it ends a process and is told apart from the caller's own
    ) -> T:
        """What `work(*arguments)` returns or raises; WorkTimedOut or WorkCrashed if it does neither.

        The time counts from when a process is free. A cancelled call's process is killed.
        """
        limit = (timeout or self._time_limit).total_seconds()
        call = pickle.dumps((work, arguments, limit))
        if self._closed:
            raise WorkCrashed("the workers are closed")
        async with self._free:
            outcome, value = await self._ask_one(call, limit)
        if outcome == RAISED:
            raise cast(Exception, value)
        if outcome == BROKE:
            log.warning("%s took its process down: %s", work.__qualname__, value)
            raise WorkCrashed(f"{work.__qualname__}: {value}")
        return cast(T, value)

    async def _ask_one(self, call: bytes, limit: float) -> tuple[str, object]:
        """Put the call to a process of its own, which afterwards waits for the next one if it is fit to."""
        worker = await self._next()
        fit = False
        try:
            async with asyncio.timeout(limit):
                outcome, value = await worker.ask(call)
            fit = outcome != BROKE and worker.calls < self._calls_each
        except TimeoutError:
            raise WorkTimedOut(f"over {limit:g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            outcome, value = BROKE, "the process ended"
        finally:
            if fit and not self._closed:
                self._idle.append(worker)
            else:
                await self._dismiss(worker)
        return outcome, value

    async def _next(self) -> _Worker:
        if self._closed:
            raise WorkCrashed("the workers are closed")
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            await self._dismiss(worker)
        return await self._hire()

    async def _hire(self) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.media.worker", str(self._memory_limit)),
            stdin=PIPE,
            stdout=PIPE,
            env=_environment(),
        )
        worker = _Worker(process)
        self._hired.add(worker)
        if self._closed:  # while it was being started
            worker.kill()
        return worker

    async def _dismiss(self, worker: _Worker) -> None:
        self._hired.discard(worker)
        await worker.dismiss()


def one_process() -> MediaWorkers:
    """For work that takes minutes: it is hired for that alone, and photos need not wait until it is done."""
    return MediaWorkers(size=1)


def _environment() -> dict[str, str]:
    """Ours without the bot's settings: a process that opens hostile files has no use for the token."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return {**kept, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2"}  # each further arena takes 64 MB of the limit
