"""Kills aimed at the time in which Telegram holds a call: it carries the call out, but nobody hears of it any more.

After the restart prompts and edits go again, a digest once more, the answer to a tap never. `slow` calls are carried
out after the next life has begun, those whose answer is lost (`timeout_after`) at once.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from faults.machine import Machine, machine
from faults.newcomers import a_digest_is_due, a_manager, a_rep, handed_a_telephone
from faults.storm_judge import OUTBOX, Judge
from faults.telephone import Telephone, heard
from sqlalchemy import select

from storage.database import Database

pytestmark = [pytest.mark.storm, pytest.mark.long]

TICK = 0.2  # seconds
SLOW = 1.5  # seconds: time to die, and for the next life to begin
PATIENCE = 30
SETTLED_AFTER = 5  # ticks in which nothing more is said


class Line:
    """The bot, one person's telephone, and what Telegram does with the calls between them."""

    def __init__(self, opened: Machine, judge: Judge, phone: Telephone) -> None:
        self.opened = opened
        self.judge = judge
        self.phone = phone

    async def kill_in(self, method: str, kind: str, deed: Awaitable[Any]) -> None:
        """Do the deed, kill the bot while Telegram holds the call that comes of it, and start it again."""
        fault = {"method": method, "kind": kind, "seconds": SLOW if kind == "slow" else PATIENCE}
        async with self.phone.session.post(f"{self.opened.url}/sim/faults", json=fault) as response:
            assert response.status == 200
        await deed
        await self.until(self.is_held(method))
        await self.opened.kill_bot()
        await self.judge.note_kill()
        await self.start()

    async def start(self) -> None:
        await self.opened.start_bot(tick_every=TICK, chat_burst=10_000)

    async def ledger(self, what: str) -> list[dict[str, Any]]:
        """All of one kind of deed."""
        async with self.phone.session.get(f"{self.opened.url}/sim/ledger") as response:
            return [row for row in await response.json() if row["what"] == what]

    async def shown(self) -> Counter[str]:
        """How often each text was shown to the person as a message of its own."""
        return Counter(row["text"] for row in await self.ledger("shown") if row.get("person_id") == self.phone.id)

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await true():
                await asyncio.sleep(0.02)

    async def until_settled(self) -> None:
        """Nothing is left to say, not even after some ticks and what was slow."""
        await asyncio.sleep(SLOW + SETTLED_AFTER * TICK)
        await self.until(self.judge.is_quiet)

    def is_held(self, method: str) -> Callable[[], Awaitable[bool]]:
        """Whether Telegram holds such a call, or has held it."""

        async def is_held() -> bool:
            return any(row["method"].lower() == method.lower() for row in await self.ledger("fault"))

        return is_held

    async def sends(self, words: str) -> None:
        """Send without waiting for an answer."""
        await self._deed("send", {"text": words})

    async def taps(self, label: str) -> None:
        """Tap without waiting for an answer."""
        messages = await self._messages()
        found = [
            (message["message_id"], button["callback_data"])
            for message in messages
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", [])
            for button in row
            if label in button["text"]
        ]
        await self._deed("tap", dict(zip(("message_id", "callback_data"), found[-1], strict=True)))

    async def _messages(self) -> list[dict[str, Any]]:
        async with self.phone.session.get(f"{self.opened.url}/sim/people/{self.phone.id}/chat") as response:
            return list((await response.json())["messages"])

    async def _deed(self, deed: str, body: dict[str, Any]) -> None:
        url = f"{self.opened.url}/sim/people/{self.phone.id}/{deed}"
        async with self.phone.session.post(url, json=body) as response:
            assert response.status == 200, await response.text()


@asynccontextmanager
async def on_the_line(database_url: str, database: Database) -> AsyncIterator[Line]:
    async with (
        aiohttp.ClientSession() as session,
        machine(database_url, session) as opened,
        heard(session, opened.url) as changes,
    ):
        phone = await handed_a_telephone(session, opened.url, changes, "Emma")
        line = Line(opened, Judge(database, session, opened.url), phone)
        await line.start()
        yield line
        assert await line.judge.stuck() == []


@pytest.fixture(params=["slow", "timeout_after"])
def kind(request: pytest.FixtureRequest) -> str:
    """What Telegram does with the call."""
    return str(request.param)


async def test_a_question_is_asked_again_and_either_one_can_be_answered(
    database_url: str, database: Database, kind: str
) -> None:
    async with on_the_line(database_url, database) as line:
        await a_rep(database, line.phone)
        await line.kill_in("sendMessage", kind, line.sends("/visit"))
        await line.until_settled()
        assert list((await line.shown()).values()) == [2]
        assert await line.judge.repeats(line.phone.id) == line.judge.uncertain[line.phone.id] == 1
        await line.phone.presses("Relationship", "Where are you?")


async def test_an_edit_goes_again_and_nobody_sees_it(database_url: str, database: Database, kind: str) -> None:
    async with on_the_line(database_url, database) as line:
        await a_rep(database, line.phone)
        await line.phone.says("/visit", "What is this visit for?")
        before = await line.shown()
        await line.kill_in("editMessageText", kind, line.taps("– change"))
        await line.until_settled()
        assert await line.shown() == before
        assert line.judge.uncertain[line.phone.id] == 1
        await line.phone.presses("Store check", "Store check – change")
        await line.phone.presses("Relationship", "Where are you?")


async def test_a_digest_comes_once_more_and_no_tick_tells_it_a_third_time(
    database_url: str, database: Database, kind: str
) -> None:
    async with on_the_line(database_url, database) as line:
        await a_manager(database, line.phone, ["Wang", "Li"])
        await line.phone.says("/menu", "")
        await line.kill_in("sendMessage", kind, a_digest_is_due(database, line.phone))
        await line.until_settled()
        await line.opened.kill_bot()
        await line.start()
        await line.until_settled()
        assert [times for text, times in (await line.shown()).items() if "Digest" in text] == [2]
        states = select(OUTBOX.c.state).where(OUTBOX.c.message == "digest/digest")
        assert await database.read(lambda c: list(c.execute(states).scalars())) == ["sent"]


async def test_a_tap_that_had_its_effect_is_not_answered_again(
    database_url: str, database: Database, kind: str
) -> None:
    async with on_the_line(database_url, database) as line:
        await a_rep(database, line.phone)
        await line.phone.says("/visit", "What is this visit for?")
        await line.kill_in("answerCallbackQuery", kind, line.phone.presses("– change", "Which type of visit is it?"))
        await line.until_settled()
        await line.phone.says("/followups", "")  # whatever was to be taken up is behind us
        assert len(await line.ledger("answered")) == 1
        assert len(await line.ledger("tapped")) == 1


async def test_what_telegram_handed_to_a_dead_process_is_fetched_again_and_answered_once(
    database_url: str, database: Database, kind: str
) -> None:
    async with on_the_line(database_url, database) as line:
        await a_rep(database, line.phone)

        async def twice() -> None:
            await line.phone.says("/followups", "")  # the poll that is open ends with it, and the next one is struck
            await line.until(line.is_held("getUpdates"))
            await line.until(line.judge.is_quiet)
            await line.sends("/visit")

        await line.kill_in("getUpdates", kind, twice())
        await line.phone.wait("What is this visit for?", {})
        await line.until_settled()
        assert sum((await line.shown()).values()) == 2
        assert await line.judge.repeats(line.phone.id) == 0
