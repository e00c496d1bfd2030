"""Tells people that what they sent is not saved yet: beside the outbox, which cannot be written then either."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.rendering import Renderer, language_for
from storage import people
from storage.database import Database, DatabaseAway

log = logging.getLogger(__name__)

TELL_AFTER = 5.0  # seconds; what is shorter is over before anybody wonders
AGAIN_AFTER = 600.0  # seconds; a store that comes and goes is one outage to who waits for it
PAUSE = 0.1  # seconds between two messages: all are told, and Telegram's ceiling stays far away
LANGUAGE_WITHIN = 1.0  # seconds; a full disk can be read, a server that is away cannot


class Unsaved:
    """Knows who waits for the database; `clock` in seconds that only grow, `now` for the templates."""

    def __init__(
        self,
        bot: ExtBot[None],
        renderer: Renderer,
        database: Database,
        time_zone: str,
        now: Callable[[], datetime],
        *,
        tell_after: float = TELL_AFTER,
    ) -> None:
        self._bot = bot
        self._renderer = renderer
        self._database = database
        self._time_zone = time_zone
        self._now = now
        self._tell_after = tell_after
        self._waiting: dict[int, tuple[float, str | None]] = {}  # chat → since when, and Telegram's language
        self._told: dict[int, float] = {}
        self._telling: asyncio.Task[None] | None = None

    def waits(self, chat_id: int, raw: dict[str, Any]) -> None:
        """An update of this chat could not be saved just now; it is tried again."""
        act = raw.get("message") or raw.get("callback_query")
        if chat_id <= 0 or not isinstance(act, dict):
            return  # a group, or nothing that somebody waits to see answered
        code = (act.get("from") or {}).get("language_code")
        self._waiting.setdefault(chat_id, (asyncio.get_running_loop().time(), code))
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_all(), name="unsaved")

    def saved(self, chat_id: int) -> None:
        """An update of this chat was saved."""
        if self._waiting:
            self._waiting.pop(chat_id, None)

    async def stop(self) -> None:
        """Say nothing more."""
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)

    async def _tell_all(self) -> None:
        """Each once, as soon as he has waited long enough; ends when nobody waits any more."""
        clock = asyncio.get_running_loop().time
        while self._waiting:
            for chat_id, (since, code) in list(self._waiting.items()):
                told_at = self._told.get(chat_id)
                if chat_id not in self._waiting or clock() - since < self._tell_after:
                    continue
                if told_at is None or clock() - told_at > AGAIN_AFTER:
                    self._told[chat_id] = clock()
                    await self._tell(chat_id, code)
            await asyncio.sleep(PAUSE)
        self._told = {chat: at for chat, at in self._told.items() if clock() - at <= AGAIN_AFTER}

    async def _tell(self, chat_id: int, code: str | None) -> None:
        language = await self._language_of(chat_id) or language_for(code)
        text = self._renderer.render(
            "conversation/not_saved", {}, language=language, zone=self._time_zone, now=self._now()
        ).text
        try:
            await self._bot.send_message(chat_id, text, parse_mode="HTML")
        except TelegramError as error:
            log.info("chat %d was not told that it has to wait: %s", chat_id, type(error).__name__)
        await asyncio.sleep(PAUSE)

    async def _language_of(self, chat_id: int) -> str | None:
        try:
            async with asyncio.timeout(LANGUAGE_WITHIN):
                person = await self._database.read(partial(people.find_by_telegram, telegram_id=chat_id))
        except (DatabaseAway, TimeoutError):
            return None
        return person.language if person is not None else None
