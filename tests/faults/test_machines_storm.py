"""Four workers and whoever polls, sends and ticks are killed at random, and nothing is lost, doubled or out of order.

`STORM_KILLS=100 pytest -m storm tests/faults/test_machines_storm.py -s` is the long one; STORM_SEED repeats its dice.
"""

import asyncio
import os
import random
import time
from collections import Counter

import aiohttp
import pytest
from faults import test_storm
from faults.fleet import Fleet, fleet
from faults.storm_judge import OUTBOX, Judge, Summary
from faults.telephone import heard
from sqlalchemy import func, select

from storage.database import Connection, Database

pytestmark = pytest.mark.storm

KILLS = int(os.environ.get("STORM_KILLS", "12"))
REPS = 20
OFFICE, WORKERS = "intake,sender,ticker", 4
PAUSES = (0.3, 3.5)  # seconds from one kill to the next


async def strike(ships: Fleet, dice: random.Random, over: asyncio.Event) -> Counter[str]:
    """Kill one after the other; its like comes a moment later, or was there already."""
    killed: Counter[str] = Counter()
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(*PAUSES))
        victim = dice.choice(list(ships.crew))
        if dice.random() < 0.5:
            await ships.start(ships.crew[victim])
            killed[await ships.kill(victim)] += 1
        else:
            killed[await ships.kill(victim)] += 1
            await asyncio.sleep(dice.uniform(0, 1.5))
            await ships.start(OFFICE if OFFICE not in ships.crew.values() else "worker")
    over.set()
    return killed


async def visit(ships: Fleet, database: Database, session: aiohttp.ClientSession, seed: int) -> Summary:
    over, judge = asyncio.Event(), Judge(database, session, ships.url)
    async with heard(session, ships.url) as changes:
        reps = (await test_storm.with_reps(session, ships.machine, database, changes))[:REPS]
        began = time.monotonic()
        for roles in (OFFICE, *["worker"] * WORKERS):
            await ships.start(roles)
        async with asyncio.TaskGroup() as work:
            for rep in reps:
                work.create_task(rep.visit_until(over))
            striking = work.create_task(strike(ships, random.Random(seed), over))
        async with asyncio.timeout(60):
            while not await judge.is_quiet():
                await asyncio.sleep(0.2)
    judge.uncertain = await database.read(_said_again)
    summary = await judge.judge(reps)
    summary.kills, summary.seconds = striking.result().total(), round(time.monotonic() - began)
    print(f"killed: {dict(striking.result())}")
    assert await judge.stuck() == []
    return summary


def _said_again(connection: Connection) -> Counter[int]:
    """How often messages of a chat were taken up again: they were under way when their sender was killed."""
    again = select(OUTBOX.c.chat_id, func.sum(OUTBOX.c.attempts - 1).label("times")).where(OUTBOX.c.attempts > 1)
    return Counter({row.chat_id: int(row.times) for row in connection.execute(again.group_by(OUTBOX.c.chat_id))})


async def test_processes_that_are_killed_at_random_lose_nothing_and_do_nothing_twice(postgres_url: str) -> None:
    seed = int(os.environ.get("STORM_SEED") or random.SystemRandom().randrange(10**6))
    print(f"storm seed {seed} (STORM_SEED repeats it)")
    limit, database = aiohttp.TCPConnector(limit=0), Database(postgres_url)
    async with aiohttp.ClientSession(connector=limit) as session, fleet(postgres_url, session) as ships:
        found = await visit(ships, database, session, seed)
        print(f"{WORKERS} workers and an office: {found}")
        wrong = (found.lost, found.doubled_effects, found.out_of_order, found.unexplained)
        assert wrong == (0, 0, 0, 0), found
        assert found.kills == KILLS
        assert found.visits >= REPS
    await database.close()
