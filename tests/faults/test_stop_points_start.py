"""Every stop point of a start: of the first one, on an empty file, and of one in the middle of work."""

import asyncio
import json
import re
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from faults.machine import Machine, machine
from faults.newcomers import a_rep, handed_a_telephone
from faults.start_walk import PATIENCE, TICK, Starts
from faults.storm_judge import INBOX, OUTBOX, Judge
from faults.telephone import Changes, Telephone, heard
from sqlalchemy import create_engine, func, select, text, update

from bot.services import gaps
from storage import inbox, outbox, people
from storage.database import Connection, Database

pytestmark = [pytest.mark.storm, pytest.mark.long]

CALLS = ("getMe", "setMyCommands", "setChatMenuButton")
FIRST_COMMITS = ("start", "prepare", "Desk.decide", "Desk.act")  # schema; company and checklists; code; mark of hearing
CODE = re.compile(r"nobody is admin yet.*/start ([\w-]+)")


async def test_a_first_start_that_dies_at_any_point_leaves_a_company_with_one_code_that_works(tmp_path: Path) -> None:
    path = tmp_path / "rounds.db"
    async with aiohttp.ClientSession() as session, machine(f"sqlite:///{path}", session, {}) as opened:
        log = opened.folder / "run.log"

        polled = passed = 0

        async def empty() -> None:
            nonlocal polled, passed
            polled, passed = log.read_text(encoding="utf-8").count("polling as"), len(opened.passed())
            for end in ("", "-wal", "-shm"):
                Path(f"{path}{end}").unlink(missing_ok=True)  # noqa: ASYNC240 - no bot lives, nobody waits

        async def has_heard() -> bool:
            polls = log.read_text(encoding="utf-8").count("polling as") > polled
            return polls and "after Desk.act" in opened.passed()[passed:]  # the first tick marks it

        async def nothing() -> None:
            pass

        async with heard(session, opened.url) as changes:
            starts = Starts(opened, empty, has_heard)
            while not starts.is_over:
                await starts.die_and_start(nothing)
                code = CODE.findall(log.read_text(encoding="utf-8"))[-1]
                newcomer = await handed_a_telephone(session, opened.url, changes, "Chief")
                await newcomer.says(f"/start {code}", "Which language shall we speak?")
                await opened.kill_bot()
                assert _made_twice(path) == []
            await empty()
            await starts.start()
            deaths = opened.deaths()
    print(f"{deaths.total()} deaths: {dict(deaths)}; never reached again: {starts.unreached()}")
    assert _points(deaths) >= {f"{side} {what}" for side in ("before", "after") for what in FIRST_COMMITS}


def _made_twice(path: Path) -> list[str]:
    engine = create_engine(f"sqlite:///{path}")
    wrong = []
    with engine.connect() as connection:
        for what, where in (("path", "team"), ("type", "sop_version"), ("role", "invite")):
            found = connection.execute(
                text(f"SELECT count(*) AS every, count(DISTINCT {what}) AS different FROM {where}")
            )
            row = found.one()
            if not row.every == row.different > 0:
                wrong.append(where)
    engine.dispose()
    return wrong


class Midday:
    """What a bot finds that was killed at work: an update in the inbox, one at Telegram, one message under way."""

    def __init__(self, opened: Machine, judge: Judge, changes: Changes) -> None:
        self.opened = opened
        self.judge = judge
        self.changes = changes
        self.reps: list[Telephone] = []
        self._began = datetime.now(UTC)

    async def prepare(self) -> None:
        """A rep who has sent two things, and is owed one."""
        rep = await handed_a_telephone(self.judge.session, self.opened.url, self.changes, f"Rep {len(self.reps)}")
        await a_rep(self.judge.database, rep)
        await self.judge.database.write(lambda c: _leave(c, rep.id, len(self.reps)))
        url = f"{self.opened.url}/sim/people/{rep.id}/send"
        async with self.judge.session.post(url, json={"text": "/followups"}) as response:
            assert response.status == 200
        self.reps.append(rep)
        self._began = datetime.now(UTC)

    async def is_up(self) -> bool:
        """It has heard from Telegram, and everything is said."""
        heard_at = await self.judge.database.read(gaps.heard_at)
        if heard_at is None or heard_at < self._began:
            return False
        chat = self.reps[-1].id
        asked = select(func.count()).where(INBOX.c.lane == chat, INBOX.c.state == "done")
        return (
            await self.judge.database.read(lambda c: c.execute(asked).scalar_one()) == 2 and await self.judge.is_quiet()
        )

    async def check(self) -> None:
        """What the last rep sees: an answer to each, and what was under way, nothing of it twice without need."""
        rep = self.reps[-1]
        said = select(OUTBOX.c.message, OUTBOX.c.state).where(OUTBOX.c.chat_id == rep.id)
        rows = Counter(map(tuple, await self.judge.database.read(lambda c: list(c.execute(said)))))
        assert len(rows) == 3 and set(rows.values()) == {1} and {state for _, state in rows} == {"sent"}, rows
        assert await self.judge.repeats(rep.id) <= self.judge.uncertain[rep.id]


def _leave(connection: Connection, telegram_id: int, number: int) -> None:
    """An update that is kept and has had no effect, and a message whose call was never heard of."""
    now = datetime.now(UTC)
    sender = {"id": telegram_id, "is_bot": False, "first_name": "Rep", "language_code": "en"}
    chat = {"id": telegram_id, "type": "private", "first_name": "Rep"}
    message = {"message_id": 1_000_000 + number, "date": int(time.time()), "chat": chat, "from": sender}
    message |= {"text": "/visit", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
    raw = {"update_id": 1 + number, "message": message}
    inbox.keep(connection, [{"update_id": 1 + number, "lane": telegram_id, "raw": json.dumps(raw), "received_at": now}])
    person = people.find_by_telegram(connection, telegram_id)
    assert person is not None
    key = f"left:{telegram_id}"
    values = {"key": key, "chat_id": telegram_id, "person_id": person.id, "message": "conversation/changed"}
    outbox.post(connection, **values, context={}, created_at=now)
    connection.execute(update(OUTBOX).where(OUTBOX.c.key == key).values(state="sending", attempts=1))


async def test_a_start_in_the_middle_of_work_that_dies_at_any_point_answers_everybody_once(
    database_url: str, database: Database
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        machine(database_url, session) as opened,
        heard(session, opened.url) as changes,
    ):
        judge = Judge(database, session, opened.url)
        await opened.start_bot(tick_every=TICK)
        async with asyncio.timeout(PATIENCE):
            while await database.read(gaps.heard_at) is None:
                await asyncio.sleep(0.02)
        await opened.kill_bot()
        midday = Midday(opened, judge, changes)
        starts = Starts(opened, midday.prepare, midday.is_up)
        while not starts.is_over:
            await starts.die_and_start(judge.note_kill)
            await midday.check()
            await opened.kill_bot()
        await midday.prepare()
        await starts.start()
        await midday.check()
        deaths = opened.deaths()
        assert await judge.stuck() == [], opened.log()
    print(f"{deaths.total()} deaths: {dict(deaths)}; never reached again: {starts.unreached()}")
    assert deaths.total() >= 12  # taken up, fetched, each update's effect, each message sent
    assert set(starts.unreached()) <= _points(deaths)


def _points(deaths: Counter[str]) -> set[str]:
    return {point for points in deaths for point in points.split("+")}


@pytest.mark.parametrize("kind", ["slow", "timeout_after"])
async def test_a_start_that_dies_while_telegram_holds_its_call_is_simply_made_again(
    database_url: str, database: Database, kind: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        machine(database_url, session) as opened,
        heard(session, opened.url) as changes,
    ):
        rep = await handed_a_telephone(session, opened.url, changes, "Emma")
        await a_rep(database, rep)
        for times, method in enumerate(CALLS, 1):
            fault = {"method": method, "kind": kind, "seconds": 1}
            async with session.post(f"{opened.url}/sim/faults", json=fault) as response:
                assert response.status == 200
            await opened.start_bot(tick_every=TICK, chat_burst=10_000)
            async with asyncio.timeout(PATIENCE):
                while await _faults(session, opened.url) < times:
                    await asyncio.sleep(0.02)
            await opened.kill_bot()
            await opened.start_bot(tick_every=TICK, chat_burst=10_000)
            await rep.says("/visit", "What is this visit for?")
            await opened.kill_bot()
        await opened.start_bot(tick_every=TICK, chat_burst=10_000)
        await rep.says("/followups", "open follow-ups")


async def _faults(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(f"{url}/sim/ledger") as response:
        ledger: list[dict[str, Any]] = await response.json()
    return sum(row["what"] == "fault" for row in ledger)
