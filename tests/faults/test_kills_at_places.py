"""The bot is killed around the COMMIT of a live location's places: Telegram brings them again, and each is one."""

import asyncio
import signal
from typing import Any

import aiohttp
import pytest
from faults.machine import machine
from faults.newcomers import a_rep, handed_a_telephone
from faults.telephone import heard
from sqlalchemy import select

from storage import location_shares, people
from storage.database import Connection, Database
from storage.location_fixes import FIX

pytestmark = pytest.mark.storm

HERE = {"latitude": 29.561, "longitude": 106.577, "horizontal_accuracy": 12}
PATIENCE = 30
A_SECOND = 1.05  # Telegram dates places to the second


def _keep(connection: Connection, telegram_id: int) -> bool:
    """Have the share kept, once the bot knows of it."""
    person = people.find_by_telegram(connection, telegram_id)
    assert person is not None
    kept = location_shares.SHARE.update().values(kept_until=location_shares.SHARE.c.until)
    return connection.execute(kept.where(location_shares.SHARE.c.person_id == person.id)).rowcount == 1


@pytest.mark.parametrize("where", ["before", "after"])
async def test_no_place_is_lost_or_doubled(database_url: str, database: Database, where: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        machine(database_url, session) as opened,
        heard(session, opened.url) as changes,
    ):
        phone = await handed_a_telephone(session, opened.url, changes, "Emma")

        async def does(deed: str, **body: Any) -> dict[str, Any]:
            async with session.post(f"{opened.url}/sim/people/{phone.id}/{deed}", json=body) as response:
                assert response.status == 200, await response.text()
                return dict(await response.json())

        async def until(number: int) -> None:
            async with asyncio.timeout(PATIENCE):
                while len(await places()) < number:
                    await asyncio.sleep(0.05)

        async def places() -> list[float]:
            found = select(FIX.c.latitude).order_by(FIX.c.at)
            return list(await database.read(lambda connection: connection.execute(found).scalars().all()))

        await opened.start_bot()
        await a_rep(database, phone)
        shared = await does("send", location={**HERE, "live_period": 3600})
        async with asyncio.timeout(PATIENCE):
            while not await database.write(lambda connection: _keep(connection, phone.id)):
                await asyncio.sleep(0.05)
        moved = [HERE["latitude"] + step * 1e-4 for step in range(1, 5)]
        opened.controls.arm(wanted=f"{where} Places._store 2")
        for number, latitude in enumerate(moved, 1):
            await does("move", message_id=shared["message_id"], **{**HERE, "latitude": latitude})
            if number == 2:
                assert await opened.bot_ended(within=PATIENCE) == -signal.SIGKILL, opened.log()
            await asyncio.sleep(A_SECOND)
        assert len(await places()) == (2 if where == "after" else 1)
        await opened.start_bot()
        await until(len(moved))
        assert await places() == pytest.approx(moved)
