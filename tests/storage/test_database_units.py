"""Units of work: committed before they return, alone in their failures, and never waiting for one who went away."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fresh_database import sqlite_in
from outages import Darkness, Outage
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from storage import occurrences
from storage.database import Connection, Database, DatabaseAway, now_at
from storage.grouping import SPELL
from storage.occurrences import OCCURRENCE
from storage.prepared import Prepared

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A file, which one process writes."""
    opened = Database(sqlite_in(tmp_path, "file.db"))
    yield opened
    await opened.close()


def note(subject: int) -> Callable[[Connection], bool]:
    """A unit that leaves a row."""
    return lambda connection: occurrences.claim(connection, "note", subject, AT)


def subjects(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT subject FROM occurrence ORDER BY subject")).scalars())


async def test_what_a_unit_returns_comes_back_and_what_it_wrote_is_kept(database: Database) -> None:
    assert await database.write(note(1)) is True
    assert await database.write(note(1)) is False
    assert await database.read(subjects) == [1]


async def test_a_unit_that_fails_leaves_nothing_and_takes_nobody_with_it(database: Database) -> None:
    def half(connection: Connection) -> None:
        note(2)(connection)
        raise KeyError("half way")

    release = threading.Event()
    first = asyncio.create_task(database.write(lambda connection: (release.wait(5), note(0)(connection))))
    rest = [asyncio.create_task(database.write(unit)) for unit in (note(1), half, note(3))]
    await asyncio.sleep(0)  # all are handed in, and wait for the first
    release.set()
    results = await asyncio.gather(first, *rest, return_exceptions=True)
    assert isinstance(results[2], KeyError)
    assert await database.read(subjects) == [0, 1, 3]


@pytest.mark.parametrize("brief", [True, False])
async def test_a_unit_that_runs_out_of_something_fails_alone(database: Database, brief: bool) -> None:
    def run_out(connection: Connection) -> bool:
        note(2)(connection)
        return next(iter(()))

    units = (note(1), run_out, note(3))
    async with asyncio.timeout(5):
        results = await asyncio.gather(
            *(database.write(unit, brief=brief) for unit in units),
            database.read(lambda _connection: next(iter(()))),
            return_exceptions=True,
        )
    assert [type(result) for result in results] == [bool, RuntimeError, bool, RuntimeError]
    assert await database.read(subjects) == [1, 3]


async def test_a_commit_that_fails_keeps_nothing_and_says_so_to_everybody(database: Database) -> None:
    outage = Outage(database)
    outage.left = 3
    results = await asyncio.gather(*(database.write(note(n)) for n in range(3)), return_exceptions=True)
    failed = [result for result in results if isinstance(result, DatabaseAway)]
    assert failed
    assert len(await database.read(subjects)) == 3 - len(failed)
    outage.left = 0
    for n in range(3):
        await database.write(note(n))
    assert await database.read(subjects) == [0, 1, 2]


async def test_a_database_that_is_away_is_told_and_used_again_when_it_is_back(database: Database) -> None:
    darkness = Darkness(database)
    darkness.lasts = True
    with pytest.raises(DatabaseAway):
        await database.write(note(1))
    with pytest.raises(DatabaseAway):
        await database.read(subjects)
    darkness.lasts = False
    await database.write(note(1))
    assert await database.read(subjects) == [1]


async def test_a_file_that_fails_while_rows_are_fetched_is_away(sqlite: Database) -> None:
    every = Prepared(select(OCCURRENCE.c.subject))
    await sqlite.write(lambda connection: [note(n)(connection) for n in range(1000)])

    def read(connection: Connection) -> Any:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: 1, 1000)  # the first row comes within so many steps, the last does not
        try:
            return every.all(connection)
        finally:
            driver.set_progress_handler(None, 0)

    for run in (sqlite.write, sqlite.read):
        with pytest.raises(DatabaseAway):
            await run(read)
    assert await sqlite.write(note(1000))


async def test_a_server_that_takes_nothing_is_away(postgres_url: str) -> None:
    """PostgreSQL is read only while its disk is nearly full, or another server takes over."""
    database = Database(postgres_url)
    name = make_url(postgres_url).database
    refuse = text(f'ALTER DATABASE "{name}" SET default_transaction_read_only TO on')
    await database.write(lambda connection: connection.execute(refuse).closed)
    await database.close()  # it applies to new connections
    database = Database(postgres_url)
    wrote = text("UPDATE occurrence SET subject = 1")
    units = (note(1), lambda connection: connection.execute(wrote).rowcount)
    for unit in units:
        for brief in (True, False):
            with pytest.raises(DatabaseAway):
                await database.write(unit, brief=brief)
    assert await database.read(subjects) == []
    await database.close()


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere", "SELEKT 1", "SELECT no_such_function(1)"])
async def test_a_wrong_statement_is_a_fault_and_no_absence(database: Database, statement: str) -> None:
    for run in (database.write, database.read):
        with pytest.raises(SQLAlchemyError):
            await run(lambda connection: connection.execute(text(statement)))


async def test_a_broken_rule_is_a_fault_and_no_absence(database: Database) -> None:
    twice = text("INSERT INTO occurrence (kind, subject, due_at) VALUES ('note', 1, '2026-11-23 09:00:00')")
    await database.write(lambda connection: connection.execute(twice).rowcount)
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.execute(twice).rowcount)


async def test_an_error_does_not_tell_what_was_to_be_stored(database: Database) -> None:
    insert = text("INSERT INTO occurrence (kind, subject, due_at) VALUES (:kind, NULL, NULL)")
    with pytest.raises(SQLAlchemyError) as told:
        await database.write(lambda connection: connection.execute(insert, {"kind": "+86 138 0000 0001"}))
    assert "hidden due to hide_parameters" in str(told.value)


async def test_who_gives_up_waiting_does_not_stop_the_others(database: Database) -> None:
    release = threading.Event()
    first = asyncio.create_task(database.write(lambda _connection: release.wait(5)))
    waiting = [asyncio.create_task(database.write(note(n))) for n in range(20)]
    await asyncio.sleep(0.01)  # the writer is busy with the first
    for task in waiting[::2]:
        task.cancel()
    await asyncio.sleep(0)
    release.set()
    await first
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.wait_for(database.write(note(99)), 5)
    kept = await database.read(subjects)
    assert {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 99} <= set(kept)


async def test_closing_finishes_what_was_handed_in(database_url: str) -> None:
    database = Database(database_url)
    writes = [asyncio.create_task(database.write(note(n))) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = Database(database_url)
    assert await again.read(subjects) == list(range(50))
    await again.close()


async def test_a_thousand_units_at_once_are_all_kept(database: Database) -> None:
    await asyncio.gather(*(database.write(note(n)) for n in range(1000)))
    assert await database.read(subjects) == list(range(1000))


async def test_reading_goes_on_beside_a_long_write(database: Database) -> None:
    release = threading.Event()

    def long(connection: Connection) -> None:
        note(1)(connection)
        release.wait(5)

    writing = asyncio.create_task(database.write(long))
    assert await asyncio.wait_for(database.read(subjects), 3) == []
    release.set()
    await writing
    assert await database.read(subjects) == [1]


async def test_a_brief_unit_is_run_in_the_loop_and_any_other_beside_it(sqlite: Database) -> None:
    where = [await sqlite.write(lambda _: threading.current_thread(), brief=brief) for brief in (True, False)]
    assert where[0] is threading.current_thread()
    assert where[1] is not threading.current_thread()


async def test_a_unit_that_is_brief_only_by_name_is_taken_back_and_run_beside_the_loop(sqlite: Database) -> None:
    count = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) SELECT max(i) FROM n"
    )
    where: list[bool] = []

    def long(connection: Connection) -> int:
        note(1)(connection)
        where.append(threading.current_thread() is threading.main_thread())
        found = connection.execute(count).scalar_one()
        note(2)(connection)
        return int(found)

    units = (note(0), long, note(3))
    results = await asyncio.gather(*(sqlite.write(unit, brief=True) for unit in units))
    assert results == [True, 500_000, True]
    assert where == [True, False]
    assert await sqlite.read(subjects) == [0, 1, 2, 3]


async def test_a_brief_unit_that_writes_much_takes_nobody_with_it_when_it_is_taken_back(sqlite: Database) -> None:
    many = text(
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
        " INSERT INTO occurrence (kind, subject, due_at) SELECT 'note', i, '2026-11-23 09:00:00' FROM n"
    )

    def much(connection: Connection) -> None:
        connection.execute(many)

    await asyncio.gather(*(sqlite.write(unit, brief=True) for unit in (note(0), much, note(1))))
    assert len(await sqlite.read(subjects)) == 59_903


async def test_brief_units_that_fail_leave_nothing_and_take_nobody_with_them(sqlite: Database) -> None:
    def half(connection: Connection) -> None:
        note(2)(connection)
        raise KeyError("half way")

    units = (note(1), half, note(3))
    results = await asyncio.gather(*(sqlite.write(unit, brief=True) for unit in units), return_exceptions=True)
    assert isinstance(results[1], KeyError)
    assert await sqlite.read(subjects) == [1, 3]


async def test_the_loop_goes_on_between_brief_units(sqlite: Database) -> None:
    turns = 0

    async def turning() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def slow(connection: Connection) -> int:
        until = time.perf_counter() + 2 * SPELL
        while time.perf_counter() < until:
            pass
        return turns

    turner = asyncio.create_task(turning())
    seen = await asyncio.gather(*(sqlite.write(slow, brief=True) for _ in range(5)))
    turner.cancel()
    assert sorted(set(seen)) == seen, "a turn of the loop between each and the next"


async def test_a_server_has_a_clock_and_a_file_has_none(database: Database) -> None:
    there = await database.read(now_at)

    assert (there is None) is database.is_sqlite
    assert there is None or there.tzinfo is not None


async def test_sqlite_waits_for_the_disk(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path / 'rounds.db'}")
    pragmas = await database.write(
        lambda c: [
            c.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    )
    assert pragmas == ["wal", 2, 1]
    await database.close()
