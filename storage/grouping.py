"""SQLite's one writer: all units that wait are run in one transaction, each in its savepoint, and committed together.

A unit of a conversation is half a millisecond of Python around twenty statements, and sqlite3 lets go of the
interpreter's lock at each of them: run in a thread beside a busy event loop, it has to win the lock back twenty
times. Such *brief* units are run in the loop (550 steps a second instead of 376, measured side by side). What waits
for the disk or for another process stays in a thread: BEGIN, COMMIT, and every unit that is not brief, or turns out
not to be.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from sqlite3 import Error as SqliteError
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import RootTransaction
from sqlalchemy.exc import SQLAlchemyError

from storage.answering import Entry, Outcome, Then, Unit, answer
from storage.away import DatabaseAway, as_ours

GROUP = 128  # units that one commit may carry: enough to hide the fsync, short enough to answer soon
SPELL = 0.004  # seconds that units hold the loop before it may do something else
BRIEF = 0.02  # seconds after which a brief unit is taken back and run in the thread
LOOKED_AT = 1000  # steps of SQLite's machine between looks at the time: some 20 µs


class _TooLong(Exception):  # noqa: N818 - the cue to go to the thread
    """A unit that was said to be brief is not."""


class GroupingWriter:
    """Takes units in the event loop; one task runs as long as any wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[Entry] = deque()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._watch = _Watch()

    def submit(self, unit: Unit, then: Then | None = None, *, brief: bool) -> "asyncio.Future[Any]":
        """What the unit returns, once it is committed; `then` is called with it, whoever still waits."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(Entry(unit, future, then, brief))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run(), name="writer")
        return future

    async def close(self) -> None:
        """Finish what was handed in; cancelled, it leaves that to the thread."""
        try:
            if self._task is not None:
                await asyncio.wait({self._task})
        finally:
            self._thread.shutdown(wait=self._task is None or self._task.done())

    async def _run(self) -> None:
        while self._waiting:
            group = self._next_group()
            if not group:
                continue
            if all(entry.brief for entry in group):
                await self._run_here(group)
            else:
                answer(await self._off_the_loop(self._together, group))

    def _next_group(self) -> list[Entry]:
        """What waits now, without whoever gave up waiting."""
        group: list[Entry] = []
        while self._waiting and len(group) < GROUP:
            entry = self._waiting.popleft()
            if not entry.future.cancelled():
                group.append(entry)
        return group

    async def _run_here(self, group: list[Entry]) -> None:
        """Brief units, those that come meanwhile among them; when one takes too long, all are run again elsewhere."""
        try:
            connection, transaction = await self._off_the_loop(self._begin)
        except (SQLAlchemyError, SqliteError) as error:
            answer(_all_away(group, error))
            return
        try:
            done = await self._in_spells(connection, group)
            await self._off_the_loop(_commit, connection, transaction)
        except _TooLong:
            await self._off_the_loop(_give_back, connection, transaction)
            done = await self._off_the_loop(self._together, group)
        except (SQLAlchemyError, SqliteError) as error:  # a full disk ends the transaction, and no savepoint is left
            await self._off_the_loop(_give_back, connection, transaction)
            done = _all_away(group, error)
        answer(done)

    async def _in_spells(self, connection: Connection, group: list[Entry]) -> list[Outcome]:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(self._watch.is_over, LOOKED_AT)
        done: list[Outcome] = []
        ends_at = time.perf_counter() + SPELL
        try:
            for entry in group:
                done.append((entry, *self._watch.timed(connection, entry.unit)))
                if time.perf_counter() > ends_at:
                    await asyncio.sleep(0)
                    ends_at = time.perf_counter() + SPELL
        finally:
            driver.set_progress_handler(None, 0)
        return done

    def _together(self, group: Sequence[Entry]) -> list[Outcome]:
        try:
            connection, transaction = self._begin()
        except (SQLAlchemyError, SqliteError) as error:
            return _all_away(group, error)
        try:
            done = [(entry, *in_savepoint(connection, entry.unit)) for entry in group]
            _commit(connection, transaction)
        except (SQLAlchemyError, SqliteError) as error:
            _give_back(connection, transaction)
            return _all_away(group, error)
        return done

    def _begin(self) -> tuple[Connection, RootTransaction]:
        connection = self._engine.connect()
        try:
            return connection, connection.begin()
        except BaseException:
            connection.close()
            raise

    async def _off_the_loop(self, call: Callable[..., Any], *words: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *words)


class _Watch:
    """Ends a statement of a unit that has had its time; SQLite may undo the whole transaction with it."""

    def __init__(self) -> None:
        self._until = 0.0
        self._ended_one = False

    def is_over(self) -> bool:
        """Asked by SQLite now and then."""
        self._ended_one = time.perf_counter() > self._until
        return self._ended_one

    def timed(self, connection: Connection, unit: Unit) -> tuple[Any, Exception | None]:
        """Like `in_savepoint`; raises _TooLong."""
        self._until, self._ended_one = time.perf_counter() + BRIEF, False
        try:
            outcome = in_savepoint(connection, unit)
        except (SQLAlchemyError, SqliteError):
            if self._ended_one:
                raise _TooLong from None
            raise
        if self._ended_one:
            raise _TooLong
        return outcome


def in_savepoint(connection: Connection, unit: Unit) -> tuple[Any, Exception | None]:
    """What the unit returns, or what it raised, with nothing of it kept then."""
    driver: Any = connection.connection.driver_connection
    run = driver.execute  # SQLAlchemy's own savepoints cost 150 µs
    run("SAVEPOINT unit")
    try:
        result = unit(connection)
        run("RELEASE unit")
    except Exception as error:  # noqa: BLE001 - handed to the caller whose unit it was; the group goes on
        run("ROLLBACK TO unit")
        run("RELEASE unit")
        return None, as_ours(error)
    return result, None


def _commit(connection: Connection, transaction: RootTransaction) -> None:
    """A connection whose COMMIT failed is thrown away, or its next user would find it open."""
    try:
        transaction.commit()
    except SQLAlchemyError:
        connection.invalidate()
        raise
    connection.close()


def _give_back(connection: Connection, transaction: RootTransaction) -> None:
    """Whatever was begun is undone; of a connection that cannot even do that nothing is kept."""
    try:
        if not connection.invalidated:
            transaction.rollback()
    except SQLAlchemyError:
        connection.invalidate()
    finally:
        connection.close()


def _all_away(group: Sequence[Entry], error: Exception) -> list[Outcome]:
    return [(entry, None, DatabaseAway(type(error).__name__)) for entry in group]
