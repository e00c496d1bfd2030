"""Who is cancelled at the moment of a COMMIT: what he posted and queued is handed over all the same."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.conversation import Origin, Refusal
from bot.services.desk import Bells, Desk
from bot.services.turn import Turn
from storage import inbox, jobs, people
from storage.database import Connection, Database
from storage.jobs import Job

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHAT = 4711


class Counter:
    """A desk, and what its bells have handed over."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.handed_over: list[int] = []
        self.queued = 0
        bells = Bells(posted=self._posted, queued=self._queued, at_once=lambda: database.is_sqlite)
        self.desk = Desk(database, lambda: NOW, bells, "Asia/Shanghai", again=lambda turn: self.refused())
        self.loop = asyncio.get_running_loop()
        self.refused: Callable[[], None] = lambda: None

    def _posted(self, messages: Any, chats: Any) -> None:
        self.handed_over += [message.chat_id for message in messages] + list(chats)

    def _queued(self) -> None:
        self.queued += 1

    def cancel_at_commit(self, task: "asyncio.Task[Any]") -> None:
        def on_commit(_connection: Connection) -> None:
            self.loop.call_soon_threadsafe(task.cancel)  # comes into the loop before the word that it is committed

        event.listen(self.database.engine, "commit", on_commit, once=True)


def tell(turn: Turn) -> None:
    """A use case."""
    turn.say_in(CHAT, "conversation/nothing_open")
    turn.work("photo", 1)


async def acts(desk: Desk, _origin: Origin, _job: Job) -> None:
    await desk.act("tick:1", tell)


async def decides(desk: Desk, _origin: Origin, _job: Job) -> None:
    await desk.decide("tick:1", tell)


async def finishes(desk: Desk, _origin: Origin, job: Job) -> None:
    await desk.finish(job, tell)


async def takes(desk: Desk, origin: Origin, _job: Job) -> None:
    await desk.take(origin, tell)


Way = Callable[[Desk, Origin, Job], Coroutine[Any, Any, None]]


def begin(connection: Connection) -> tuple[Origin, Job]:
    """A person's update, and a job."""
    values = {"telegram_id": CHAT, "name": "Emma", "language": "en", "time_zone": "Asia/Shanghai"}
    people.add(connection, **values, roles="rep", status="active")
    update = {"update_id": 1, "lane": CHAT, "raw": "{}", "received_at": NOW}
    (row,) = inbox.keep(connection, [update])
    jobs.queue(connection, "photo", 7, NOW)
    if connection.dialect.name == "sqlite":
        (job,) = jobs.list_due(connection, NOW, 1)
    else:
        (job,) = jobs.claim_due(connection, NOW, 1)
    return Origin(row.seq, CHAT, CHAT, NOW, NOW, "Emma", "en"), job


@pytest.mark.parametrize("way", [acts, decides, finishes, takes])
async def test_who_is_cancelled_at_the_commit_leaves_nothing_in_nobodys_hands(database: Database, way: Way) -> None:
    counter = Counter(database)
    origin, job = await database.write(begin)
    acting = asyncio.create_task(way(counter.desk, origin, job))
    counter.cancel_at_commit(acting)
    with pytest.raises(asyncio.CancelledError):
        await acting
    async with asyncio.timeout(5):
        while not counter.queued:
            await asyncio.sleep(0)
    assert counter.handed_over == [CHAT]


async def test_a_refusal_is_handed_over_though_its_reader_is_cancelled(database: Database) -> None:
    def refuse(turn: Turn) -> None:
        raise Refusal("conversation/nothing_open")

    counter = Counter(database)
    origin, _ = await database.write(begin)
    acting = asyncio.create_task(counter.desk.take(origin, refuse))
    counter.refused = lambda: counter.cancel_at_commit(acting)  # what was refused may have had a COMMIT of its own
    with pytest.raises(asyncio.CancelledError):
        await acting
    async with asyncio.timeout(5):
        while not counter.handed_over:
            await asyncio.sleep(0)
    assert counter.handed_over == [CHAT]


async def test_a_bell_that_fails_takes_nobody_with_it(database: Database) -> None:
    seen: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, what: seen.append(str(what["exception"])))

    def fail(_result: object) -> None:
        raise ValueError("a bell broke")

    units: list[Any] = [database.write(lambda c: 1, brief=True, then=fail), database.write(lambda c: 2, brief=True)]
    assert await asyncio.gather(*units) == [1, 2]
    assert seen == ["a bell broke"]
