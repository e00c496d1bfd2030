"""A storm: the bot is killed again and again while fifty people visit, and nothing is lost or done twice.

`STORM_KILLS=200 pytest -m storm tests/faults/test_storm.py -s` is the long one; STORM_SEED repeats a storm's dice.
"""

import asyncio
import os
import random
import signal
import time
from datetime import UTC, datetime

import aiohttp
import pytest
from faults.machine import Machine, machine
from faults.storm_judge import Judge, Summary
from faults.storm_reps import Rep
from faults.telephone import Changes, heard
from scene import picture

from storage import customers, people, search
from storage.database import Connection, Database

pytestmark = pytest.mark.storm

KILLS = int(os.environ.get("STORM_KILLS", "16"))
REPS = 50
CUSTOMERS_EACH = 40
LIVES = (0.2, 5.0)  # seconds that a bot is given; it polls after 0.4
STOPS = 150  # one kill of two comes at one of so many of the next commits, rather than at any time


async def with_reps(session: aiohttp.ClientSession, opened: Machine, database: Database, changes: Changes) -> list[Rep]:
    """Reps who have joined, each with customers of his own some kilometres apart."""
    reps = []
    for number in range(REPS):
        body = {"first_name": f"Rep {number}", "language_code": "en", "phone": f"+86 138 0000 00{number:02}"}
        async with session.post(f"{opened.url}/sim/people", json=body) as response:
            person = await response.json()
        own = [(f"Shop {number}x{n}", 5.0 + number, 80.0 + n * 0.03) for n in range(CUSTOMERS_EACH)]
        await database.write(lambda c, person=person, own=own: _store(c, person["id"], own))  # type: ignore[misc]
        name = f"rep {number}"
        reps.append(Rep(session, opened.url, person["id"], name, changes, number, own, picture(seed=number)))
    return reps


def _store(connection: Connection, telegram_id: int, own: list[tuple[str, float, float]]) -> None:
    now = datetime.now(UTC)
    values = {"telegram_id": telegram_id, "name": "Rep", "phone": "+8613800000000", "language": "en"}
    people.add(connection, **values, time_zone="Asia/Shanghai", roles="rep", status="active", joined_at=now)
    for name, latitude, longitude in own:
        place = {"latitude": latitude, "longitude": longitude, "position_from": "import", "grade": "A"}
        customer = customers.add(connection, name=name, created_at=now, **place)
        search.index(connection, [customers.get(connection, customer)])


async def strike(opened: Machine, judge: Judge, dice: random.Random, over: asyncio.Event) -> None:
    for _ in range(KILLS):
        opened.controls.arm(dice.choice((0, dice.randint(1, STOPS))))
        try:
            assert await opened.bot_ended(within=dice.uniform(*LIVES)) == -signal.SIGKILL, opened.log()
        except TimeoutError:
            await opened.kill_bot()
        await judge.note_kill()
        opened.controls.arm(0)
        await opened.start_bot()
    over.set()


async def visit_in_a_storm(
    opened: Machine, database: Database, session: aiohttp.ClientSession, changes: Changes, seed: int
) -> Summary:
    over, judge = asyncio.Event(), Judge(database, session, opened.url)
    reps = await with_reps(session, opened, database, changes)
    began = time.monotonic()
    await opened.start_bot()
    async with asyncio.TaskGroup() as work:
        for rep in reps:
            work.create_task(rep.visit_until(over))
        work.create_task(strike(opened, judge, random.Random(seed), over))
    async with asyncio.timeout(90):
        while not await judge.is_quiet():
            await asyncio.sleep(0.2)
    summary = await judge.judge(reps)
    summary.restarts, summary.seconds = opened.lives - 1, round(time.monotonic() - began)
    assert await judge.stuck() == []
    return summary


async def test_a_bot_that_is_killed_again_and_again_loses_nothing_and_does_nothing_twice(
    database_url: str, database: Database
) -> None:
    seed = int(os.environ.get("STORM_SEED") or random.SystemRandom().randrange(10**6))
    print(f"storm seed {seed} (STORM_SEED repeats it)")
    limit = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=limit) as session, machine(database_url, session) as opened:
        async with heard(session, opened.url) as changes:
            found = await visit_in_a_storm(opened, database, session, changes, seed)
        print(f"{database.url.get_backend_name()}: {found}")
        wrong = (found.lost, found.doubled_effects, found.out_of_order, found.unexplained)
        assert wrong == (0, 0, 0, 0), found
        assert found.kills == KILLS
        assert found.visits >= REPS
