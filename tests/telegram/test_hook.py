"""The watch of the webhook: whether Telegram gets through to us, and whether another process has taken our place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram.ext import ExtBot

from bot.sandbox.server import Sandbox
from bot.telegram.contact import Contact
from bot.telegram.hook import stay_pointed
from bot.telegram.request import AiohttpRequest

TOKEN = "424242:" + "R" * 35


async def at_once() -> None:
    """Nothing is left to be worked off."""


class Door:
    """What Telegram calls; shut, it fails."""

    def __init__(self, sandbox: Sandbox, telegram: str, bot: ExtBot[None], url: str) -> None:
        self.sandbox = sandbox
        self.telegram = telegram
        self.bot = bot
        self.url = url
        self.is_shut = False
        self.taken: list[int] = []
        self.contact = Contact(at_once)

    async def take(self, request: web.Request) -> web.Response:
        if self.is_shut:
            return web.Response(status=503)
        self.taken.append((await request.json())["update_id"])
        return web.Response()

    async def somebody_writes(self) -> None:
        async with aiohttp.ClientSession() as session:
            body = {"first_name": "Li", "language_code": "en", "phone": "+86 138 0000 0001"}
            async with session.post(f"{self.telegram}/sim/people", json=body) as response:
                person = (await response.json())["id"]
            async with session.post(f"{self.telegram}/sim/people/{person}/send", json={"text": "hello"}) as response:
                assert response.status == 200

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        pace: dict[str, Any] = {"look_every": 0.02, "look_again": 0.02}
        task = asyncio.create_task(stay_pointed(self.bot, self.contact, self.url, "secret", **pace))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.01)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    sandbox = Sandbox(webhook_pause_s=0.01)
    telegram = f"http://127.0.0.1:{await sandbox.start('127.0.0.1', 0)}"
    bot: ExtBot[None] = ExtBot(TOKEN, base_url=f"{telegram}/bot", request=AiohttpRequest())
    application = web.Application()
    runner = web.AppRunner(application, access_log=None)
    opened = Door(sandbox, telegram, bot, "")
    application.router.add_post("/hook", opened.take)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    opened.url = f"http://{host}:{port}/hook"
    async with bot:
        yield opened
    await runner.cleanup()
    await sandbox.stop()


async def test_we_hear_telegram_once_what_waited_there_has_come(door: Door) -> None:
    door.is_shut = True
    await door.bot.set_webhook("http://127.0.0.1:1/nobody")  # as in an earlier life
    await door.somebody_writes()
    async with door.watched():
        await asyncio.sleep(0.3)
        assert not door.contact.is_open()
        assert not await door.contact.caught_up(0.05), "the clock waits for what he wrote"
        door.is_shut = False
        await door.until(lambda: door.taken and door.contact.is_open())
        assert await door.contact.caught_up(0.05)


async def test_a_webhook_that_was_taken_away_is_set_again_once_nobody_fetches(door: Door) -> None:
    async with door.watched():
        await door.until(door.contact.is_open)
        await door.bot.delete_webhook()
        await asyncio.sleep(0.2)
        assert (await door.bot.get_webhook_info()).url == "", "whoever took it may be at work"
        await door.somebody_writes()
        await door.until(lambda: len(door.taken) > 0)
        assert (await door.bot.get_webhook_info()).url == door.url
