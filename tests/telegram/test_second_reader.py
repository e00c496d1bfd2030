"""A Bot API that others wrote, stricter than the sandbox about what it is asked: it takes what the bot says."""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web
from fresh_database import sqlite_in
from lo_bot_api_emulator import LoBotApiEmulator
from lo_bot_api_emulator.journal import verdict
from scene import TOKEN

from bot import serving
from bot.app import running
from bot.settings import Settings
from bot.telegram.polling import Polling

# Telegram has these, the emulator has not; it answers 501
UNKNOWN_TO_IT = ("setMyDescription:501", "setMyShortDescription:501")


class Emulator(LoBotApiEmulator):  # type: ignore[misc]
    """Fields may stand in the address, as at Telegram, and a link preview may be turned off."""

    async def read_request(self, request: web.Request) -> Any:
        fields, uploads = await super().read_request(request)
        fields = {**request.query, **fields}
        fields.pop("link_preview_options", None)
        return fields, uploads


def update(text: str) -> dict[str, Any]:
    person = {"id": 77, "is_bot": False, "first_name": "Li", "language_code": "zh-hans"}
    chat = {"id": 77, "type": "private"}
    return {"message": {"message_id": 1, "date": 1795395600, "from": person, "chat": chat, "text": text}}


async def answered(emulator: Emulator, times: int) -> None:
    async with asyncio.timeout(15):
        while sum(request["method"] == "sendMessage" for request in emulator.requests) < times:
            await asyncio.sleep(0.02)


async def test_start_is_answered_by_a_bot_that_polls_another_emulator(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    emulator = Emulator(journal=journal)
    runner = web.AppRunner(emulator.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    database = sqlite_in(tmp_path)
    settings = Settings(
        _env_file=None,
        bot_token=TOKEN,
        telegram_api_url=f"http://127.0.0.1:{runner.addresses[0][1]}",
        database_url=database,
        data_dir=tmp_path,
        admin_ids={77},
    )
    async with running(settings) as rounds:
        await serving.prepare(rounds)
        polling = asyncio.create_task(Polling(rounds.bot, rounds.intake).run())
        await emulator.enqueue_update(update("/start"), token=TOKEN)
        await answered(emulator, 1)
        await emulator.enqueue_update(update("hello"), token=TOKEN)
        await answered(emulator, 2)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    await runner.cleanup()
    result = verdict(journal, require_response=True, allowed_refusals=UNKNOWN_TO_IT)
    assert result["ok"], result
