"""An update that ends the process each time: found, put aside, told; everybody else goes on."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from faults.town import Town
from scene import TOKEN
from sqlalchemy import select

from bot.services import quarantine
from storage import aside
from storage.database import Database
from storage.inbox import INBOX
from storage.lanes import LEASE

SCRIPT = Path(__file__).with_name("poisoned_bot.py")
POISON = "open sesame"
SORRY = "Something went wrong on my side"


async def start(town: Town) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
    environment |= {
        "ROUNDS_BOT_TOKEN": TOKEN,
        "ROUNDS_TELEGRAM_API_URL": town.url,
        "ROUNDS_DATABASE_URL": town.settings.database,
        "ROUNDS_DATA_DIR": str(town.settings.data_dir),
        "ROUNDS_ADMIN_IDS": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    log = (town.settings.data_dir / "poisoned.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), POISON, env=environment, stdout=log, stderr=log, cwd=town.settings.data_dir
    )
    log.close()
    return process


@pytest.mark.storm
@pytest.mark.long
async def test_an_update_that_ends_the_process_is_put_aside_after_a_few_tries_alone(town: Town) -> None:
    async with town.at_work() as scene:
        li, wang = await scene.play("Li"), await scene.play("Wang")
        await li.joins()
        await wang.joins()
    await town.send(li, text=POISON)
    for _ in range(3):
        await town.send(li, text="/menu")
        await town.send(wang, text="/menu")
    deaths = 0
    async with asyncio.timeout(240):
        while True:
            process = await start(town)
            ended = asyncio.create_task(process.wait())
            while not ended.done() and not any(SORRY in words for words in town.shown(li)):
                await asyncio.sleep(0.1)
            if not ended.done():
                break
            assert await ended == -signal.SIGKILL
            deaths += 1
            if town.settings.database.startswith("postgresql"):
                await asyncio.sleep(LEASE + 1)  # so long others leave alone what a dead worker had in hand
    database = Database(town.settings.database)
    while await database.read(lambda c: c.execute(select(INBOX.c.seq).where(INBOX.c.state == "waiting")).first()):
        await asyncio.sleep(0.1)
    (put_aside,) = await database.read(aside.list_quarantined)
    await asyncio.sleep(1)
    process.send_signal(signal.SIGTERM)
    await ended
    await database.close()
    assert (put_aside.error, quarantine.kind(put_aside)) == ("Died", "message: text")
    assert 3 <= deaths <= 9
    assert [words for words in town.shown(wang) if "What shall we do" in words][-3:]
    helped = [words for words in town.shown(li) if "What shall we do" in words]
    assert len(helped) >= 3, "what he sent behind it had its answer"
    assert sum(SORRY in words for words in town.shown(li)) == 1
