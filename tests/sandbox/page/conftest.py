"""A small bot, and the sandbox's page in a real Chromium to play with it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUESTION = {
    "inline_keyboard": [
        [{"text": "Yes", "callback_data": "yes"}, {"text": "Warn", "callback_data": "warn"}],
    ]
}
KEYS = {"keyboard": [[{"text": "Skip"}, {"text": "Here I am", "request_location": True}]], "resize_keyboard": True}


class EchoBot:
    """A bot that asks on /start, names what it gets, and answers taps only while `answers` is set."""

    def __init__(self, play: Any) -> None:
        self.play = play
        self.got: list[Any] = []
        self.news = asyncio.Event()
        self.answers = asyncio.Event()
        self.answers.set()

    async def run(self) -> None:
        while True:
            for update in await self.play.updates(timeout=20):
                self.got.append(update)
                self.news.set()
                await self.react(update)

    async def react(self, update: Any) -> None:
        call = self.play.call
        if query := update.get("callback_query"):
            await self.answers.wait()
            warns = query["data"] == "warn"
            await call(
                "answerCallbackQuery",
                callback_query_id=query["id"],
                text="Take care" if warns else "Noted",
                show_alert=warns,
            )
            shown = query["message"]
            await call(
                "editMessageText",
                chat_id=shown["chat"]["id"],
                message_id=shown["message_id"],
                text=f"You chose {query['data']}",
            )
        elif message := update.get("message"):
            chat_id = message["chat"]["id"]
            kind = next(name for name in ("photo", "document", "location", "voice", "text") if name in message)
            if message.get("text") == "/start":
                await call("sendMessage", chat_id=chat_id, text="Welcome", reply_markup=KEYS)
                await call("sendMessage", chat_id=chat_id, text="Shall we <begin>?", reply_markup=QUESTION)
            else:
                await call("sendMessage", chat_id=chat_id, text=f"Got {kind} {message.get('text', '')}".strip())

    async def until(self, true: Callable[[], Any]) -> None:
        """Waits for updates until something is true."""
        async with asyncio.timeout(10):
            while not true():
                self.news.clear()
                await self.news.wait()

    def messages(self, kind: str) -> list[Any]:
        """What came with a message (or its edit) of this kind."""
        found = [update.get("message") or update.get("edited_message") or {} for update in self.got]
        return [message[kind] for message in found if kind in message]

    def taps(self) -> list[str]:
        """The data of the buttons that were tapped."""
        return [update["callback_query"]["data"] for update in self.got if "callback_query" in update]

    def standings(self) -> list[str]:
        """What the bot became in chats: kicked where it was blocked, member where it is welcome again."""
        changes = [update["my_chat_member"] for update in self.got if "my_chat_member" in update]
        return [change["new_chat_member"]["status"] for change in changes]


@pytest.fixture
async def bot(play: Any) -> AsyncIterator[EchoBot]:
    await play.call("setMyName", name="Parrot")
    await play.call("setMyDescription", description="I repeat what I hear.")
    await play.call("setMyCommands", commands=[{"command": "ask", "description": "Ask again"}])
    for name in ("Lin", "Dan", "Eve"):
        await play.person(name, start=False)
    echo = EchoBot(play)
    task = asyncio.create_task(echo.run())
    yield echo
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def open_page(play: Any, bot: EchoBot) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens the page at a size; a script error on it fails the test."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    faults: list[str] = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        async def opened(query: str = "?lang=en", width: int = 1600, height: int = 950) -> Page:
            page = await browser.new_page(viewport={"width": width, "height": height})
            page.on("pageerror", lambda error: faults.append(str(error)))
            await page.goto(f"{play.url}/{query}")
            return page

        yield opened
        await browser.close()
    assert faults == []


@pytest.fixture
def started() -> Callable[..., Awaitable[Locator]]:
    """Presses START on a phone; gives the phone when the bot has asked its question."""

    async def press(page: Page, index: int = 0) -> Locator:
        phone = page.get_by_test_id(f"phone-{index}")
        await phone.get_by_test_id("start").click()
        await expect(phone.get_by_test_id("message-in")).to_have_count(2)
        return phone

    return press
