"""A process' port for its operator, opened in a test and asked over HTTP, and rows that wait."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from bot.services.readiness import Pace, Readiness
from bot.telemetry.meters import Meters
from bot.web.exposition import Exposition
from bot.web.server import opened
from bot.web.status import routes
from storage.database import Database
from storage.tables import table

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT_ONCE = (Pace(within=3.0, fresh=0.0), Pace(within=3.0, fresh=0.0))


class Port:
    """A process' port, as an operator's tools see it."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self.session = session

    async def get(self, page: str) -> tuple[int, str]:
        async with self.session.get(f"{self.base}{page}") as response:
            return response.status, await response.text()

    async def ready(self) -> tuple[int, dict[str, Any]]:
        async with self.session.get(f"{self.base}/readyz") as response:
            return response.status, await response.json()

    async def troubles(self) -> dict[str, str]:
        status_code, body = await self.ready()
        assert (status_code == 200) == body["ready"] == (not body["troubles"])
        assert all(trouble["to_do"] for trouble in body["troubles"])
        return {trouble["what"]: trouble["problem"] for trouble in body["troubles"]}

    async def samples(self) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
        status_code, page = await self.get("/metrics")
        assert status_code == 200
        found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
        for family in text_string_to_metric_families(page):
            for sample in family.samples:
                found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
        return found


@asynccontextmanager
async def port(
    database: Database,
    check_store: Callable[[], Awaitable[None]],
    *,
    meters: Meters | None = None,
    at_work: Callable[[], bool] = lambda: True,
    paces: tuple[Pace, Pace] = AT_ONCE,
) -> AsyncIterator[Port]:
    readiness = Readiness(database, check_store, lambda: NOW, at_work, paces=paces)
    here = routes(readiness, Exposition(meters or Meters()))
    async with (
        opened(here, "127.0.0.1", 0, variables="none") as runner,
        aiohttp.ClientSession() as session,
    ):
        yield Port(f"http://127.0.0.1:{runner.addresses[0][1]}", session)
    readiness.close()


async def nothing_wrong() -> None:
    """A store that always answers."""


def message(key: str, since: datetime, **more: Any) -> dict[str, Any]:
    plain = {"chat_id": 7, "message": "menu/help", "context": {}, "state": "waiting", "attempts": 0, "anew": False}
    return {**plain, "parts": 0, "key": key, "bulk": False, "created_at": since, **more}


def update(number: int, since: datetime, state: str = "waiting") -> dict[str, Any]:
    plain = {"lane": 7, "raw": "{}", "attempts": 0}
    return {**plain, "update_id": number, "received_at": since, "state": state}


async def store(database: Database, row: type, *rows: Mapping[str, Any]) -> None:
    await database.write(lambda connection: connection.execute(insert(table(row)), list(rows)))
