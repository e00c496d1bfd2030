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
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from storage.answering import Outcome, answer
from storage.away import as_ours
from storage.wire import begin

WRITERS = 4  # transactions at once; the other connections are for what is not brief
MOST = 8  # units in one: what they have locked, others wait for
PATIENCE = timedelta(milliseconds=200)  # more than a COMMIT takes on a busy disk, and a fifth of what a circle costs


@dataclass(frozen=True)
class Entry:
    """A unit, and who waits for it."""

    unit: Callable[[Connection], Any]
    future: "asyncio.Future[Any]"


class Gathering:
    """Takes units in the event loop and runs them in `threads`."""

    def __init__(
        self, engine: Engine, threads: ThreadPoolExecutor, alone: Callable[[Callable[[Connection], Any]], Any]
    ) -> None:
        """`alone` runs one unit and commits it."""
        self._engine = engine
        self._threads = threads
        self._alone = alone
        self._waiting: deque[Entry] = deque()
        self._writing: set[asyncio.Task[None]] = set()

    def submit(self, unit: Callable[[Connection], Any]) -> "asyncio.Future[Any]":
        """What the unit returns, once it is committed."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(Entry(unit, future))
        if len(self._writing) < WRITERS:
            task = loop.create_task(self._write(), name="gathering")
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return future

    async def close(self) -> None:
        """Finish what was handed in."""
        if self._writing:
            await asyncio.wait(self._writing)

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

    def _surely_answered(self, group: Sequence[Entry]) -> list[Outcome]:
        try:
            return self._together(group)
        except SQLAlchemyError as error:  # not even a connection was to be had
            away = as_ours(error)
            return [(entry.future, None, away) for entry in group]

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
                return [(entry.future, None, away) for entry in group]
        return [(entry.future, result, None) for entry, result in zip(group, results, strict=True)]

    def _one(self, entry: Entry) -> Outcome:
        try:
            return entry.future, self._alone(entry.unit), None
        except Exception as error:  # noqa: BLE001 - handed to the caller whose unit it was
            return entry.future, None, as_ours(error)


def _give_up(connection: Connection) -> None:
    try:
        connection.rollback()
    except SQLAlchemyError:
        connection.invalidate()
