"""A bare echo on stock python-telegram-bot: its own updater, its own client, nothing stored."""

import asyncio
import warnings

from side import Side, asked, ready
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_text(update.message.text)


async def said_ready(_application: Application) -> None:
    ready()


def main(side: Side) -> None:
    builder = Application.builder().token(side.token).base_url(f"{side.api}/bot").connection_pool_size(256)
    application = builder.post_init(said_ready).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    asyncio.set_event_loop(asyncio.new_event_loop())
    application.run_polling(drop_pending_updates=False)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(asked())
