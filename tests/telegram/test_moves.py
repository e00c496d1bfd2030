"""A live location that moves on: recognised whatever its shape, stored once and before Telegram forgets it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from outages import Outage
from sqlalchemy import Connection, select, text
from telegram.ext import ExtBot

from bot.rendering import Renderer
from bot.telegram.intake import Intake
from bot.telegram.moves import LONGEST, moved_of
from bot.telegram.unsaved import Unsaved
from storage import location_shares, people
from storage.database import Database, DatabaseAway
from storage.inbox import Received
from storage.location_fixes import FIX

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHAT, MESSAGE = 21, 500
HOUR = timedelta(hours=1)


def moved(update_id: int, seconds: int, *, chat: int = CHAT, message: int = MESSAGE, **more: Any) -> dict[str, Any]:
    place = {"latitude": 29.561, "longitude": 106.577 + seconds * 1e-6, "horizontal_accuracy": 12, "live_period": 3600}
    sent = int(NOW.timestamp())
    edited = {"message_id": message, "date": sent, "edit_date": sent + seconds, "location": {**place, **more}}
    return {"update_id": update_id, "edited_message": {**edited, "chat": {"id": chat, "type": "private"}}}


@asynccontextmanager
async def way_in(database: Database, done: list[int], unsaved: Unsaved | None = None) -> AsyncIterator[Intake]:
    async def handle(row: Received, raw: dict[str, Any]) -> bool:
        done.append(raw["update_id"])
        return False

    async def give_up(row: Received) -> None:
        raise AssertionError("nothing fails here")

    intake = Intake(database, lambda: NOW + HOUR / 2, handle, give_up, unsaved=unsaved)
    yield intake
    await intake.settled()
    await intake.stop()


async def shared(database: Database, *, kept: bool = True, message: int = MESSAGE) -> int:
    def store(connection: Connection) -> int:
        person = people.find_by_telegram(connection, CHAT)
        person_id = person.id if person is not None else people.add(
            connection, telegram_id=CHAT, name="Emma", language="en", time_zone="UTC", roles="rep", status="active"
        )  # fmt: skip
        share = location_shares.begin(connection, person_id, CHAT, message, NOW, NOW + HOUR)
        if kept:
            location_shares.change(connection, share.id, kept_until=NOW + HOUR)
        return int(share.id)

    return await database.write(store)


async def places(database: Database) -> list[Any]:
    return await database.read(lambda connection: list(connection.execute(select(FIX).order_by(FIX.c.at))))


async def inbox_rows(database: Database) -> int:
    return await database.read(
        lambda connection: int(connection.execute(text("SELECT count(*) FROM inbox")).scalar_one())
    )


async def test_a_place_is_one_narrow_row_and_none_in_the_inbox(database: Database) -> None:
    share, done = await shared(database), []
    async with way_in(database, done) as intake:
        await intake.accept([moved(number, number * 10) for number in range(1, 51)])
    stored = await places(database)
    assert [row.at for row in stored] == [NOW + timedelta(seconds=number * 10) for number in range(1, 51)]
    assert (stored[0].share_id, stored[0].accuracy) == (share, 12)
    assert (await inbox_rows(database), done) == (0, [])


async def test_the_same_places_again_change_nothing(database: Database) -> None:
    await shared(database)
    batch = [moved(number, number * 10) for number in range(1, 6)]
    async with way_in(database, []) as intake:
        await intake.accept(batch)
        before = await places(database)
        await intake.accept(batch)
    assert await places(database) == before


async def test_of_a_share_that_is_not_kept_nothing_is_stored_at_all(database: Database) -> None:
    await shared(database, kept=False)
    done: list[int] = []
    async with way_in(database, done) as intake:
        await intake.accept([moved(1, 10), moved(2, 20)])
    assert (await places(database), await inbox_rows(database), done) == ([], 0, [])


async def test_what_comes_after_the_end_is_not_stored(database: Database) -> None:
    share = await shared(database)
    until = NOW + timedelta(seconds=15)
    await database.write(lambda connection: location_shares.change(connection, share, kept_until=until))
    async with way_in(database, []) as intake:
        await intake.accept([moved(1, 10), moved(2, 20)])
    assert len(await places(database)) == 1


async def test_what_says_more_than_a_place_goes_the_ordinary_way_in_its_order(database: Database) -> None:
    await shared(database)
    done: list[int] = []
    stop = moved(3, 30)
    del stop["edited_message"]["location"]["live_period"]
    async with way_in(database, done) as intake:
        await intake.accept([moved(1, 10), moved(2, 20, live_period=7200), stop, moved(4, 40, message=501)])
    assert len(await places(database)) == 1
    assert sorted(done) == [2, 3, 4], "a longer share, its end, and one that nobody knows yet"


async def test_a_batch_that_was_stored_in_part_is_brought_again_and_doubles_nothing(database: Database) -> None:
    """Cut off between the places' COMMIT and the words', Telegram was told nothing."""
    await shared(database)
    done: list[int] = []
    words = {"update_id": 2, "message": {"message_id": 9, "date": 1, "chat": {"id": CHAT, "type": "private"}}}
    async with way_in(database, done) as intake:
        full = "CREATE TRIGGER full BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'full'); END"
        if database.is_sqlite:
            await database.write(lambda connection: connection.execute(text(full)))
            with pytest.raises(Exception, match="full"):
                await intake.accept([moved(1, 10), words])
            assert len(await places(database)) == 1
            await database.write(lambda connection: connection.execute(text("DROP TRIGGER full")))
        await intake.accept([moved(1, 10), words])
    assert (len(await places(database)), done) == (1, [2])


async def test_who_wrote_beside_somebodys_place_hears_that_he_waits_for_the_database(database: Database) -> None:
    bot: ExtBot[None] = ExtBot("717171:" + "U" * 35)
    unsaved = Unsaved(bot, Renderer(), database, "UTC", lambda: NOW, tell_after=60)
    words = {"update_id": 2, "message": {"message_id": 9, "date": 1, "chat": {"id": 33, "type": "private"}}}
    async with way_in(database, [], unsaved) as intake:
        outage = Outage(database)
        outage.left = 1
        with pytest.raises(DatabaseAway):
            await intake.accept([moved(1, 10), words])
        assert "unsaved" in {task.get_name() for task in asyncio.all_tasks()}


async def test_crossing_the_fence_is_noted_with_the_place_that_shows_it(database: Database) -> None:
    share = await shared(database)
    fence = {"fence_latitude": 29.561, "fence_longitude": 106.577, "fence_radius": 200.0, "fence_allowed": 100.0}
    await database.write(lambda connection: location_shares.change(connection, share, **fence))

    async def left_at() -> datetime | None:
        found = await database.read(lambda connection: location_shares.find(connection, CHAT, MESSAGE))
        assert found is not None
        at: datetime | None = found.left_at
        return at

    async with way_in(database, []) as intake:
        await intake.accept([moved(1, 10), moved(2, 20, latitude=29.57), moved(3, 30, latitude=29.571)])
        assert await left_at() == NOW + timedelta(seconds=20)
        await intake.accept([moved(4, 40, latitude=29.57, horizontal_accuracy=1500)])
        assert await left_at() == NOW + timedelta(seconds=20), "one that cannot tell changes nothing"
        await intake.accept([moved(5, 50)])
        assert await left_at() is None


async def test_two_processes_take_in_the_same_shares_side_by_side(postgres_url: str) -> None:
    one, other = Database(postgres_url), Database(postgres_url)
    fence = {"fence_latitude": 29.561, "fence_longitude": 106.577, "fence_radius": 200.0, "fence_allowed": 100.0}
    for message in (500, 501, 502):
        share = await shared(one, message=message)
        await one.write(lambda connection, share=share: location_shares.change(connection, share, **fence))
    coming = [
        [moved(1, second, message=message, latitude=29.561 + second % 2 * 0.01) for message in (500, 501, 502)]
        for second in range(1, 41)
    ]
    async with way_in(one, []) as first, way_in(other, []) as second:
        await asyncio.gather(*(way.accept(batch) for batch in coming for way in (first, second)))
    assert len(await places(one)) == 3 * 40
    await one.close()
    await other.close()


@given(
    some.dictionaries(some.sampled_from(["message_id", "edit_date", "chat", "location"]), some.from_type(object)),
    some.one_of(some.none(), some.integers(), some.floats(), some.text(), some.lists(some.integers())),
)
@settings(max_examples=60, deadline=None)
def test_no_shape_stops_the_way_in(broken: dict[str, Any], odd: Any) -> None:
    for message in (broken, {**moved(1, 1)["edited_message"], **broken}):
        moved_of({"update_id": 1, "edited_message": message}, NOW)
    for name in ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading"):
        found = moved_of(moved(1, 1, **{name: odd}), NOW)
        assert found is None or found.period <= LONGEST
        json.dumps(str(found))
