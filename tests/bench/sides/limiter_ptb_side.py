"""A bare echo on stock python-telegram-bot with its own AIORateLimiter, beside which it sends digests when told to."""

import asyncio
import json
import sys
import warnings
from typing import Any

from side import FIRST_PERSON_ID, Side, asked, ready
from telegram import Update
from telegram.ext import AIORateLimiter, Application, ContextTypes, MessageHandler, filters

DIGEST = "📰 <b>Digest</b>\n" + "\n".join(f"Rep {n} · 8 visits, 7 effective · 5 h 20 min" for n in range(8))


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_text(update.message.text)


class Digests:
    """Reads commands beside the updater."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._tasks: set[asyncio.Task[Any]] = set()

    async def started(self, application: Application) -> None:
        self._tasks.add(asyncio.create_task(self._obey(application)))
        ready()

    async def _obey(self, application: Application) -> None:
        commands = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        while line := await commands.readline():
            told, first = json.loads(line), FIRST_PERSON_ID + self._side.people
            for number in range(told["count"]):
                call = application.bot.send_message(first + number, DIGEST, parse_mode="HTML")
                self._tasks.add(asyncio.create_task(call))
            print("{}", flush=True)


def main(side: Side) -> None:
    digests = Digests(side)
    builder = Application.builder().token(side.token).base_url(f"{side.api}/bot").connection_pool_size(256)
    limiter = AIORateLimiter(max_retries=3)
    application = builder.rate_limiter(limiter).concurrent_updates(True).post_init(digests.started).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    asyncio.set_event_loop(asyncio.new_event_loop())
    application.run_polling(drop_pending_updates=False)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(asked())
