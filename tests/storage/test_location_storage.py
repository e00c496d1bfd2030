"""Live locations in the store: found by indexes however many there are, and forgotten in time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.evidence import Fix
from bot.domain.geography import Point
from storage import location_fixes, location_shares, people, streams
from storage.database import Connection, Database
from storage.location_fixes import FIX, Moved
from storage.migrations.upgrade import upgrade
from storage.prepared import Prepared

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
# What the hot path asks, each with what must answer it
PREPARED: dict[str, tuple[Prepared, str]] = {
    "the share of a message": (location_shares._OF_MESSAGE, "INDEX sqlite_autoindex_location_share_1"),
    "what a rep shares now": (location_shares._NEWEST, "INDEX location_share_of_person"),
    "what is kept of a rep": (location_shares._KEPT_OF, "INDEX location_share_kept_of"),
    "where a rep was": (location_fixes._OF_PERSON, "PRIMARY KEY (share_id=? AND at>? AND at<?)"),
    "whether he agreed": (location_shares._CONSENT, "INDEX sqlite_autoindex_location_consent_1"),
    "the day that he began": (location_shares._DAY, "INDEX sqlite_autoindex_working_day_1"),
}


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    upgrade(url)
    opened = Database(url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("question", PREPARED)
async def test_an_index_answers_what_every_place_and_every_card_asks(sqlite_database: Database, question: str) -> None:
    statement, answer = PREPARED[question]

    def plan(connection: Connection) -> str:
        words = statement.text(connection)
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", (None,) * words.count("?"))
        return "; ".join(row[3] for row in found)

    assert answer in await sqlite_database.read(plan)


async def test_a_stream_is_looked_for_by_its_prints_alone(sqlite_database: Database) -> None:
    def plan(connection: Connection) -> str:
        words = streams.like([1, 2, 3]).compile(connection, compile_kwargs={"literal_binds": True})
        return "; ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}"))

    found = await sqlite_database.read(plan)
    assert "SEARCH stream_print USING PRIMARY KEY (value=?)" in found
    assert "SCAN" not in found


def _shared(connection: Connection, began_at: datetime, message_id: int = 1) -> Any:
    person = people.find_by_telegram(connection, 21)
    values = {"telegram_id": 21, "name": "Emma", "language": "en", "time_zone": "UTC", "roles": "rep"}
    person_id = person.id if person is not None else people.add(connection, **values, status="active")
    share = location_shares.begin(connection, person_id, 21, message_id, began_at, began_at + HOUR)
    return location_shares.change(connection, share.id, kept_until=began_at + HOUR)


def _moves(began_at: datetime, message_id: int = 1) -> list[Moved]:
    return [
        Moved(21, message_id, HOUR, Fix(Point(29.5 + n * 1e-5, 106.5), began_at + timedelta(minutes=n), 9.5, True))
        for n in range(1, 11)
    ]


async def test_places_are_forgotten_after_their_time_and_no_others(database: Database) -> None:
    def fill(connection: Connection) -> None:
        for number, days in enumerate((70, 61, 59, 0), 1):
            began_at = NOW - timedelta(days=days)
            _shared(connection, began_at, number)
            assert location_fixes.keep(connection, _moves(began_at, number)) == []

    await database.write(fill)
    forgotten = [
        await database.write(lambda c: location_fixes.forget_before(c, NOW - timedelta(days=60), 1)) for _ in range(3)
    ]
    assert forgotten == [1, 1, 0]
    left = await database.read(lambda c: c.execute(select(FIX.c.share_id).distinct()).scalars().all())
    assert sorted(left) == [3, 4]


async def test_a_place_comes_back_as_it_was_given(database: Database) -> None:
    def fill(connection: Connection) -> list[Fix]:
        share = _shared(connection, NOW)
        location_fixes.keep(connection, _moves(NOW))
        return location_fixes.list_of(connection, share.person_id, NOW, NOW + HOUR)

    assert await database.write(fill) == [moved.fix for moved in _moves(NOW)]


async def test_an_answer_holds_until_the_next_one(database: Database) -> None:
    def answers(connection: Connection) -> list[bool | None]:
        person_id = _shared(connection, NOW).person_id
        told = [location_shares.has_agreed(connection, person_id)]
        for seconds, given in ((0, False), (5, True), (5, False), (9, True)):
            location_shares.answer(connection, person_id, given=given, now=NOW + timedelta(seconds=seconds))
            told.append(location_shares.has_agreed(connection, person_id))
        return told

    assert await database.write(answers) == [None, False, True, False, True]
