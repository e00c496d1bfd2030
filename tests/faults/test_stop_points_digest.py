"""Every stop point of a manager's digest, from the tick that finds it due to its last part's arrival."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from faults.machine import machine
from faults.newcomers import a_digest_is_due, a_manager, handed_a_telephone
from faults.stop_walk import Walk
from faults.storm_judge import OUTBOX, Judge
from faults.telephone import Changes, Telephone, heard
from sqlalchemy import func, select

from bot.services import gaps
from storage.database import Database
from storage.tables import OccurrenceRow, table

pytestmark = [pytest.mark.storm, pytest.mark.long]

TICK = 0.2  # seconds
NAMES = {1: ["Wang", "Li"], 2: [f"{'Wang ' * 18}{number}" for number in range(25)]}  # reps of a digest of so many parts
PATIENCE = 30


class Evening:
    """A digest a round, each of another manager."""

    def __init__(self, walk: Walk, session: aiohttp.ClientSession, database: Database, changes: Changes) -> None:
        self.walk = walk
        self.session = session
        self.database = database
        self.changes = changes
        self.managers: list[Telephone] = []
        self._lives = 0
        self._marked: datetime | None = None

    async def go_through(self, parts: int) -> None:
        """One round: the bot dies at another stop point of it, and everything stands there, in order."""
        name = f"Manager {len(self.managers) + 1}"
        manager = await handed_a_telephone(self.session, self.walk.opened.url, self.changes, name)
        self.managers.append(manager)
        await a_manager(self.database, manager, NAMES[parts])
        await manager.says("/menu", "")
        await self.until_it_listens()
        before = len(await self._shown(manager))
        await self.walk.step("digest", self._tell(manager), of=manager.id * 1_000)  # a rep, who is told nothing
        shown = (await self._shown(manager))[before:]
        assert len(set(shown)) == parts
        assert "Digest" in shown[0]
        assert len(shown) - parts <= self.walk.judge.uncertain[manager.id], shown

    async def _tell(self, manager: Telephone) -> None:
        await a_digest_is_due(self.database, manager)
        async with asyncio.timeout(PATIENCE):
            while not await self.database.read(_has_gone_to(manager.id)):
                await asyncio.sleep(0.02)

    async def until_it_listens(self) -> None:
        """A life's first tick marks that it hears: that is the start's stop point, and none of a digest's."""
        if self.walk.opened.lives == self._lives:
            return
        async with asyncio.timeout(PATIENCE):
            while (marked := await self.database.read(gaps.heard_at)) in (None, self._marked):
                await asyncio.sleep(0.02)
        self._lives, self._marked = self.walk.opened.lives, marked

    async def _shown(self, manager: Telephone) -> list[str]:
        async with self.session.get(f"{self.walk.opened.url}/sim/ledger") as response:
            ledger: list[dict[str, Any]] = await response.json()
        return [row["text"] for row in ledger if row["what"] == "shown" and row.get("person_id") == manager.id]


def _has_gone_to(telegram_id: int) -> Any:
    sent = select(OUTBOX.c.id).where(OUTBOX.c.chat_id == telegram_id, OUTBOX.c.message == "digest/digest")
    return lambda c: c.execute(sent.where(OUTBOX.c.state == "sent")).first() is not None


@pytest.mark.parametrize("parts", NAMES)
async def test_a_bot_that_dies_at_any_point_of_a_digest_tells_all_of_it_and_decides_it_once(
    database_url: str, database: Database, parts: int
) -> None:
    async with aiohttp.ClientSession() as session, machine(database_url, session) as opened:
        judge = Judge(database, session, opened.url)
        async with heard(session, opened.url) as changes, Walk(opened, judge, tick_every=TICK) as walk:
            evening = Evening(walk, session, database, changes)
            while not walk.is_over:
                await evening.go_through(parts)
            await evening.until_it_listens()
        deaths, posted = opened.deaths(), await database.read(_posted)
        claimed = select(func.count()).where(table(OccurrenceRow).c.kind == "digest")
        assert await database.read(lambda c: c.execute(claimed).scalar_one()) == len(evening.managers)
        assert posted == {manager.id: 1 for manager in evening.managers}
        assert await judge.stuck() == []
    print(f"{deaths.total()} deaths: {dict(deaths)}; never reached again: {sorted(set(walk.missed))}")
    assert deaths.total() >= 6 + 2 * (parts - 1)  # decided, claimed, each part but the last noted, sent


def _posted(connection: Any) -> Counter[int]:
    digests = select(OUTBOX.c.chat_id).where(OUTBOX.c.message == "digest/digest", OUTBOX.c.state == "sent")
    return Counter(connection.execute(digests).scalars())
