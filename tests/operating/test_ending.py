"""An end in time: one moment for all that stops, whatever of it hangs."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram.error import NetworkError

from bot.app import running
from bot.lifetime import DRAINED_WITHIN, Ending
from bot.settings import Settings
from bot.telegram.budget import Budget
from bot.telegram.intake import Intake
from bot.telegram.sender import Sender
from bot.web.server import STOP_WITHIN, opened
from storage import inbox, outbox
from storage.database import Database
from storage.inbox import Received
from storage.outbox import Outgoing

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "515151:" + "E" * 35
SHARE = 0.8  # seconds that each is given here
A_MOMENT = 0.7  # more that a busy machine may take


async def ends_in_time(stop: Callable[[float], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await stop(began + SHARE)
    assert loop.time() - began < SHARE + A_MOMENT


async def test_who_stops_later_is_given_less_time() -> None:
    ending = Ending()
    first = ending.begin()
    await asyncio.sleep(0.01)
    assert ending.begin() == first
    assert first < asyncio.get_running_loop().time() + DRAINED_WITHIN


async def test_a_start_that_fails_and_is_tried_again_takes_nothing_from_the_end(tmp_path: Path) -> None:
    ending = Ending()
    nowhere = "http://127.0.0.1:9"
    settings = Settings(_env_file=None, bot_token=TOKEN, telegram_api_url=nowhere, data_dir=str(tmp_path))
    with pytest.raises(NetworkError):
        async with running(settings, ending=ending):
            raise AssertionError("there is no Telegram")
    assert ending.by is None


async def test_a_lane_that_hangs_is_left_to_the_next_start(database: Database) -> None:
    begun = asyncio.Event()

    async def hang(row: Received, raw: dict[str, Any]) -> bool:
        begun.set()
        await asyncio.Event().wait()
        return False

    async def give_up(row: Received) -> None:
        raise AssertionError("nobody is to be told")

    intake = Intake(database, lambda: NOW, hang, give_up)
    chat = {"message_id": 1, "chat": {"id": 5, "type": "private"}}
    await intake.accept([{"update_id": 1, "message": chat}])
    await asyncio.wait_for(begun.wait(), 5)
    await ends_in_time(intake.stop)
    assert await database.read(inbox.count_by_state) == {"waiting": 1}


async def test_a_call_that_hangs_is_said_after_the_next_start(database: Database) -> None:
    class Hanging:
        async def deliver(self, _message: Outgoing, _now: datetime, _pace: object) -> int:
            begun.set()
            await asyncio.Event().wait()
            return 0

    begun, hanging = asyncio.Event(), Hanging()
    delivery: Any = hanging
    sender = Sender(database, delivery, Budget(asyncio.get_running_loop().time), lambda: NOW)
    running = asyncio.create_task(sender.run())
    about = {"message": "m", "context": {}, "person_id": None, "created_at": NOW}
    await database.write(lambda c: outbox.post(c, key="one", chat_id=5, **about))
    sender.ring()
    await asyncio.wait_for(begun.wait(), 5)
    await ends_in_time(sender.stop)
    await asyncio.wait_for(running, 5)
    assert await database.read(outbox.count_by_state) == {"waiting": 1}


async def test_a_unit_that_hangs_does_not_hold_the_database_open(database_url: str) -> None:
    database, begun, over = Database(database_url), threading.Event(), threading.Event()

    def hang(_connection: object) -> None:
        begun.set()
        over.wait(10)

    writing = asyncio.create_task(database.write(hang))
    assert await asyncio.to_thread(begun.wait, 5)
    await ends_in_time(database.close)
    assert not writing.done()
    over.set()
    await asyncio.wait_for(writing, 5)
    await database.close()


async def test_a_page_that_hangs_does_not_hold_the_port_open() -> None:
    begun = asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        begun.set()
        await asyncio.Event().wait()
        return web.Response()

    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as session:
        async with opened([web.get("/", hang)], "127.0.0.1", 0, variables="") as runner:
            asking = asyncio.create_task(session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/"))
            await asyncio.wait_for(begun.wait(), 5)
            began = loop.time()
        assert loop.time() - began < STOP_WITHIN + A_MOMENT
        await asyncio.gather(asking, return_exceptions=True)
