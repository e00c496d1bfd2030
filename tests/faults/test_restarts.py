"""Ending in order: a SIGTERM at any moment of a life, under load, with Telegram stalling, and a hundred in a row."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from faults.machine import TOKEN, Machine, machine
from faults.storm_judge import INBOX, OUTBOX, Judge
from faults.town import Town
from sqlalchemy import create_engine, func, select

from bot.lifetime import ENDED_WITHIN
from storage import people
from storage.database import Connection, Database

pytestmark = pytest.mark.storm

A_MOMENT = 1.5  # seconds in which a busy machine takes the signal to the process, and word of its end to us
DRAINS_WITHIN = 8  # seconds: five for what is in hand, and some for a busy machine
TALKERS = 20
PAUSE = 0.02  # seconds between what they say: more than may be answered, but no flood
ENDS = 4
RESTARTS = 100
SIGTERM_BIT = 1 << (signal.SIGTERM - 1)


class Crowd:
    """People who send one thing after the other without waiting for an answer."""

    def __init__(self, opened: Machine, session: aiohttp.ClientSession, ids: list[int]) -> None:
        self.opened = opened
        self.session = session
        self.ids = ids

    async def talk(self) -> None:
        """Until cancelled."""
        while True:
            for person_id in self.ids:
                await self.say(person_id)
                await asyncio.sleep(PAUSE)

    async def say(self, person_id: int) -> None:
        url = f"{self.opened.url}/sim/people/{person_id}/send"
        async with self.session.post(url, json={"text": "/followups"}) as response:
            assert response.status == 200

    async def sent(self) -> int:
        """How much they have sent, by the ledger."""
        async with self.session.get(f"{self.opened.url}/sim/ledger") as response:
            return sum(row["what"] == "sent" for row in await response.json())

    async def stall_telegram(self) -> None:
        """The next message takes longer than anybody waits."""
        fault = {"method": "sendMessage", "kind": "slow", "seconds": 60}
        async with self.session.post(f"{self.opened.url}/sim/faults", json=fault) as response:
            assert response.status == 200

    async def at_telegram(self) -> int:
        """How much the bot has not taken yet."""
        async with self.session.get(f"{self.opened.url}/sim/bots") as response:
            return int((await response.json())[0]["waiting"])


@asynccontextmanager
async def crowd_in(database_url: str, database: Database) -> AsyncIterator[tuple[Crowd, Judge]]:
    async with aiohttp.ClientSession() as session, machine(database_url, session) as opened:
        ids = []
        for number in range(TALKERS):
            body = {"first_name": f"Rep {number}", "language_code": "en", "phone": "+86 138 0000 0000"}
            async with session.post(f"{opened.url}/sim/people", json=body) as response:
                ids.append(int((await response.json())["id"]))
        await database.write(lambda c: [_join(c, telegram_id) for telegram_id in ids])
        yield Crowd(opened, session, ids), Judge(database, session, opened.url)


def _join(connection: Connection, telegram_id: int) -> None:
    values = {"telegram_id": telegram_id, "name": "Rep", "phone": "+8613800000000", "language": "en"}
    now = datetime.now(UTC)
    people.add(connection, **values, time_zone="Asia/Shanghai", roles="rep", status="active", joined_at=now)


def _count(connection: Connection, rows: Any, *states: str) -> int:
    return connection.execute(select(func.count()).where(rows.c.state.in_(states))).scalar_one()


@contextmanager
def _held(database_url: str) -> Iterator[None]:
    """Somebody holds what every step needs: SQLite's write lock, or the people's rows."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            is_file = connection.dialect.name == "sqlite"
            connection.exec_driver_sql("BEGIN IMMEDIATE" if is_file else "SELECT id FROM person FOR UPDATE")
            yield
    finally:
        engine.dispose()


def _in_hand(connection: Connection) -> bool:
    """Whether lanes have begun: on SQLite with all that waits, on PostgreSQL with what is claimed."""
    waiting = select(INBOX.c.seq).where(INBOX.c.state == "waiting")
    if connection.dialect.name != "sqlite":
        waiting = waiting.where(INBOX.c.claimed_until.is_not(None))
    return connection.execute(waiting.limit(1)).first() is not None


async def test_ending_under_load_leaves_nothing_half_done(database_url: str, database: Database) -> None:
    dice = random.Random(7)
    async with crowd_in(database_url, database) as (crowd, judge):
        for _ in range(ENDS):
            await crowd.opened.start_bot(chat_burst=10_000)
            talking = asyncio.create_task(crowd.talk())
            await asyncio.sleep(dice.uniform(0.2, 1.5))
            ending = asyncio.create_task(crowd.opened.end_bot())
            assert await asyncio.wait_for(ending, DRAINS_WITHIN) == 0, crowd.opened.log()
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
            kept = await database.read(lambda c: _count(c, INBOX, "done", "waiting"))
            assert (
                kept + await crowd.at_telegram() >= await crowd.sent()
            )  # what was sent stands in one of both, or in both
            assert await database.read(lambda c: _count(c, OUTBOX, "sending")) == 0
        await crowd.opened.start_bot(chat_burst=10_000)
        async with asyncio.timeout(120):
            while await crowd.at_telegram() or not await judge.is_quiet():
                await asyncio.sleep(0.1)
        assert await database.read(lambda c: _count(c, INBOX, "done")) == await crowd.sent()
        assert [await judge.repeats(telegram_id) for telegram_id in crowd.ids] == [0] * TALKERS


async def test_a_call_that_telegram_stalls_does_not_hold_up_the_end(database_url: str, database: Database) -> None:
    async with crowd_in(database_url, database) as (crowd, judge):
        await crowd.opened.start_bot()
        await crowd.stall_telegram()
        for telegram_id in crowd.ids:
            await crowd.say(telegram_id)
        async with asyncio.timeout(30):
            while await database.read(lambda c: _count(c, OUTBOX, "sent")) < TALKERS - 1:
                await asyncio.sleep(0.05)
        assert await asyncio.wait_for(crowd.opened.end_bot(), DRAINS_WITHIN) == 0, crowd.opened.log()
        assert await database.read(lambda c: _count(c, OUTBOX, "waiting")) == 1  # only what Telegram has not answered
        assert await database.read(lambda c: _count(c, OUTBOX, "sending")) == 0  # nobody has to find out at the start
        await crowd.opened.start_bot()
        async with asyncio.timeout(30):
            while not await judge.is_quiet():
                await asyncio.sleep(0.05)
        assert [len(await judge.shown_to(telegram_id)) for telegram_id in crowd.ids] == [1] * TALKERS


async def test_lanes_and_a_call_that_hang_end_with_the_process_and_nothing_is_lost(
    database_url: str, database: Database
) -> None:
    async with crowd_in(database_url, database) as (crowd, judge):
        await crowd.opened.start_bot(chat_burst=10_000)
        await crowd.stall_telegram()
        for _ in range(50):
            await asyncio.gather(*(crowd.say(telegram_id) for telegram_id in crowd.ids))
            with _held(database_url):  # somewhere on the way of these
                await asyncio.sleep(0.2)
                if not await database.read(lambda c: _in_hand(c) and _count(c, OUTBOX, "sending")):
                    continue
                await judge.note_kill()  # at its end the bot lets go of what it cannot note as sent
                began = asyncio.get_running_loop().time()
                assert await crowd.opened.end_bot() == 0, crowd.opened.log()
                assert asyncio.get_running_loop().time() - began < ENDED_WITHIN + A_MOMENT
                break
        assert not crowd.opened.has_bot
        await judge.note_kill()
        await crowd.opened.start_bot(chat_burst=10_000)
        async with asyncio.timeout(120):
            while await crowd.at_telegram() or not await judge.is_quiet():
                await asyncio.sleep(0.1)
        assert await database.read(lambda c: _count(c, INBOX, "done")) == await crowd.sent()
        for telegram_id in crowd.ids:
            assert await judge.repeats(telegram_id) <= judge.uncertain[telegram_id]


@pytest.mark.parametrize("later", [0.0, 0.3, 1.0, 2.0, 4.0])
async def test_a_sigterm_is_heeded_from_the_first_moment_on(tmp_path: Path, later: float) -> None:
    """Also while it imports, migrates, or tries to reach a Telegram that is not there."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
    environment |= {"ROUNDS_BOT_TOKEN": TOKEN, "ROUNDS_DATA_DIR": str(tmp_path)}
    environment |= {"ROUNDS_TELEGRAM_API_URL": "http://127.0.0.1:9"}
    said = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "bot", "run")
    process = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=environment, stdout=said, stderr=said)
    async with asyncio.timeout(30):
        while not _heeds_sigterm(process.pid):
            await asyncio.sleep(0.005)
    await asyncio.sleep(later)
    process.terminate()
    _, errors = await asyncio.wait_for(process.communicate(), DRAINS_WITHIN)
    assert process.returncode == 0, errors.decode()
    assert "Traceback" not in errors.decode()


def _heeds_sigterm(pid: int) -> bool:
    """Whether the process has a handler for it, as the kernel tells."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    caught = next(line.split()[1] for line in lines if line.startswith("SigCgt"))
    return bool(int(caught, 16) & SIGTERM_BIT)


@pytest.mark.long
async def test_a_hundred_restarts_in_a_row_repeat_nothing(town: Town) -> None:
    dice = random.Random(11)
    for life in range(RESTARTS):
        async with town.at_work() as scene:
            if life == 0:
                rep = await scene.play("Emma")
                await rep.joins("rep")
                await scene.settle()
                before = await _shown(town, rep.id)
            await town.session.post(f"{town.url}/sim/people/{rep.id}/send", json={"text": "/followups"})
            await asyncio.sleep(dice.uniform(0, 0.03))  # somewhere on the way of that update
    async with town.at_work() as scene:
        await scene.settle()
        await scene.check_nothing_failed()
        judge = Judge(scene.rounds.database, town.session, town.url)
        assert await judge.repeats(rep.id) == 0
    assert await _shown(town, rep.id) - before == RESTARTS


async def _shown(town: Town, telegram_id: int) -> int:
    return sum(row["what"] == "shown" and row.get("person_id") == telegram_id for row in town.sandbox.ledger.rows())
