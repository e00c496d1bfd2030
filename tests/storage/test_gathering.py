"""On PostgreSQL brief units that wait together share a transaction, and one that fails takes nobody with it."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from outages import Outage
from sqlalchemy import text

from bot.domain.conversation import Refusal
from storage.database import Connection, Database, DatabaseAway
from storage.gathering import WRITERS, Gathering


@pytest.fixture
async def server(postgres_url: str) -> AsyncIterator[Database]:
    opened = Database(postgres_url)
    await opened.write(lambda c: c.execute(text("CREATE TABLE told (what integer PRIMARY KEY)")))
    yield opened
    await opened.close()


def tell(what: int) -> Any:
    """A unit that keeps a number, and says in which transaction."""

    def unit(connection: Connection) -> int:
        connection.execute(text("INSERT INTO told (what) VALUES (:what)"), {"what": what})
        return int(connection.execute(text("SELECT txid_current()")).scalar_one())

    return unit


async def told(server: Database) -> list[int]:
    rows = await server.read(lambda c: list(c.execute(text("SELECT what FROM told ORDER BY what")).scalars()))
    return [int(row) for row in rows]


async def test_units_that_wait_together_share_a_transaction(server: Database) -> None:
    within = await asyncio.gather(*(server.write(tell(n), brief=True) for n in range(32)))
    assert await told(server) == list(range(32))
    assert len(set(within)) < 32
    alone = await asyncio.gather(*(server.write(tell(100 + n)) for n in range(8)))
    assert len(set(alone)) == 8


async def test_a_unit_that_fails_takes_nobody_with_it(server: Database) -> None:
    def refuse(connection: Connection) -> None:
        tell(7)(connection)
        raise Refusal("visit/not_now")

    units = [tell(1), tell(2), refuse, tell(3), tell(1), tell(4)]
    done = await asyncio.gather(*(server.write(unit, brief=True) for unit in units), return_exceptions=True)
    assert await told(server) == [1, 2, 3, 4]
    assert isinstance(done[2], Refusal)
    assert sum(isinstance(outcome, Exception) for outcome in done) == 2  # the refusal, and the second 1


async def test_two_processes_that_lock_the_same_rows_in_opposite_order_do_not_stand_in_a_circle(
    postgres_url: str, server: Database
) -> None:
    """Two teams' days, say: each process has gathered a visit of either team, in another order."""

    def forget_circles(connection: Connection) -> None:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE \"{name}\" SET deadlock_timeout = '1h'"))
        connection.execute(text("CREATE TABLE day AS SELECT team, 0 AS visits FROM generate_series(1, 2) AS team"))

    await server.write(forget_circles)
    processes = [Database(postgres_url), Database(postgres_url)]  # whose connections know of it
    both_hold_one = Barrier(len(processes))

    def visit_of(team: int, meet: bool) -> Any:
        def unit(connection: Connection) -> int:
            nonlocal meet
            connection.execute(text("UPDATE day SET visits = visits + 1 WHERE team = :team"), {"team": team})
            if meet:
                meet = False
                both_hold_one.wait(5)
            return int(connection.execute(text("SELECT txid_current()")).scalar_one())

        return unit

    def nothing(connection: Connection) -> None:
        """Others wait too, or the two would not be gathered."""

    waiting = []
    for process, (first, then) in zip(processes, ((1, 2), (2, 1)), strict=True):
        units = [visit_of(first, meet=True), visit_of(then, meet=False), *[nothing] * 6]
        waiting += [process.write(unit, brief=True) for unit in units]
    async with asyncio.timeout(10):
        await asyncio.gather(*waiting)
    counted = await server.read(lambda c: list(c.execute(text("SELECT visits FROM day")).scalars()))
    assert counted == [2, 2]
    for process in processes:
        await process.close()


async def test_when_the_commit_fails_everybody_hears_that_it_may_be_tried_again(server: Database) -> None:
    outage = Outage(server)
    outage.left = 32
    done = await asyncio.gather(*(server.write(tell(n), brief=True) for n in range(16)), return_exceptions=True)
    assert all(isinstance(outcome, DatabaseAway) for outcome in done)
    assert outage.struck < 16
    outage.left = 0
    assert await told(server) == []
    await asyncio.gather(*(server.write(tell(n), brief=True) for n in range(16)))
    assert await told(server) == list(range(16))


async def test_what_is_handed_in_is_finished_before_the_end(postgres_url: str, server: Database) -> None:
    other = Database(postgres_url)
    waiting = [asyncio.ensure_future(other.write(tell(n), brief=True)) for n in range(20)]
    await asyncio.sleep(0)
    await other.close()
    assert len(await asyncio.gather(*waiting)) == 20
    assert await told(server) == list(range(20))


async def test_who_hands_in_the_next_unit_as_all_writers_end_is_not_forgotten(server: Database) -> None:
    def alone(unit: Any) -> Any:
        with server.engine.begin() as connection:
            return unit(connection)

    threads, gate, after = ThreadPoolExecutor(WRITERS), Barrier(WRITERS + 1), Barrier(WRITERS + 1)
    gathering = Gathering(server.engine, threads, alone)

    answered: list[int] = []

    async def person(number: int) -> None:
        await gathering.submit(lambda _connection: gate.wait(5))
        answered.append(number)
        if len(answered) == 1:  # whoever is answered first; the others would wake a writer for him
            await gathering.submit(tell(number))

    people = [asyncio.create_task(person(number)) for number in range(WRITERS)]
    while gate.n_waiting < WRITERS:
        await asyncio.sleep(0)
    gate.wait(5)
    for _ in range(WRITERS):
        threads.submit(after.wait, 5)
    after.wait(5)  # every thread is past its unit, and the loop hears of all of them at once
    async with asyncio.timeout(5):
        await asyncio.gather(*people)
    assert await told(server) == answered[:1]
    await gathering.close()
    threads.shutdown()
