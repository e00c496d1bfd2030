"""The update that ends the process is found and put aside; one that was only near it is not."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fresh_database import sqlite_in

from bot.telegram.suspects import Found, Suspects
from storage import inbox
from storage.database import Database
from storage.inbox import Received

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LANES = 12


class Lives:
    """A process that begins, works and ends, one way or the other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.convicted: list[int] = []

    async def keep(self, number: int) -> list[int]:
        """So many updates, each in a lane of its own."""
        rows: list[dict[str, Any]] = [
            {"update_id": n, "lane": n % LANES, "raw": "{}", "received_at": NOW} for n in range(number)
        ]
        return [row.seq for row in await self.database.write(lambda c: inbox.keep(c, rows))]

    async def begin(self) -> tuple[Suspects, Found, list[Received]]:
        waiting = await self.database.read(inbox.list_waiting)
        suspects = Suspects(self.database, lambda: NOW)
        found = await suspects.find(waiting)
        for row in found.convicted:
            self.convicted.append(row.seq)
            await self.database.write(lambda c, row=row: inbox.note_failure(c, row.seq, "Died", quarantine=True))  # type: ignore[misc]
        return suspects, found, await self.database.read(inbox.list_waiting)

    async def finish(self, seq: int) -> None:
        await self.database.write(lambda c: inbox.mark_done(c, seq))

    async def live(self, poison: int) -> bool:
        """Work off everything, one after the other; False when the poison ended it."""
        suspects, found, waiting = await self.begin()
        for row in found.suspects:
            await suspects.try_alone(row)
            if row.seq == poison:
                return False
            await self.finish(row.seq)
            await suspects.clear()
        tried = {row.seq for row in found.suspects}
        for row in waiting:
            if row.seq == poison:
                return False
            if row.seq not in tried:
                await self.finish(row.seq)
        await suspects.end()
        return True


@pytest.fixture
async def lives(tmp_path: Path) -> AsyncIterator[Lives]:
    """On SQLite: where several processes share the inbox, their claims tell who had what in hand."""
    url = sqlite_in(tmp_path)
    database = Database(url)
    yield Lives(database)
    await database.close()


async def test_an_update_that_ends_the_process_each_time_is_convicted_and_the_others_go_on(lives: Lives) -> None:
    seqs = await lives.keep(30)
    poison = seqs[4]
    deaths = 0
    while not await lives.live(poison):
        deaths += 1
        assert deaths < 10
    assert lives.convicted == [poison]
    assert deaths == 8, "two to be suspected, and six alone"
    states = await lives.database.read(inbox.count_by_state)
    assert states == {"quarantined": 1, "done": 29}


async def test_an_orderly_end_is_no_death(lives: Lives) -> None:
    await lives.keep(5)
    for _ in range(10):
        suspects, found, _waiting = await lives.begin()
        assert (found.suspects, found.convicted) == ([], [])
        await suspects.end()


async def test_one_death_makes_nobody_a_suspect(lives: Lives) -> None:
    await lives.keep(5)
    await lives.begin()
    _suspects, found, _waiting = await lives.begin()
    assert found.suspects == []


async def test_what_was_behind_the_first_of_its_lane_was_not_in_hand(lives: Lives) -> None:
    seqs = await lives.keep(2 * LANES)
    for _ in range(3):
        _suspects, found, _waiting = await lives.begin()
    assert [row.seq for row in found.suspects] == seqs[:LANES]


@pytest.mark.parametrize("seed", range(5))
async def test_a_hundred_quick_restarts_convict_nobody(lives: Lives, seed: int) -> None:
    """Each life is killed at some moment: most while it still starts, some in the middle of its work."""
    dice = random.Random(seed)
    await lives.keep(60)
    for _ in range(100):
        suspects, found, waiting = await lives.begin()
        moments = 0 if dice.random() < 0.9 else dice.randrange(1, 12)
        for row in (*found.suspects, *waiting)[: moments // 2]:
            if row in found.suspects:
                await suspects.try_alone(row)
            await lives.finish(row.seq)
        if moments % 2 and found.suspects[moments // 2 :]:
            await suspects.try_alone(found.suspects[moments // 2])  # and killed in just that moment
    assert lives.convicted == []


async def test_who_is_killed_with_it_alone_twice_is_still_tried_a_third_time(lives: Lives) -> None:
    (seq,) = await lives.keep(1)
    for _ in range(2):
        await lives.begin()
    for _ in range(2):
        suspects, found, _waiting = await lives.begin()
        await suspects.try_alone(found.suspects[0])
    assert await lives.live(poison=-1)
    assert lives.convicted == []
    assert await lives.database.read(inbox.count_by_state) == {"done": 1}
    assert seq
