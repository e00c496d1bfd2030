"""Several workers on one PostgreSQL: a person's updates are worked off in order, by one at a time, whoever dies."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from outages import Outage
from sqlalchemy import text, update
from telegram.ext import ExtBot

from bot.rendering import Renderer
from bot.services.worker import Worker
from bot.telegram.heads import Heads
from bot.telegram.intake import Intake
from bot.telegram.request import dumps
from bot.telegram.unsaved import Unsaved
from storage import inbox, jobs, lanes
from storage.database import Connection, Database, DatabaseAway
from storage.inbox import INBOX, Received
from storage.jobs import JOB, Job

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def message(update_id: int, chat: int) -> dict[str, Any]:
    return {"update_id": update_id, "message": {"message_id": 1, "chat": {"id": chat, "type": "private"}}}


class Shift:
    """What several workers do, who share nothing but the database."""

    def __init__(self, seed: int = 0) -> None:
        self.dice = random.Random(seed)
        self.done: list[tuple[int, int]] = []
        self.by: dict[str, int] = {}
        self.at_work: dict[int, str] = {}
        self.most_at_once = 0
        self.excused: list[int] = []
        self.crew: list[Intake] = []

    def wake(self) -> None:
        """As each process wakes the others."""
        for one in self.crew:
            one.look()

    async def refuse(self, *_: Any) -> bool:
        """Of one that only keeps."""
        raise AssertionError("it does not work")

    def worker(self, name: str, database: Database) -> Intake:
        """One of them; its work takes a while."""

        async def handle(row: Received, raw: dict[str, Any]) -> bool:
            assert row.lane not in self.at_work, f"{name} and {self.at_work[row.lane]} serve {row.lane} at once"
            self.at_work[row.lane] = name
            self.most_at_once = max(self.most_at_once, len(self.at_work))
            await asyncio.sleep(self.dice.uniform(0, 0.02))
            if await database.write(lambda connection: lanes.take(connection, row.seq)):
                self.done.append((row.lane, raw["update_id"]))
                self.by[name] = self.by.get(name, 0) + 1
            del self.at_work[row.lane]
            return True

        async def give_up(row: Received) -> None:
            self.excused.append(row.seq)

        one = Intake(database, lambda: NOW, handle, give_up, tell_others=self.wake, store_away=0.05)
        self.crew.append(one)
        return one


@asynccontextmanager
async def working(url: str, shift: Shift, number: int) -> AsyncIterator[list[Intake]]:
    """So many workers, each with connections of its own."""
    databases = [Database(url) for _ in range(number)]
    crew = [shift.worker(f"worker {n}", database) for n, database in enumerate(databases)]
    try:
        for one in crew:
            await one.resume()
        yield crew
    finally:
        for one in crew:
            await one.stop()
        for database in databases:
            await database.close()


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[Database]:
    opened = Database(postgres_url)
    yield opened
    await opened.close()


async def put(database: Database, *updates: dict[str, Any]) -> list[Received]:
    """As another process keeps them, which does not work itself."""
    rows = [
        {"update_id": u["update_id"], "lane": u["message"]["chat"]["id"], "raw": dumps(u), "received_at": NOW}
        for u in updates
    ]
    return await database.write(lambda connection: inbox.keep(connection, rows))


async def run_out(database: Database) -> None:
    """Time passes until every claim has run out."""
    long_ago = text("now() - interval '1 second'")
    await database.write(
        lambda c: c.execute(update(INBOX).where(INBOX.c.claimed_until.is_not(None)).values(claimed_until=long_ago))
    )


async def test_four_workers_keep_every_persons_order_and_never_serve_one_twice_at_once(postgres_url: str) -> None:
    shift = Shift(seed=4)
    async with working(postgres_url, shift, 4) as crew:
        for start in range(0, 200, 20):
            await crew[0].accept([message(number, chat=number % 7 + 1) for number in range(start, start + 20)])
        for one in crew:
            async with asyncio.timeout(30):
                await one.settled()
    assert sorted(update_id for _, update_id in shift.done) == list(range(200))
    for chat in range(1, 8):
        ids = [update_id for lane, update_id in shift.done if lane == chat]
        assert ids == sorted(ids)
    assert shift.most_at_once > 1
    assert len(shift.by) > 1, shift.by


async def test_what_a_dead_worker_had_in_hand_is_taken_up_before_the_rest_of_its_lane(
    postgres_url: str, shared: Database
) -> None:
    await put(shared, message(1, chat=1), message(2, chat=1), message(3, chat=2))
    dead = await shared.write(lambda connection: lanes.claim_heads(connection, 10))
    assert [(row.lane, row.seq) for row in dead] == [(1, 1), (2, 3)]
    shift = Shift()
    async with working(postgres_url, shift, 1) as (one,):
        assert await shared.write(lambda connection: lanes.claim_heads(connection, 10)) == []
        await run_out(shared)
        one.look()
        async with asyncio.timeout(10):
            await one.settled()
    assert [update_id for lane, update_id in shift.done if lane == 1] == [1, 2]
    assert (2, 3) in shift.done


async def test_an_update_is_closed_only_at_the_head_of_its_lane(shared: Database) -> None:
    first, second = await put(shared, message(1, chat=1), message(2, chat=1))
    assert await shared.write(lambda connection: lanes.take(connection, second.seq)) is False
    assert await shared.write(lambda connection: lanes.take(connection, first.seq)) is True
    assert await shared.write(lambda connection: lanes.take(connection, first.seq)) is False
    assert await shared.write(lambda connection: lanes.take(connection, second.seq)) is True


async def test_an_update_that_two_workers_take_at_once_is_one_workers(postgres_url: str, shared: Database) -> None:
    (row,) = await put(shared, message(1, chat=1))
    other = Database(postgres_url)
    taken = await asyncio.gather(
        *(each.write(lambda c: lanes.take(c, row.seq)) for each in (shared, other) for _ in range(4))
    )
    await other.close()
    assert sorted(taken) == [False] * 7 + [True]


async def test_the_renewal_of_a_claim_does_not_keep_its_owner_from_the_update(shared: Database) -> None:
    (row,) = await put(shared, message(1, chat=1))
    renewing, may_end = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def renew(connection: Connection) -> None:
        lanes.hold_on(connection, [row.seq])
        loop.call_soon_threadsafe(renewing.set)
        may_end.wait(10)

    held = asyncio.create_task(shared.write(renew))
    await asyncio.wait_for(renewing.wait(), 10)
    taking = asyncio.create_task(shared.write(lambda c: lanes.take(c, row.seq)))
    loop.call_later(0.1, may_end.set)
    assert await taking is True
    await held


async def test_an_update_with_which_workers_die_is_tried_alone_and_then_put_aside(
    postgres_url: str, shared: Database
) -> None:
    await put(shared, message(1, chat=1), message(2, chat=2))

    async def die() -> list[int]:
        rows = await shared.write(lambda connection: lanes.claim_heads(connection, 10))
        await run_out(shared)
        return [row.seq for row in rows]

    assert await die() == [1, 2]
    assert await die() == [1, 2]
    assert await die() == [1, 2]
    assert await die() == []  # both may be what they died of: from now on only alone
    await shared.write(
        lambda c: c.execute(update(INBOX).where(INBOX.c.seq == 1).values(deaths=lanes.DEATHS_TO_CONVICT))
    )
    shift = Shift()
    async with working(postgres_url, shift, 1) as (one,):
        async with asyncio.timeout(15):
            await one.settled()
    assert shift.done == [(2, 2)]
    assert shift.excused == [1]
    assert await shared.read(inbox.count_by_state) == {"quarantined": 1, "done": 1}


async def test_who_ends_in_order_leaves_no_claim_behind(shared: Database) -> None:
    await put(shared, message(1, chat=1))
    begun = asyncio.Event()

    async def convict(_row: Received) -> None:
        raise AssertionError("nobody died")

    heads = Heads(shared, lambda _row: begun.set(), convict)
    heads.start()
    await asyncio.wait_for(begun.wait(), 10)
    await heads.stop()
    await heads.let_go()
    assert [row.seq for row in await shared.write(lambda connection: lanes.claim_heads(connection, 10))] == [1]
    assert await shared.read(lambda c: c.execute(INBOX.select()).one().deaths) == 0


async def test_who_waited_for_the_database_waits_no_more_once_another_process_has_his_update(shared: Database) -> None:
    bot: ExtBot[None] = ExtBot("717171:" + "U" * 35)
    unsaved = Unsaved(bot, Renderer(), shared, "UTC", lambda: NOW, tell_after=60)
    shift = Shift()
    keeps_only = Intake(shared, lambda: NOW, shift.refuse, shift.refuse, unsaved=unsaved, works=False)
    outage = Outage(shared)
    outage.left = 1
    with pytest.raises(DatabaseAway):
        await keeps_only.accept([message(1, chat=1)])
    assert "unsaved" in {task.get_name() for task in asyncio.all_tasks()}
    await keeps_only.accept([message(1, chat=1)])
    async with asyncio.timeout(5):
        while "unsaved" in {task.get_name() for task in asyncio.all_tasks()}:
            await asyncio.sleep(0.02)
    assert await shared.read(inbox.count_by_state) == {"waiting": 1}
    await keeps_only.stop()


class Yard:
    """Jobs, and who did them."""

    def __init__(self) -> None:
        self.running: dict[int, str] = {}
        self.done: list[tuple[int, str]] = []

    def worker(self, name: str, database: Database) -> Worker:
        async def dig(job: Job) -> None:
            assert job.subject not in self.running, f"{name} and {self.running[job.subject]} are at the same job"
            self.running[job.subject] = name
            await asyncio.sleep(0.02)
            if await database.write(lambda connection: jobs.mark_done(connection, job.id)):
                self.done.append((job.subject, name))
            del self.running[job.subject]

        return Worker(database, lambda: NOW, {"dig": dig})


async def test_two_workers_share_the_jobs_and_none_is_done_by_both(postgres_url: str, shared: Database) -> None:
    yard, databases = Yard(), [Database(postgres_url) for _ in range(2)]
    crew = [yard.worker(f"worker {number}", database) for number, database in enumerate(databases)]
    await shared.write(lambda c: [jobs.queue(c, "dig", subject, NOW) for subject in range(24)])
    running = [asyncio.create_task(worker.run()) for worker in crew]
    async with asyncio.timeout(15):
        while len(yard.done) < 24:
            await asyncio.sleep(0.01)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for worker, database in zip(crew, databases, strict=True):
        await worker.stop()
        await database.close()
    assert sorted(subject for subject, _ in yard.done) == list(range(24))
    assert {name for _, name in yard.done} == {"worker 0", "worker 1"}


async def test_a_dead_workers_job_is_anothers_once_the_claim_has_run_out(shared: Database) -> None:
    await shared.write(lambda c: jobs.queue(c, "dig", 1, NOW))
    (job,) = await shared.write(lambda c: jobs.claim_due(c, NOW, 4))
    assert await shared.write(lambda c: jobs.claim_due(c, NOW, 4)) == []
    await shared.write(lambda c: c.execute(update(JOB).values(claimed_until=text("now() - interval '1 second'"))))
    assert await shared.write(lambda c: jobs.claim_due(c, NOW, 4)) == [job]
