"""People who drive whole visits over the sandbox's HTTP, patient with a bot that dies under their hands."""

import asyncio
import io
import json
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATIENCE = 90.0  # seconds that a person waits for the next question
LOOK_EVERY = 2.0  # seconds, even if nothing was heard of a change
SCREEN = 24  # messages that fit on it
BY_WHEN = "by Friday"


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


@dataclass
class Told:
    """What a person told about one visit: the bot must have it exactly so, once."""

    customer: str
    type: str
    needs: str = ""
    value: str = ""
    stock: float = 0
    words: str = ""
    promise: str = ""
    photos: int = 0


@dataclass
class Rep:
    """Somebody with a telephone, who answers only what he is asked."""

    session: aiohttp.ClientSession
    url: str
    id: int
    number: int
    customers: list[tuple[str, float, float]]
    picture: bytes
    changes: Changes
    told: list[Told] = field(default_factory=list)

    async def visit_until(self, over: asyncio.Event) -> None:
        """Visit one customer after the other, until it is over; a visit that is begun is finished."""
        for turn, (customer, latitude, longitude) in enumerate(self.customers):
            if over.is_set() and turn > 0:
                return
            await self._visit(turn, customer, {"latitude": latitude, "longitude": longitude, "horizontal_accuracy": 12})

    async def _visit(self, turn: int, customer: str, place: dict[str, float]) -> None:
        store_check = self.number % 2 == 1
        visit = Told(customer, "store_check" if store_check else "customer_visit")
        await self._say("/visit", "What is this visit for?")
        if store_check and not await self._sees("Store check – change"):
            await self._press("– change", "Store check – change")
        await self._press("Relationship", "Where are you?")
        await self._send({"location": place}, "Which customer are you at?")
        await self._press(customer, "[Yes]" if store_check else "[Decides]")
        name = f"case{self.number}x{turn}"  # a plain 3-1 would be read as a date
        await (self._check_store(visit, turn) if store_check else self._talk(visit, name))
        await self._send({"location": place}, "Relationship: is there news")
        await self._press("Partly", "What did the customer say?")
        visit.words = f"words of {name}"
        await self._say(visit.words, "What is the next step")
        visit.promise = f"send sample {name}"
        await self._say(f"{visit.promise} {BY_WHEN}", "Is that right?")
        await self._press("✓ Yes", "Is everything right?")
        await self._press("Send", "Done! Visit #")
        self.told.append(visit)

    async def _talk(self, visit: Told, name: str) -> None:
        await self._press("Decides", "In his words, one sentence")
        visit.needs = f"needs of {name}"
        await self._say(visit.needs, "Product, case or figure")
        visit.value = f"value of {name}"
        await self._say(visit.value, "Price, timing, a competitor")
        await self._press("Skip", "[Yes]")
        await self._press("Yes", "Ask before you take")
        await self._press("Skip", "is complete")

    async def _check_store(self, visit: Told, turn: int) -> None:
        await self._press("Yes", "straight from the front")
        await self._photo("Shelf and back room together")
        visit.photos = 1
        visit.stock = float(100 * self.number + turn)
        await self._say(f"{visit.stock:g}", "The closest rival's price")
        await self._press("Skip", "[As agreed]")
        await self._press("As agreed", "Skip if nothing is needed")
        await self._press("Skip", "is complete")

    async def _say(self, words: str, until: str) -> None:
        await self._send({"text": words}, until)

    async def _send(self, body: dict[str, Any], until: str) -> None:
        before = await self._screen()
        await self._do("send", body)
        await self._wait(until, before)

    async def _photo(self, until: str) -> None:
        before = await self._screen()
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(self.picture), filename="shelf.jpg", content_type="image/jpeg")
        async with self.session.post(f"{self.url}/sim/people/{self.id}/photo", data=form) as response:
            assert response.status == 200, await response.text()
        await self._wait(until, before)

    async def _press(self, label: str, until: str) -> None:
        before = await self._screen()
        message_id, data = await self._button(label)
        await self._do("tap", {"message_id": message_id, "callback_data": data})
        await self._wait(until, before)

    async def _button(self, label: str) -> tuple[int, str]:
        for message in reversed(await self._messages()):
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        return message["message_id"], button["callback_data"]
        raise AssertionError(f"rep {self.number} sees no button {label!r}: {await self._told_so_far()}")

    async def _sees(self, words: str) -> bool:
        return any(words in text for text in (await self._screen()).values())

    async def _wait(self, words: str, before: dict[int, str]) -> None:
        """Until the words stand in a message that is new, or was changed, since `before`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.changes.forget(self.id)
            now = await self._screen()
            if any(words in text and before.get(message_id) != text for message_id, text in now.items()):
                return
            await self.changes.wait(self.id)
        raise AssertionError(f"rep {self.number} waited in vain for {words!r}: {await self._told_so_far()}")

    async def _screen(self) -> dict[int, str]:
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
