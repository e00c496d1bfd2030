"""A bare echo on aiogram 3, as its own first example has it: nothing stored."""

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from side import Side, asked, ready


async def echo(message: Message) -> None:
    await message.answer(message.text or "")


async def run(side: Side) -> None:
    bot = Bot(side.token, session=AiohttpSession(api=TelegramAPIServer.from_base(side.api)))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    ready()
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(run(asked()))
