"""The loops end when they are told to, whatever rings in the same moment."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.services.worker import Worker
from bot.telegram.budget import Budget
from bot.telegram.sender import Sender
from storage.database import Database


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("moments", range(5))
async def test_a_loop_that_is_cancelled_while_its_bell_rings_ends(database: Database, moments: int) -> None:
    delivery: Any = None  # nothing is to be sent
    for loop in (Worker(database, now, {}), Sender(database, delivery, Budget(lambda: 0.0), now)):
        running = asyncio.create_task(loop.run())
        await asyncio.sleep(0.1)  # until it waits for its bell
        loop.ring()
        for _ in range(moments):
            await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=2)
        assert running in done
