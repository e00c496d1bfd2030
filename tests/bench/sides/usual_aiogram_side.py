"""The usual stack on aiogram 3: a step through SQLModel's AsyncSession, then the reply."""

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from side import Side, asked, ready
from sqlalchemy.ext.asyncio import AsyncEngine
from usual_store import opened, step


async def poll(side: Side, engine: AsyncEngine) -> None:
    bot = Bot(side.token, session=AiohttpSession(api=TelegramAPIServer.from_base(side.api)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answered(message: Message) -> None:
        await message.answer(await step(engine, message.from_user.id, message.text))

    ready()
    await dispatcher.start_polling(bot)


async def run(side: Side) -> None:
    await poll(side, await opened(side))


if __name__ == "__main__":
    asyncio.run(run(asked()))
