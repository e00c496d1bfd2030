"""The demo people's telephones: they do over HTTP what a visitor does on the page, and read their screens."""

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.domain.geography import Point

PATIENCE = 20.0  # seconds until a screen that does not change is a fault
LOOKS_EVERY = 0.06  # seconds
LIVE_FOR = 3600  # seconds

Pause = Callable[[], Awaitable[None]]


class NothingHappened(Exception):  # noqa: N818 - named as what it is
    """The screen did not show in time what was waited for."""


@dataclass(frozen=True)
class Button:
    """An inline button; `choice` is what it means, whatever language it is labelled in."""

    message_id: int
    data: str
    label: str

    @property
    def choice(self) -> str:
        return self.data.split(":", 3)[-1]

    @property
    def flow(self) -> str:
        """The kind of conversation that it belongs to."""
        return self.data.split(":", 1)[0]


class Exchange:
    """The sandbox over HTTP, as scripts and the page use it. `time_passed` waits until the bot knows the new time."""

    def __init__(self, session: aiohttp.ClientSession, url: str, time_passed: Callable[[], Awaitable[None]]) -> None:
        self._session = session
        self._url = url
        self._time_passed = time_passed

    async def turn_clock(self, **turn: Any) -> None:
        """Go forward: `advance_s` seconds, or `until` a local time; what was due in between has been posted then."""
        await self.post("/clock", turn)
        await self._time_passed()

    async def post(self, path: str, body: Any) -> Any:
        """A deed; raises ClientResponseError when the sandbox refuses it."""
        async with self._session.post(f"{self._url}/sim{path}", json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def upload(self, path: str, name: str, content: bytes, fields: dict[str, str]) -> None:
        """A file with what goes beside it."""
        form = aiohttp.FormData(quote_fields=False)
        for field, value in fields.items():
            form.add_field(field, value)
        form.add_field("file", io.BytesIO(content), filename=name, content_type="image/jpeg")
        async with self._session.post(f"{self._url}/sim{path}", data=form) as answer:
            answer.raise_for_status()

    async def look(self, path: str) -> Any:
        """What there is to see."""
        async with self._session.get(f"{self._url}/sim{path}") as answer:
            answer.raise_for_status()
            return await answer.json()


Wanted = Callable[[Button], bool]


def choosing(*choices: str) -> Wanted:
    """A button with one of these choices; one that ends in "-" or "." means all that begin so."""
    return lambda button: any(
        button.choice.startswith(choice) if choice.endswith(("-", ".")) else button.choice == choice
        for choice in choices
    )


class Phone:
    """One person's phone. Each deed waits until the one before was answered, and then for `pause`, to be read."""

    def __init__(self, exchange: Exchange, person_id: int, pause: Pause) -> None:
        self.exchange = exchange
        self.id = person_id
        self._pause = pause
        self._before: dict[int, str] | None = None

    async def screen(self) -> Any:
        """The chat as the person sees it now."""
        return await self.exchange.look(f"/people/{self.id}/chat")

    async def fresh(self) -> list[dict[str, Any]]:
        """The bot's messages that came or changed since the last deed, the newest first."""
        known = self._before or {}
        said = _said_by_bot(await self.screen())
        return [message for message in reversed(said) if known.get(message["message_id"]) != _looks(message)]

    async def find(self, wanted: Wanted, *, anywhere: bool = False) -> Button | None:
        """A button of what the last deed brought, or of any message on the screen, the newest first."""
        messages = _said_by_bot(await self.screen())[::-1] if anywhere else await self.fresh()
        return next((button for message in messages for button in _buttons(message) if wanted(button)), None)

    async def until(self, holds: Callable[[], Awaitable[Any]], what: str) -> Any:
        """Wait until something holds, and return it; raises NothingHappened."""
        deadline = time.monotonic() + PATIENCE
        while not (found := await holds()):
            if time.monotonic() > deadline:
                shown = _said_by_bot(await self.screen())[-1:]
                raise NothingHappened(f"{what}; the phone shows {[message.get('text', '') for message in shown]}")
            await asyncio.sleep(LOOKS_EVERY)
        return found

    async def answered(self) -> None:
        """Wait until the bot has reacted to the last deed."""
        if self._before is not None:
            await self.until(self.fresh, "no answer came")

    # --- deeds --------------------------------------------------------------------------------

    async def says(self, text: str) -> None:
        """Type and send."""
        await self._do("send", {"text": text})

    async def presses(self, *choices: str) -> Button:
        """Wait for a fresh button with one of these choices and tap it."""
        wanted = choosing(*choices)
        button: Button = await self.until(lambda: self.find(wanted), f"there is no button {' or '.join(choices)}")
        await self.taps(button)
        return button

    async def taps(self, button: Button) -> None:
        """Tap an inline button."""
        await self._do("tap", {"message_id": button.message_id, "callback_data": button.data})

    async def taps_again(self, button: Button) -> None:
        """The same button at once: the phone still shows it, whatever the bot has made of the message meanwhile."""
        body = {"message_id": button.message_id, "callback_data": button.data, "stale": True}
        await self.exchange.post(f"/people/{self.id}/tap", body)

    async def key(self, wordings: Collection[str]) -> str | None:
        """The key below the input that says one of these."""
        keyboard = (await self.screen())["keyboard"] or {}
        texts = [key["text"] for row in keyboard.get("keyboard", ()) for key in row]
        return next((text for text in texts if text in wordings), None)

    async def uses_key(self, wordings: Collection[str], point: Point | None = None) -> None:
        """Wait for a key and press it; `point` is what a key for the location sends."""
        text = await self.until(lambda: self.key(wordings), f"there is no key {' or '.join(wordings)}")
        body: dict[str, Any] = {"text": text}
        if point is not None:
            body["location"] = {**_degrees(point), "horizontal_accuracy": 14}
        await self._do("tap", body)

    async def shares(self, point: Point, accuracy: float, *, live: bool) -> None:
        """Where he is, accurate to so many metres, once or for an hour."""
        place: dict[str, Any] = {**_degrees(point), "horizontal_accuracy": accuracy}
        if live:
            place["live_period"] = LIVE_FOR
        await self._do("send", {"location": place})

    async def sends_photo(self, picture: bytes, name: str, *, as_file: bool = False) -> None:
        """A photo, or the picture as a file."""
        await self._ready()
        await self.exchange.upload(f"/people/{self.id}/{'document' if as_file else 'photo'}", name, picture, {})

    async def sends_sticker(self, emoji: str) -> None:
        """A picture that answers nothing."""
        await self._do("send", {"sticker": emoji})

    async def watches(self) -> None:
        """Do nothing; what comes from now on is fresh."""
        self._before = {message["message_id"]: _looks(message) for message in _said_by_bot(await self.screen())}

    async def _do(self, deed: str, body: dict[str, Any]) -> None:
        await self._ready()
        await self.exchange.post(f"/people/{self.id}/{deed}", body)

    async def _ready(self) -> None:
        await self.answered()
        await self._pause()
        await self.watches()


def _said_by_bot(screen: Any) -> list[dict[str, Any]]:
    return [message for message in screen["messages"] if not message["outgoing"]]


def _buttons(message: dict[str, Any]) -> list[Button]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", ())
    inline = [button for row in rows for button in row if "callback_data" in button]
    return [Button(message["message_id"], button["callback_data"], button["text"]) for button in inline]


def _looks(message: dict[str, Any]) -> str:
    return json.dumps([message.get(part) for part in ("text", "caption", "reply_markup")])


def _degrees(point: Point) -> dict[str, float]:
    return {"latitude": point.latitude, "longitude": point.longitude}
