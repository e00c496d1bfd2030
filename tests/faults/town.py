"""A town: Telegram and its people stay, while the bot comes, goes and is away for a day."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from scene import STARTS_AT, TOKEN, Player, Scene

from bot import serving
from bot.app import running
from bot.sandbox.bots import BotAccount
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.telegram.budget import Budget
from bot.telegram.polling import Polling


class Town:
    """The sandbox, and one database for all lives of the bot."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, url: str, database: str, folder: Path) -> None:
        self.sandbox = sandbox
        self.session = session
        self.url = url
        self.settings = Settings(
            _env_file=None,
            bot_token=TOKEN,
            telegram_api_url=url,
            database_url=database,
            data_dir=folder,
            admin_ids=frozenset(),
        )

    @property
    def bot(self) -> BotAccount:
        """The bot as Telegram knows it."""
        found = self.sandbox.world.bots.by_token(TOKEN)
        assert found is not None
        return found

    @asynccontextmanager
    async def at_work(
        self, *, budget: Budget | None = None, polls: bool = True, **polling: Any
    ) -> AsyncIterator[Scene]:
        """One life of the bot; things may go wrong in it."""
        unbound = budget or Budget(time.monotonic, per_second=10_000, chat_burst=10_000)
        async with running(self.settings, clock=self.sandbox.clock.now, tick_every=3600, budget=unbound) as rounds:
            await serving.prepare(rounds)
            scene = Scene(self.sandbox, rounds, self.session, self.url)
            scene.faults_expected = True
            async with polled(scene, **polling) if polls else AsyncExitStack():
                yield scene

    def passes(self, **duration: float) -> None:
        """Time passes, and nobody ticks."""
        self.sandbox.clock.advance(timedelta(**duration))

    async def send(self, player: Player, **deed: Any) -> None:
        """Somebody sends something, whether the bot is there or not."""
        await player.scene.sim(f"/people/{player.id}/send", deed)

    def shown(self, player: Player) -> list[str]:
        """Everything that was shown to a person as a message of its own, in order."""
        rows = self.sandbox.ledger.rows()
        return [row.get("text") or "" for row in rows if row["what"] == "shown" and row["person_id"] == player.id]


@asynccontextmanager
async def polled(scene: Scene, **more: Any) -> AsyncIterator[Polling]:
    """A poller of the scene's bot."""
    polling = Polling(scene.rounds.bot, scene.rounds.intake, **more)
    task = asyncio.create_task(polling.run())
    yield polling
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def in_life(scene: Scene, player: Player) -> Player:
    """The same person, talking to the bot of another life."""
    again = Player(scene, player.id, player.name)
    again.at = player.at
    return again


@asynccontextmanager
async def founded(database_url: str, folder: Path) -> AsyncIterator[Town]:
    """A town whose people have never heard of the bot."""
    sandbox = Sandbox(start_at=STARTS_AT)
    url = f"http://127.0.0.1:{await sandbox.start('127.0.0.1', 0)}"
    async with aiohttp.ClientSession() as session:
        yield Town(sandbox, session, url, database_url, folder)
    await sandbox.stop()


async def until(condition: Any, *, within: float = 15.0, every: float = 0.01) -> None:
    """Wait for something that others bring about."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(every)
