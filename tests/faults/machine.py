"""A machine with the sandbox and a bot as processes of their own, the bot to be killed and started again."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
from faults.stop_points import Controls

from bot.app import TICK
from bot.telegram.budget import CHAT_BURST

NURSERY = Path(__file__).with_name("nursery.py")
TOKEN = "616161:" + "S" * 35
WITH_ADMIN = {"ROUNDS_ADMIN_IDS": "1"}


class Machine:
    """Processes of the product, and the folder they work in. One bot lives at a time."""

    def __init__(self, folder: Path, database_url: str, settings: Mapping[str, str] = WITH_ADMIN) -> None:
        self.folder = folder
        self.settings = settings
        self.database_url = database_url
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.controls = Controls.create(folder / "controls")
        self.trail = folder / "trail"
        self.lives = 0
        self.ends: list[int] = []
        self._bot = 0
        self._ending: asyncio.Task[int] | None = None
        self._nursery: asyncio.subprocess.Process | None = None
        self._groups: list[int] = []

    async def start(self, *command: str, log: str) -> asyncio.subprocess.Process:
        """A process in a group of its own, with the product's settings."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
        environment |= {
            "ROUNDS_BOT_TOKEN": TOKEN,
            "ROUNDS_TELEGRAM_API_URL": self.url,
            "ROUNDS_DATABASE_URL": self.database_url,
            "ROUNDS_DATA_DIR": str(self.folder),
            **self.settings,
        }
        with (self.folder / log).open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                cwd=self.folder,
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE if command[0].endswith("nursery.py") else errors,
                stderr=errors,
                start_new_session=True,
            )
        self._groups.append(process.pid)
        return process

    async def prepare(self) -> None:
        """A process from which bots start fast."""
        self._nursery = await self.start(str(NURSERY), str(self.folder / "controls"), str(self.trail), log="run.log")
        assert await self._line() == "ready", self.log()

    async def start_bot(self, *, tick_every: float = TICK, chat_burst: int = CHAT_BURST) -> None:
        assert self._nursery is not None and self._nursery.stdin is not None
        self._nursery.stdin.write(f"{tick_every} {chat_burst}\n".encode())
        self._bot = int(await self._line())
        self._ending = asyncio.create_task(self._end())
        self.lives += 1

    async def kill_bot(self) -> None:
        """As the system kills: no last word, and its children are left to find out by themselves."""
        assert await self.end_bot(signal.SIGKILL) == -signal.SIGKILL, self.log()

    async def end_bot(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, or make it; the exit code."""
        if self.has_bot:
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(self._bot, number)
        return await self.bot_ended()

    @property
    def has_bot(self) -> bool:
        """Whether a bot is alive, as far as we have heard."""
        return self._ending is not None and not self._ending.done()

    async def bot_ended(self, within: float = 30) -> int:
        """Wait until it has ended; the exit code. TimeoutError if it lives on."""
        assert self._ending is not None
        async with asyncio.timeout(within):
            return await asyncio.shield(self._ending)

    async def _end(self) -> int:
        code = int(await self._line())
        self.ends.append(code)
        return code

    async def _line(self) -> str:
        assert self._nursery is not None and self._nursery.stdout is not None
        return (await self._nursery.stdout.readline()).decode().strip()

    def passed(self) -> list[str]:
        """Every stop point that was passed, by name; a COMMIT of several units is a point of each."""
        return [point for points, _ in self._trailed() for point in points]

    def deaths(self) -> Counter[str]:
        """How often a bot died before or after the COMMIT of what, as far as it was at a stop point."""
        return Counter("+".join(points) for points, died in self._trailed() if died)

    def _trailed(self) -> Iterator[tuple[list[str], bool]]:
        if self.trail.exists():
            for line in self.trail.read_text(encoding="utf-8").splitlines():
                _, where, names, *dies = line.split()
                yield [f"{where} {name}" for name in names.split("+")], bool(dies)

    def log(self) -> str:
        return (self.folder / "run.log").read_text(encoding="utf-8")[-3000:]

    async def close(self) -> None:
        """End the bot and its nursery as an operator would."""
        if self.has_bot:
            assert await self.end_bot() == 0, self.log()
        if self._nursery is not None and self._nursery.stdin is not None:
            self._nursery.stdin.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nursery.wait(), 10)

    def strike_down(self) -> None:
        """Leave nothing alive."""
        if self._ending is not None:
            self._ending.cancel()
        for group in self._groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    async def survivors(self) -> list[int]:
        """Process groups that outlive their first process."""
        for _ in range(100):
            left = [group for group in self._groups if _is_alive(group)]
            if not left:
                return []
            await asyncio.sleep(0.1)
        return left


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def machine(
    database_url: str, session: aiohttp.ClientSession, settings: Mapping[str, str] = WITH_ADMIN
) -> AsyncIterator[Machine]:
    """With the sandbox listening and a nursery ready; afterwards nothing of it is left alive."""
    with tempfile.TemporaryDirectory(prefix="rounds-faults-", ignore_cleanup_errors=True) as folder:
        opened = Machine(Path(folder), database_url, settings)
        sandbox = await opened.start("-m", "bot", "sandbox", "--port", str(opened.port), log="sandbox.log")
        try:
            await asyncio.gather(opened.prepare(), listening(session, opened.url))
            await (await session.get(f"{opened.url}/bot{TOKEN}/getMe")).read()  # /sim speaks for this bot from now on
            yield opened
            await opened.close()
            sandbox.terminate()
            await asyncio.wait_for(sandbox.wait(), 10)
            assert await opened.survivors() == []
        finally:
            opened.strike_down()
            await sandbox.wait()


async def listening(session: aiohttp.ClientSession, url: str) -> None:
    """Until the sandbox answers."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with session.get(f"{url}/sim/people") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
