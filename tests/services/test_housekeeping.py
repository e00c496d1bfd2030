"""What is of no use any more goes, some rows at a time; what somebody may still need stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.services.housekeeping import Housekeeping
from storage import inbox, jobs, outbox
from storage.database import Connection, Database
from storage.occurrences import claim

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Days:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
def keeper(database: Database, days: Days) -> Housekeeping:
    return Housekeeping(database, days)


async def fill(database: Database, at: datetime, number: int, *, first: int = 0) -> None:
    """Traffic of one moment, all of it done."""

    def unit(connection: Connection) -> None:
        rows: list[dict[str, Any]] = [
            {"update_id": first + n, "lane": 1, "raw": "{}", "received_at": at} for n in range(number)
        ]
        for row in inbox.keep(connection, rows):
            inbox.mark_done(connection, row.seq)
            about = {"message": "m", "context": {}, "person_id": None, "created_at": at}
            outbox.post(connection, key=f"in:{row.seq}", chat_id=1, **about)
            jobs.queue(connection, "photo", row.seq, at)
            claim(connection, "brief", row.seq, at)
        connection.execute(text("UPDATE outbox SET state = 'sent'"))
        connection.execute(text("UPDATE job SET state = 'done'"))

    await database.write(unit)


async def counts(database: Database) -> dict[str, int]:
    names = ("inbox", "outbox", "job", "occurrence")
    return await database.read(
        lambda c: {name: c.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}
    )


async def test_everything_goes_in_its_own_time_and_never_many_rows_at_once(database: Database, days: Days) -> None:
    keeper = Housekeeping(database, days, at_once=3)
    await fill(database, NOW, 10)
    await keeper.tidy()
    assert await counts(database) == {"inbox": 10, "outbox": 10, "job": 10, "occurrence": 10}
    days.now += timedelta(days=8)
    await keeper.tidy()
    assert await counts(database) == {"inbox": 7, "outbox": 10, "job": 7, "occurrence": 10}
    for _ in range(4):
        await keeper.tidy()
    assert await counts(database) == {"inbox": 0, "outbox": 10, "job": 0, "occurrence": 10}
    days.now += timedelta(days=23)
    for _ in range(5):
        await keeper.tidy()
    assert await counts(database) == {"inbox": 0, "outbox": 0, "job": 0, "occurrence": 10}
    days.now += timedelta(days=60)
    for _ in range(5):
        await keeper.tidy()
    assert await counts(database) == {"inbox": 0, "outbox": 0, "job": 0, "occurrence": 0}


async def test_a_walk_that_has_reached_the_young_rests_for_an_hour(
    database: Database, keeper: Housekeeping, days: Days
) -> None:
    await fill(database, NOW - timedelta(days=8), 2)
    await keeper.tidy()
    assert (await counts(database))["inbox"] == 0
    await fill(database, NOW - timedelta(days=8), 2, first=100)
    days.now += timedelta(minutes=59)
    await keeper.tidy()
    assert (await counts(database))["inbox"] == 2
    days.now += timedelta(minutes=1)
    await keeper.tidy()
    assert (await counts(database))["inbox"] == 0


async def test_what_waits_stays_however_old_it_is(database: Database, keeper: Housekeeping) -> None:
    old = NOW - timedelta(days=400)

    def unit(connection: Connection) -> None:
        inbox.keep(connection, [{"update_id": 1, "lane": 1, "raw": "{}", "received_at": old}])
        about = {"message": "m", "context": {}, "person_id": None, "created_at": old}
        outbox.post(connection, key="k", chat_id=1, **about)
        jobs.queue(connection, "photo", 1, old)

    await database.write(unit)
    await keeper.tidy()
    assert await counts(database) == {"inbox": 1, "outbox": 1, "job": 1, "occurrence": 0}
