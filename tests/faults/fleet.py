"""Several processes of the product on one PostgreSQL, each with its roles, to be killed and started again."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from faults.machine import TOKEN, Machine, listening

NURSERY = Path(__file__).with_name("fleet_nursery.py")


@dataclass
class Fleet:
    """`crew` is who lives now: process id → roles."""

    machine: Machine
    crew: dict[int, str] = field(default_factory=dict)
    _nursery: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The sandbox's address."""
        return self.machine.url

    async def prepare(self) -> None:
        """A process from which others start fast."""
        self._nursery = await self.machine.start(str(NURSERY), log="run.log")
        assert await self._line() == "ready", self.log()

    async def start(self, roles: str) -> int:
        """Another one; its process id."""
        assert self._nursery is not None and self._nursery.stdin is not None
        self._nursery.stdin.write(f"{roles}\n".encode())
        process = int(await self._line())
        self.crew[process] = roles
        return process

    async def kill(self, process: int) -> str:
        """As the system kills: no last word. Its roles."""
        return await self.end(process, signal.SIGKILL)

    async def end(self, process: int, number: signal.Signals = signal.SIGTERM) -> str:
        """Ask it to end, or make it, and wait until it has."""
        os.kill(process, number)
        async with asyncio.timeout(15):
            while is_alive(process):
                await asyncio.sleep(0.01)
        return self.crew.pop(process)

    async def close(self) -> None:
        """End all of it."""
        for process in list(self.crew):
            with suppress(ProcessLookupError):
                await self.end(process)
        if self._nursery is not None and self._nursery.stdin is not None:
            self._nursery.stdin.close()
            await asyncio.wait_for(self._nursery.wait(), 10)

    def log(self) -> str:
        """The last of what they said."""
        return self.machine.log()

    async def _line(self) -> str:
        assert self._nursery is not None and self._nursery.stdout is not None
        return (await self._nursery.stdout.readline()).decode().strip()


def is_alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def fleet(database_url: str, session: aiohttp.ClientSession) -> AsyncIterator[Fleet]:
    """With the sandbox listening; afterwards nothing of it is left alive."""
    with tempfile.TemporaryDirectory(prefix="rounds-fleet-", ignore_cleanup_errors=True) as folder:
        opened = Fleet(Machine(Path(folder), database_url))
        sandbox = await opened.machine.start(
            "-m", "bot", "sandbox", "--port", str(opened.machine.port), log="sandbox.log"
        )
        try:
            await asyncio.gather(opened.prepare(), listening(session, opened.url))
            await (await session.get(f"{opened.url}/bot{TOKEN}/getMe")).read()
            yield opened
            await opened.close()
            sandbox.terminate()
            await asyncio.wait_for(sandbox.wait(), 10)
        except BaseException:
            print(opened.log())
            raise
        finally:
            for process in opened.crew:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            opened.machine.strike_down()
