"""The usual stack on aiogram 3: a step through SQLModel's AsyncSession, then the reply."""

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from side import Side, asked, ready
from usual_store import opened, step


async def run(side: Side) -> None:
    engine = await opened(side)
    bot = Bot(side.token, session=AiohttpSession(api=TelegramAPIServer.from_base(side.api)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answered(message: Message) -> None:
        await message.answer(await step(engine, message.from_user.id, message.text))

    ready()
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(run(asked()))
