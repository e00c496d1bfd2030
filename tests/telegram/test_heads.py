"""A worker that finds its lanes in the database goes on whatever happens while it looks."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.telegram.heads import LOOK_EVERY, Heads
from storage import inbox
from storage.database import Connection, Database
from storage.inbox import Received
from storage.lanes import DEATHS_TO_CONVICT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def keep(database: Database, *numbers: int, deaths: int = 0) -> list[int]:
    """Updates of a lane each, with which so many workers have died."""
    rows = [{"update_id": n, "lane": n, "raw": "{}", "received_at": NOW} for n in numbers]

    def unit(connection: Connection) -> list[int]:
        seqs = [row.seq for row in inbox.keep(connection, rows)]
        connection.execute(
            text("UPDATE inbox SET deaths = :deaths WHERE seq = ANY(:seqs)"), {"deaths": deaths, "seqs": seqs}
        )
        return seqs

    return await database.write(unit)


async def test_a_worker_goes_on_after_a_suspect_that_it_saw_as_its_last_update_ended(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, loop = Database(postgres_url), asyncio.get_running_loop()
    looked = asyncio.Event()
    begun: asyncio.Queue[int] = asyncio.Queue()
    convicted: asyncio.Queue[int] = asyncio.Queue()

    async def convict(row: Received) -> None:
        await database.write(lambda c: inbox.note_failure(c, row.seq, "Died", quarantine=True))
        convicted.put_nowait(row.seq)

    heads = Heads(database, lambda row: begun.put_nowait(row.seq), convict)
    (first,) = await keep(database, 1)
    heads.start()
    assert await asyncio.wait_for(begun.get(), 5) == first
    (deadly,) = await keep(database, 2, deaths=DEATHS_TO_CONVICT)
    await database.write(lambda c: inbox.mark_done(c, first))

    def ends(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "deaths >=" in statement and not looked.is_set():  # what there is to be seen is on its way to us
            loop.call_soon_threadsafe(heads.left, first)
            loop.call_soon_threadsafe(looked.set)

    def leap(seconds: float) -> None:
        monkeypatch.setattr(loop, "time", lambda: time.monotonic() + seconds)
        heads.ring()

    event.listen(database.reading_engine, "before_cursor_execute", ends)
    leap(LOOK_EVERY)
    await asyncio.wait_for(looked.wait(), 5)
    leap(2 * LOOK_EVERY)
    assert await asyncio.wait_for(convicted.get(), 5) == deadly
    (third,) = await keep(database, 3)
    heads.ring()
    assert await asyncio.wait_for(begun.get(), 5) == third
    await heads.stop()
    await database.close()
