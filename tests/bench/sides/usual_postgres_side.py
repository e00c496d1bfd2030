"""The usual stack on PostgreSQL: aiogram 3, a step through SQLModel's AsyncSession over psycopg, then the reply."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from side import Side, asked, ready
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import SQLModel, insert
from usual_store import Call, Rep, step


async def opened(side: Side, database: str) -> AsyncEngine:
    """The engine, with everybody in an open visit."""
    engine = create_async_engine(database, pool_size=16, max_overflow=0, pool_timeout=60)
    now = datetime.now(UTC)
    reps = [{"id": i, "telegram_id": t, "name": f"Rep {i}"} for i, t in enumerate(side.telegram_ids, 1)]
    calls = [{"id": r["id"], "rep_id": r["id"], "customer": "Shop", "changed_at": now} for r in reps]
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.execute(insert(Rep), reps)
        await connection.execute(insert(Call), calls)
    return engine


async def run(side: Side, database: str) -> None:
    engine = await opened(side, database)
    bot = Bot(side.token, session=AiohttpSession(api=TelegramAPIServer.from_base(side.api)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answered(message: Message) -> None:
        await message.answer(await step(engine, message.from_user.id, message.text))

    ready()
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    own, sys.argv[1:] = parser.parse_known_args()
    asyncio.run(run(asked(), own.database))
