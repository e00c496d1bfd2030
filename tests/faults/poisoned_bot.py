"""A script: the bot with a fault of the worst kind. One word ends its process, as a crash in a C library would."""

import asyncio
import os
import signal
import sys
from typing import Any

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import serving
from bot.app import running
from bot.settings import read_settings
from bot.telegram.polling import Polling
from storage.migrations.upgrade import upgrade


async def die(_update: Update, _context: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Poisoned:
    """A module of handlers, before all others."""

    @staticmethod
    def routes() -> list[Any]:
        return [MessageHandler(filters.Text(sys.argv[1:]), die)]


async def serve() -> None:
    import handlers

    handlers.MODULES = (Poisoned, *handlers.MODULES)
    settings = read_settings()
    upgrade(settings.database)
    async with running(settings) as rounds:
        await serving.prepare(rounds)
        await Polling(rounds.bot, rounds.intake).run()


if __name__ == "__main__":
    asyncio.run(serve())
