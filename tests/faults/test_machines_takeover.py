"""Whole processes on one PostgreSQL and one Telegram: one polls, one sends, one ticks, and another takes over."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import create_engine, text

from bot import serving
from bot.app import Rounds, running
from bot.roles import EVERY_ROLE, Role, roles_of
from bot.sandbox.server import Sandbox
from bot.settings import Settings, WrongSettings
from bot.telegram.budget import Budget
from bot.telegram.polling import Polling

TOKEN = "717171:" + "M" * 35
OFFICE = frozenset({Role.INTAKE, Role.SENDER, Role.TICKER})


class Harbour:
    """The sandbox with one person, and as many processes as a test starts."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, settings: Settings) -> None:
        self.sandbox = sandbox
        self.session = session
        self.settings = settings
        self.person = 0

    @asynccontextmanager
    async def process(self, roles: frozenset[Role]) -> AsyncIterator[Rounds]:
        """A process with these roles, until the end of the block."""
        budget = Budget(time.monotonic, per_second=10_000, chat_burst=10_000)
        at_work = running(self.settings, clock=self.sandbox.clock.now, tick_every=0.1, budget=budget, roles=roles)
        async with at_work as rounds:
            await serving.prepare(rounds)
            polling = Polling(rounds.bot, rounds.intake, wait=1)
            way_in = asyncio.create_task(rounds.leads.polling.during(polling.run))
            try:
                yield rounds
            finally:
                way_in.cancel()
                await asyncio.gather(way_in, return_exceptions=True)

    async def writes(self, words: str) -> None:
        """The person sends something, and waits for one answer."""
        before = await self.shown()
        await self._post(f"people/{self.person}/send", {"text": words})
        await until_async(self._more_than(before))

    async def shown(self) -> int:
        """How much he was shown."""
        async with self.session.get(f"{self._api}/sim/ledger") as response:
            ledger = await response.json()
        return sum(row["what"] == "shown" and row.get("person_id") == self.person for row in ledger)

    async def arrive(self) -> None:
        """Somebody who knows the bot's address."""
        bot = self.settings.token()
        await (await self.session.get(f"{self._api}/bot{bot}/getMe")).read()
        self.person = (await self._post("people", {"first_name": "Wang", "language_code": "en"}))["id"]

    @property
    def _api(self) -> str:
        return self.settings.telegram_api_url

    def _more_than(self, before: int) -> Callable[[], Any]:
        async def more() -> bool:
            return await self.shown() > before

        return more

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with self.session.post(f"{self._api}/sim/{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def until_async(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not await true():
            await asyncio.sleep(0.02)


def cut_off(url: str, process: Rounds) -> None:
    """The server hangs up on a process's standing connection, as when the network breaks."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": process.presence.session})  # type: ignore[union-attr]
    engine.dispose()


@pytest.fixture
async def harbour(postgres_url: str, tmp_path: Path) -> AsyncIterator[Harbour]:
    async with AsyncExitStack() as stack:
        sandbox = Sandbox()
        port = await sandbox.start("127.0.0.1", 0)
        stack.push_async_callback(sandbox.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        settings = Settings(
            _env_file=None,
            bot_token=TOKEN,
            telegram_api_url=f"http://127.0.0.1:{port}",
            database_url=postgres_url,
            data_dir=tmp_path,
            admin_ids=frozenset({1}),
        )
        opened = Harbour(sandbox, session, settings)
        await opened.arrive()
        yield opened


async def test_of_two_offices_one_polls_sends_and_ticks_and_the_other_takes_over(harbour: Harbour) -> None:
    async with harbour.process(frozenset({Role.WORKER})), harbour.process(OFFICE) as second:
        async with harbour.process(OFFICE) as first:
            await until(lambda: first.leads.polling.is_held or second.leads.polling.is_held)
            for one, other in zip(vars(first.leads).values(), vars(second.leads).values(), strict=True):
                await until(lambda one=one, other=other: one.is_held or other.is_held)  # type: ignore[misc]
                assert one.is_held != other.is_held
            await harbour.writes("hello")
        await until(lambda: all(each.is_held for each in vars(second.leads).values()))
        await harbour.writes("are you still there?")
    assert await harbour.shown() == 2


async def test_who_is_cut_off_leads_no_more_and_nobody_is_answered_twice(harbour: Harbour, postgres_url: str) -> None:
    async with (
        harbour.process(frozenset({Role.WORKER})),
        harbour.process(OFFICE) as first,
        harbour.process(OFFICE) as second,
    ):
        offices = [first, second]
        for times in range(1, 4):
            await until(lambda: any(office.leads.sending.is_held for office in offices))
            leader = next(office for office in offices if office.leads.sending.is_held)
            await asyncio.to_thread(cut_off, postgres_url, leader)
            await harbour.writes(f"number {times}")
            assert sum(office.leads.sending.is_held for office in offices) <= 1
    assert await harbour.shown() == 3


async def test_processes_that_start_together_found_the_company_once(harbour: Harbour) -> None:
    async with AsyncExitStack() as stack:
        starting = [stack.enter_async_context(harbour.process(OFFICE)) for _ in range(3)]
        one, *_ = await asyncio.gather(*starting)
        for what, where in (("path", "team"), ("type", "sop_version")):
            counting = text(f"SELECT count(*) AS every, count(DISTINCT {what}) AS different FROM {where}")
            found = await one.database.read(lambda c, counting=counting: c.execute(counting).one())  # type: ignore[misc]
            assert found.every == found.different > 0


async def test_a_part_of_the_work_needs_postgresql(harbour: Harbour, tmp_path: Path) -> None:
    alone = harbour.settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/rounds.db"})
    with pytest.raises(WrongSettings, match="PostgreSQL"):
        await serving.serve(alone, roles=frozenset({Role.WORKER}))


def test_roles_are_named_one_by_one_or_with_commas() -> None:
    assert roles_of(["intake,sender", "ticker"]) == OFFICE
    assert roles_of([]) == EVERY_ROLE
    with pytest.raises(ValueError, match="captain"):
        roles_of(["captain"])
