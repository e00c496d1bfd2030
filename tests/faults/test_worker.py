"""Jobs: each is done until it succeeds, whatever fails meanwhile, and one that fails holds up no other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from outages import Outage
from sqlalchemy import select

from bot.services.worker import GIVEN_UP_AFTER, NotNow, Worker
from storage import jobs
from storage.database import Database
from storage.jobs import JOB, Job

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Yard:
    """A worker, its clock, and what goes wrong on order."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.fails: dict[int, list[Exception]] = {}
        self.done: list[int] = []
        self.given_up: list[tuple[int, str]] = []
        self.give_up_fails: list[Exception] = []
        self.worker = Worker(database, lambda: self.now, {"dig": self.dig}, self.give_up)

    async def dig(self, job: Job) -> None:
        if self.fails.get(job.subject):
            raise self.fails[job.subject].pop(0)
        if await self.database.write(lambda c: jobs.mark_done(c, job.id)):
            self.done.append(job.subject)

    async def give_up(self, job: Job, error: str) -> None:
        if self.give_up_fails:
            raise self.give_up_fails.pop(0)
        if await self.database.write(lambda c: jobs.mark_failed(c, job.id, error)):
            self.given_up.append((job.subject, error))

    async def queue(self, *subjects: int, at: datetime = NOW) -> None:
        def unit(connection: Any) -> None:
            for subject in subjects:
                jobs.queue(connection, "dig", subject, at)

        await self.database.write(unit)
        self.worker.ring()

    async def states(self, state: str) -> dict[int, str]:
        rows = await self.database.read(lambda c: list(c.execute(select(JOB).where(JOB.c.state == state))))
        return {row.subject: row.error for row in rows}

    async def until_done(self, count: int) -> None:
        """The clock leaps over the pauses between tries."""
        async with asyncio.timeout(15):
            while len(self.done) < count:
                self.now += timedelta(minutes=11)
                self.worker.ring()
                await asyncio.sleep(0.02)


@pytest.fixture
async def yard(database: Database) -> AsyncIterator[Yard]:
    opened = Yard(database)
    running = asyncio.create_task(opened.worker.run())
    yield opened
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await opened.worker.stop()


async def test_jobs_are_done_once_each(yard: Yard) -> None:
    await yard.queue(*range(12))
    await yard.until_done(12)
    assert sorted(yard.done) == list(range(12))


async def test_what_cannot_be_done_for_days_is_given_up_and_the_operator_sees_it(yard: Yard) -> None:
    yard.fails = {1: [NotNow("Telegram is away") for _ in range(10_000)], 2: [KeyError("ours") for _ in range(10_000)]}
    await yard.queue(1, 2, 3)
    async with asyncio.timeout(15):
        while len(rows := await yard.states("failed")) < 2:
            yard.now += timedelta(days=1)
            yard.worker.ring()
            await asyncio.sleep(0.02)
    assert rows == {1: "Telegram is away", 2: "KeyError"}
    assert yard.now - NOW >= GIVEN_UP_AFTER
    assert yard.done == [3]


async def test_what_lay_for_days_while_we_were_away_survives_one_hiccup(yard: Yard) -> None:
    yard.fails = {1: [NotNow("Telegram is away")]}
    await yard.queue(1, at=NOW - GIVEN_UP_AFTER - timedelta(days=1))
    await yard.until_done(1)
    assert (yard.done, yard.given_up) == ([1], [])


async def test_what_cannot_even_be_given_up_is_put_off_and_given_up_later(yard: Yard) -> None:
    yard.fails = {1: [NotNow("Telegram is away") for _ in range(100)]}
    yard.give_up_fails = [LookupError("a fault of ours")]
    await yard.queue(1, at=NOW - GIVEN_UP_AFTER)
    async with asyncio.timeout(15):
        while not (
            found := [subject for subject, error in (await yard.states("waiting")).items() if error == "LookupError"]
        ):
            yard.now += timedelta(minutes=11)
            yard.worker.ring()
            await asyncio.sleep(0.02)
    assert found == [1]
    tries = len(yard.fails[1])
    await yard.queue(2)
    async with asyncio.timeout(15):
        while not yard.done:
            await asyncio.sleep(0.02)
    assert len(yard.fails[1]) == tries, "the clock stands still, and so does the first"
    async with asyncio.timeout(15):
        while not yard.given_up:
            yard.now += timedelta(minutes=11)
            yard.worker.ring()
            await asyncio.sleep(0.02)
    assert yard.given_up == [(1, "Telegram is away")]


async def test_a_job_that_is_closed_is_given_up_no_more(yard: Yard) -> None:
    await yard.queue(1)
    await yard.until_done(1)
    (row,) = await yard.database.read(lambda c: list(c.execute(select(JOB))))
    assert not await yard.database.write(lambda c: jobs.mark_failed(c, row.id, "too late"))
    assert await yard.states("failed") == {}


async def test_our_own_store_is_waited_for_however_long_it_is_away(yard: Yard) -> None:
    yard.fails = {1: [NotNow("the photo store is away", ours=True) for _ in range(6)]}
    await yard.queue(1)
    async with asyncio.timeout(15):
        while not yard.done:
            yard.now += timedelta(days=1)
            yard.worker.ring()
            await asyncio.sleep(0.02)
    assert await yard.states("failed") == {}


async def test_a_job_that_cannot_be_done_now_is_done_later_and_holds_up_no_other(yard: Yard) -> None:
    yard.fails = {1: [NotNow("Telegram is away"), NotNow("Telegram is away")]}
    await yard.queue(1, 2)
    await yard.until_done(2)
    assert sorted(yard.done) == [1, 2]
    rows = await yard.database.read(lambda c: list(c.execute(select(JOB.c.subject, JOB.c.attempts))))
    assert {row.subject: row.attempts for row in rows} == {1: 2, 2: 0}


async def test_a_fault_in_a_job_is_put_off_and_kept_for_the_operator(yard: Yard) -> None:
    yard.fails = {1: [KeyError("ours")]}
    await yard.queue(1)
    await yard.until_done(1)
    (row,) = await yard.database.read(lambda c: list(c.execute(select(JOB.c.state, JOB.c.error))))
    assert tuple(row) == ("done", "KeyError")


async def test_a_job_is_not_lost_when_neither_it_nor_its_delay_can_be_saved(yard: Yard) -> None:
    outage = Outage(yard.database)
    yard.fails = {1: [NotNow("away")]}
    await yard.queue(1)
    outage.left = 2
    await yard.until_done(1)
    assert yard.done == [1]


async def test_what_is_stopped_in_the_middle_stays_in_the_queue(database: Database) -> None:
    begun = asyncio.Event()

    async def stall(_job: Job) -> None:
        begun.set()
        await asyncio.Event().wait()

    worker = Worker(database, lambda: NOW, {"dig": stall})
    await database.write(lambda c: jobs.queue(c, "dig", 1, NOW))
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(begun.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await worker.stop()
    assert [job.subject for job in await database.read(lambda c: jobs.list_due(c, NOW, 10))] == [1]
