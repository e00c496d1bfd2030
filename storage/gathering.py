"""PostgreSQL's writers: brief units that wait at the same moment share a transaction.

BEGIN, COMMIT and the way to a thread cost as much as three statements, and a step has four units. So a few threads
take what waits, one after the other in one transaction. When one of the units fails, a refusal for instance, nothing
of the transaction is kept and each is run again in a transaction of its own.

Such a transaction holds what several people's steps have locked: a customer, a team's day. Two of them may meet in the
opposite order, in one process or in two, and would stand until the server looks for circles, a second later. So none
of them waits for a row for longer than `PATIENCE`; alone, a unit waits as long as it takes.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from storage.answering import Entry, Outcome, Then, Unit, answer
from storage.away import as_ours
from storage.wire import begin

WRITERS = 4  # transactions at once; the other connections are for what is not brief
MOST = 8  # units in one: what they have locked, others wait for
PATIENCE = timedelta(milliseconds=200)  # more than a COMMIT takes on a busy disk, and a fifth of what a circle costs


class Gathering:
    """Takes units in the event loop and runs them in `threads`."""

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor, alone: Callable[[Unit], Any]) -> None:
        """`alone` runs one unit and commits it."""
        self._engine = engine
        self._threads = threads
        self._alone = alone
        self._waiting: deque[Entry] = deque()
        self._writing: set[asyncio.Task[None]] = set()
        self._apart: set[asyncio.Task[None]] = set()

    def submit(self, unit: Unit, then: Then | None = None, *, brief: bool = True) -> "asyncio.Future[Any]":
        """What the unit returns, once it is committed; `then` is called with it, whoever still waits.

        One that is not `brief` shares with nobody, and has a thread of its own.
        """
        loop = asyncio.get_running_loop()
        entry = Entry(unit, loop.create_future(), then, brief)
        if not brief:
            apart = loop.create_task(self._write_apart(entry), name="unit")
            self._apart.add(apart)
            apart.add_done_callback(self._apart.discard)
            return entry.future
        self._waiting.append(entry)
        if len(self._writing) < WRITERS:
            task = loop.create_task(self._write(), name="gathering")
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return entry.future

    async def close(self) -> None:
        """Finish what was handed in."""
        while at_work := self._writing | self._apart:
            await asyncio.wait(at_work)

    async def _write(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        while self._waiting:
            # a fair share, so that the other writers do not stand idle
            most = min(MOST, -(-len(self._waiting) // WRITERS))
            group = [entry for entry in (self._waiting.popleft() for _ in range(most)) if not entry.future.cancelled()]
            if group:
                answer(await loop.run_in_executor(self._threads, self._surely_answered, group))
        self._writing.discard(task)  # now: whoever was just answered may hand in the next

    async def _write_apart(self, entry: Entry) -> None:
        answer(await asyncio.get_running_loop().run_in_executor(self._threads, self._unless_gone, entry))

    def _unless_gone(self, entry: Entry) -> list[Outcome]:
        """It may have waited for a thread, and nobody for it any longer."""
        return [] if entry.future.cancelled() else [self._one(entry)]

    def _surely_answered(self, group: Sequence[Entry]) -> list[Outcome]:
        try:
            return self._together(group)
        except SQLAlchemyError as error:  # not even a connection was to be had
            away = as_ours(error)
            return [(entry, None, away) for entry in group]

    def _together(self, group: Sequence[Entry]) -> list[Outcome]:
        if len(group) == 1:
            return [self._one(group[0])]
        with self._engine.connect() as connection:
            try:
                begin(connection, lock_timeout=PATIENCE)
                results = [entry.unit(connection) for entry in group]
            except Exception:  # noqa: BLE001 - whose it was, is seen when each is run again
                _give_up(connection)
                return [self._one(entry) for entry in group]
            try:
                connection.commit()
            except SQLAlchemyError as error:  # it may have happened: whoever waits has to look
                connection.invalidate()
                away = as_ours(error)
                return [(entry, None, away) for entry in group]
        return [(entry, result, None) for entry, result in zip(group, results, strict=True)]

    def _one(self, entry: Entry) -> Outcome:
        try:
            return entry, self._alone(entry.unit), None
        except Exception as error:  # noqa: BLE001 - handed to the caller whose unit it was
            return entry, None, as_ours(error)


def _give_up(connection: Connection) -> None:
    try:
        connection.rollback()
    except SQLAlchemyError:
        connection.invalidate()
