"""Somebody's telephone over the sandbox's HTTP, in the hands of a person who is patient with a bot that dies."""

import asyncio
import io
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

PATIENCE = 120.0  # seconds that a person waits for the next question
LOOK_EVERY = 2.0  # seconds, even if nothing was heard of a change
SCREEN = 24  # messages that fit on it


class Changes:
    """Tells who looks at a chat when it has changed: fifty people who only looked would keep the machine busy."""

    def __init__(self) -> None:
        self._changed: dict[int, asyncio.Event] = defaultdict(asyncio.Event)

    async def listen(self, session: aiohttp.ClientSession, url: str) -> None:
        """Until cancelled."""
        async with session.get(f"{url}/sim/events", timeout=aiohttp.ClientTimeout(total=None)) as events:
            async for line in events.content:
                if line.startswith(b"data: "):
                    self._changed[json.loads(line[6:])["person_id"]].set()

    def forget(self, person_id: int) -> None:
        """What is heard from now on counts."""
        self._changed[person_id].clear()

    async def wait(self, person_id: int) -> None:
        """Until the chat changes, or for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await self._changed[person_id].wait()


@asynccontextmanager
async def heard(session: aiohttp.ClientSession, url: str) -> AsyncIterator[Changes]:
    """Changes that are being listened to."""
    changes = Changes()
    listening = asyncio.create_task(changes.listen(session, url))
    try:
        yield changes
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


@dataclass
class Telephone:
    """Each deed waits until the bot's answer stands on the screen; nothing is done a second time."""

    session: aiohttp.ClientSession
    url: str
    id: int
    name: str
    changes: Changes

    async def says(self, words: str, until: str) -> None:
        """Type and send."""
        await self.sends({"text": words}, until)

    async def sends(self, body: dict[str, Any], until: str) -> None:
        """Any message, as the sandbox takes it."""
        before = await self.screen()
        await self._do("send", body)
        await self.wait(until, before)

    async def photographs(self, picture: bytes, until: str) -> None:
        """Send a photo."""
        before = await self.screen()
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(picture), filename="shelf.jpg", content_type="image/jpeg")
        async with self.session.post(f"{self.url}/sim/people/{self.id}/photo", data=form) as response:
            assert response.status == 200, await response.text()
        await self.wait(until, before)

    async def presses(self, label: str, until: str) -> None:
        """Tap the newest button that has these words."""
        before = await self.screen()
        message_id, data = await self._button(label)
        await self._do("tap", {"message_id": message_id, "callback_data": data})
        await self.wait(until, before)

    async def _button(self, label: str) -> tuple[int, str]:
        """The newest that has these words; its message may be edited yet."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.changes.forget(self.id)
            for message in reversed(await self._messages()):
                for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                    for button in row:
                        if label in button["text"]:
                            return message["message_id"], button["callback_data"]
            await self.changes.wait(self.id)
        raise AssertionError(f"{self.name} sees no button {label!r}: {await self._told_so_far()}")

    async def sees(self, words: str) -> bool:
        """Whether the screen has these words."""
        return any(words in text for text in (await self.screen()).values())

    async def wait(self, words: str, before: dict[int, str]) -> None:
        """Until the words stand in a message that is new, or was changed, since `before`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.changes.forget(self.id)
            now = await self.screen()
            if any(words in text and before.get(message_id) != text for message_id, text in now.items()):
                return
            await self.changes.wait(self.id)
        raise AssertionError(f"{self.name} waited in vain for {words!r}: {await self._told_so_far()}")

    async def screen(self) -> dict[int, str]:
        """What the bot's messages say, with their buttons in brackets."""
        screen = {}
        for message in await self._messages():
            if not message["outgoing"]:
                rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
                buttons = " ".join(f"[{button['text']}]" for row in rows for button in row)
                screen[message["message_id"]] = f"{message.get('text') or message.get('caption') or ''}\n{buttons}"
        return screen

    async def _told_so_far(self) -> list[str]:
        return [message.get("text") or message.get("caption") or "…" for message in (await self._messages())[-6:]]

    async def _messages(self) -> list[dict[str, Any]]:
        async with self.session.get(f"{self.url}/sim/people/{self.id}/chat?limit={SCREEN}") as response:
            assert response.status == 200, await response.text()
            return list((await response.json())["messages"])

    async def _do(self, deed: str, body: dict[str, Any]) -> None:
        async with self.session.post(f"{self.url}/sim/people/{self.id}/{deed}", json=body) as response:
            assert response.status == 200, (deed, body, await response.text())
