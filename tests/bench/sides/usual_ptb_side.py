"""The usual stack on python-telegram-bot: a step through SQLModel's AsyncSession, then the reply."""

import asyncio
import warnings

from side import Side, asked, ready
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters
from usual_store import opened, step


async def answered(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    engine = context.bot_data["engine"]
    await update.message.reply_text(await step(engine, update.effective_user.id, update.message.text))


def main(side: Side) -> None:
    async def prepared(application: Application) -> None:
        application.bot_data["engine"] = await opened(side)
        ready()

    builder = Application.builder().token(side.token).base_url(f"{side.api}/bot").connection_pool_size(256)
    application = builder.post_init(prepared).build()
    application.add_handler(MessageHandler(filters.TEXT, answered))
    asyncio.set_event_loop(asyncio.new_event_loop())
    application.run_polling(drop_pending_updates=False)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(asked())
