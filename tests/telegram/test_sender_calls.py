"""The sender's calls, held up and let go one by one: none too many, none begun too late, none left lying."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from telegram.error import NetworkError

from bot.telegram.budget import Budget
from bot.telegram.sender import AT_ONCE, LONGEST_SLEEP, SURE_FOR, Sender
from storage import claiming, outbox
from storage.database import Connection, Database
from storage.outbox import OUTBOX, Outgoing

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LI, WANG = 7, 8


class Counter:
    """Where messages are handed over: it takes them, keeps the named ones until they are let go, or fails on them."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.taken: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.fails: list[str] = []

    def hold(self, *names: str) -> None:
        self.held.update({name: asyncio.Event() for name in names})

    def let_go(self, *names: str) -> None:
        for name in names or self.held:
            self.held[name].set()

    async def deliver(self, message: Outgoing, _now: datetime, _pace: Any) -> int:
        name = message.context["name"]
        self.begun.append(name)
        if name in self.held:
            await self.held[name].wait()
        if name in self.fails:
            self.fails.remove(name)
            raise NetworkError("Bad Gateway")
        self.taken.append(name)
        return message.edits or 77


class Office:
    """A sender at work, its counter and its clock."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.counter = Counter()
        self.now = NOW
        self.when_asked: Callable[[], object] = lambda: None  # the time: asked just before each look into the outbox
        self.sender = self.another()

    def another(self) -> Sender:
        """A sender of the same outbox, as another process has it."""
        budget = Budget(time.monotonic, per_second=10_000, chat_burst=10_000)
        delivery: Any = self.counter
        return Sender(self.database, delivery, budget, self.clock)

    def clock(self) -> datetime:
        self.when_asked()
        return self.now

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.sender.run())
        try:
            yield
        finally:
            self.counter.let_go()
            await self.sender.stop()
            await asyncio.wait_for(running, 5)

    async def post(self, name: str, chat_id: int = LI, **more: Any) -> None:
        await self.database.write(lambda c: outbox.post(c, **_values(name, chat_id), **more))
        self.sender.ring()

    async def post_at_once(self, *names: str, chat_id: int = LI) -> list[Outgoing]:
        """In the sender's hands, but not handed to him yet."""
        where = {"language": "en", "time_zone": "Asia/Shanghai"}

        def unit(connection: Connection) -> list[Outgoing | bool]:
            return [outbox.post_at_once(connection, **_values(name, chat_id), **where) for name in names]

        return [message for message in await self.database.write(unit) if isinstance(message, Outgoing)]

    async def states(self) -> dict[str, str]:
        rows = await self.database.read(lambda c: list(c.execute(select(OUTBOX.c.key, OUTBOX.c.state))))
        return {row.key: row.state for row in rows}

    async def begun(self, name: str) -> None:
        async with asyncio.timeout(10):
            while name not in self.counter.begun:
                await asyncio.sleep(0.005)

    async def becomes(self, name: str, state: str) -> None:
        async with asyncio.timeout(10):
            while (await self.states())[name] != state:
                await asyncio.sleep(0.005)


def _values(name: str, chat_id: int) -> dict[str, Any]:
    return {"key": name, "chat_id": chat_id, "message": "people/back", "context": {"name": name}, "created_at": NOW}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def in_hands(office: Office) -> None:
    if not office.database.is_sqlite:
        pytest.skip("where another process may have to take messages up, none are posted into our hands")


async def test_an_old_card_that_failed_for_a_moment_never_edits_back_a_newer_one(office: Office) -> None:
    office.counter.hold("old")
    office.counter.fails = ["old"]
    await office.database.write(lambda c: outbox.hold(c, LI, "card", 55))
    async with office.at_work():
        await office.post("old", slot="card")
        await office.begun("old")
        await office.post("new", slot="card")
        office.counter.let_go("old")
        await office.becomes("old", "waiting")
        await office.post("wang", WANG)
        await office.begun("wang")  # so the outbox was looked through, and the new card found that it has to wait
        assert "new" not in office.counter.begun
        office.now += timedelta(minutes=1)
        office.sender.ring()
        await office.becomes("new", "sent")
    assert [name for name in office.counter.taken if name != "wang"] == ["old", "new"]


async def test_no_second_call_to_a_chat_is_begun_between_a_commit_and_what_it_hands_over(office: Office) -> None:
    in_hands(office)
    async with office.at_work():
        await office.post("wang", WANG)
        await office.becomes("wang", "sent")  # he is at work
        first = await office.post_at_once("first", "second")
        await office.post("wang too", WANG)
        await office.begun("wang too")
        assert office.counter.begun == ["wang", "wang too"]
        office.counter.hold("first")
        office.sender.take(first, {LI})
        await office.begun("first")
        await office.post("wang once more", WANG)
        await office.begun("wang once more")
        assert "second" not in office.counter.begun
        office.counter.let_go()
        await office.becomes("second", "sent")


async def test_nothing_is_begun_once_the_sender_stops_and_the_next_start_says_it(office: Office) -> None:
    stopping: list[asyncio.Task[None]] = []

    def stop() -> None:
        if not stopping:
            stopping.append(asyncio.create_task(office.sender.stop()))

    await office.post("late")
    office.when_asked = stop  # so it is told to stop while it claims
    await asyncio.wait_for(office.sender.run(), 5)
    await asyncio.gather(*stopping)
    assert office.counter.begun == []
    assert await office.states() == {"late": "waiting"}
    office.sender = office.another()
    async with office.at_work():
        await office.becomes("late", "sent")
    assert office.counter.taken == ["late"]


async def test_a_full_sender_goes_on_as_soon_as_a_call_is_back(office: Office) -> None:
    in_hands(office)
    names = [str(number) for number in range(AT_ONCE)]
    office.counter.hold(*names)
    async with office.at_work():
        await office.post("before", WANG)
        await office.becomes("before", "sent")
        for chat_id, name in enumerate(names, 100):
            office.sender.take(await office.post_at_once(name, chat_id=chat_id))
        await office.begun(names[-1])
        await office.post("next", WANG)
        await asyncio.sleep(0.01)  # there is no room: it begins its longest sleep
        began = time.perf_counter()
        office.counter.let_go(names[0])
        await office.begun("next")
        assert time.perf_counter() - began < LONGEST_SLEEP / 2


async def test_what_a_leader_of_before_claimed_late_is_taken_up(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its claim is committed when the new leader has looked for such already: its thread cannot be called back."""
    before, office = Database(postgres_url), Office(Database(postgres_url))
    loop = asyncio.get_running_loop()
    claimed, resume = asyncio.Event(), threading.Event()

    def claim(connection: Connection) -> int:
        found = claiming.claim_due(connection, NOW, busy=(), limit=5, spare=lambda _due: True)
        loop.call_soon_threadsafe(claimed.set)
        resume.wait(10)
        return len(found)

    await office.post("late")
    late = asyncio.create_task(before.write(claim))
    await claimed.wait()
    async with office.at_work():
        await office.post("wang", WANG)
        await office.becomes("wang", "sent")
        resume.set()
        assert await late == 1
        assert (await office.states())["late"] == "sending"
        monkeypatch.setattr(loop, "time", lambda: time.monotonic() + SURE_FOR)
        office.sender.ring()
        await office.becomes("late", "sent")
    for database in (before, office.database):
        await database.close()
